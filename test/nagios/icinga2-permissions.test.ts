import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PERMISSIONS, readGreeting } from "../../nagios/icinga2-permissions.ts";

describe("permissions of an API user", () => {
  it("are read from what the API says of itself, with wildcards, without case, filtered or not", () => {
    // What Icinga 2.13.6 answers to GET /v1 for a user with a filter on hosts.
    const result = JSON.parse(
      '{"info":"More information…","permissions":["objects/query/Host (filtered)","objects/query/S*","EVENTS/*"],"user":"filt","version":"r2.13.6-1"}',
    );
    expect(readGreeting(result)).toEqual({
      user: "filt",
      version: "r2.13.6-1",
      missing: [
        ...["objects/query/Dependency", "objects/query/TimePeriod", "objects/query/Comment", "objects/query/Downtime"],
      ],
    });
    expect(readGreeting({ permissions: ["*"] }).missing).toEqual([]);
    expect(readGreeting({ permissions: [] }).missing).toEqual(PERMISSIONS);
    expect(readGreeting({ permissions: ["(", "objects/query/Hos", "objects.query.Host"] }).missing).toEqual(
      PERMISSIONS,
    );
  });

  it("are not doubted where the API does not list them", () => {
    expect(readGreeting({}).missing).toEqual([]);
  });

  it("stand in the page about Icinga, each of them", () => {
    const page = readFileSync(new URL("../../docs/icinga.md", import.meta.url), "utf8");
    for (const permission of PERMISSIONS) {
      expect(page).toContain(`"${permission}"`);
    }
  });
});
