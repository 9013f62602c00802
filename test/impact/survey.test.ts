import { describe, expect, it } from "vitest";
import { surveySite } from "../../src/impact/survey.ts";
import { inOneGo } from "../../src/model/pieces.ts";
import { siteGraphs } from "../support/picture.ts";

/** Two web hosts behind one application, which alone knows both databases; a backup that nobody needs. */
const SHOP = siteGraphs({
  hosts: {
    web01: { services: ["80 nginx"] },
    web02: { services: ["80 nginx"] },
    app01: { services: ["8080 java"] },
    db01: { services: ["3306 mysqld"] },
    db02: { services: ["3306 mysqld"] },
    backup01: { services: ["873 rsync"] },
  },
  needs: [
    ["web01/nginx", "app01:8080"],
    ["web02/nginx", "app01:8080"],
    ["app01/java", "db01:3306"],
    ["app01/java", "db02:3306"],
    ["web01/nginx", "Internet:443"],
    ["backup01/rsync", "Internet:443"],
  ],
  states: { "app01:8080": { state: "OK", checks: ["Tomcat"] } },
});

describe("the survey of a site", () => {
  it("names what everything hangs on, a process and its services as one", () => {
    expect(inOneGo(surveySite(SHOP)).singlePoints).toEqual([
      { id: "app01:8080", host: "app01", process: "java", dependents: 2, cutsOff: 3 },
    ]);
  });

  it("ranks services nobody watches by how many others need them, and leaves out what nobody needs", () => {
    const { unmonitored } = inOneGo(surveySite(SHOP));
    expect(unmonitored).toEqual([
      { id: "db01:3306", host: "db01", process: "mysqld", dependents: 3 },
      { id: "db02:3306", host: "db02", process: "mysqld", dependents: 3 },
    ]);
    // As `dotm report -o json` prints them.
    expect(Object.keys(unmonitored[0] ?? {})).toEqual(["id", "host", "process", "dependents"]);
  });

  it("finds nothing in an empty site", () => {
    expect(inOneGo(surveySite(new Map()))).toEqual({ singlePoints: [], unmonitored: [] });
  });
});
