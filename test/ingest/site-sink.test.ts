import { expect, it } from "vitest";
import { siteSink } from "../../src/ingest/site-sink.ts";
import type { SourceObservation } from "../../src/model/monitoring.ts";
import { identifyHost } from "../../src/states/identify-host.ts";
import { health, monitored, objects, states, status } from "../support/builders.ts";

it("tells every host of a site under the site's name", () => {
  const told: SourceObservation[] = [];
  const sink = siteSink("munich", (observation) => told.push(observation));
  sink({ ...states([status("web", null), status("web", "HTTP")]), gone: [{ host: "old", check: null }] });
  sink(objects([monitored("web", "10.0.0.1", { parents: ["gw"] })]));
  sink(health());
  expect(told).toMatchObject([
    { statuses: [{ host: "munich!web" }, { host: "munich!web", check: "HTTP" }], gone: [{ host: "munich!old" }] },
    { hosts: [{ host: "munich!web", parents: ["munich!gw"] }] },
    { kind: "health" },
  ]);
});

it("changes nothing where there is no site", () => {
  const told: SourceObservation[] = [];
  const said = states([status("web", null)]);
  siteSink(null, (observation) => told.push(observation))(said);
  expect(told).toEqual([said]);
});

it("finds the host of an agent at its site, unless two sites have one of that name", () => {
  const [here, there] = [monitored("munich!web", "10.1.0.1"), monitored("berlin!web", "10.2.0.1")];
  const known = (...hosts: (typeof here)[]) => ({
    aliases: new Map<string, string>(),
    monitored: new Map(hosts.map((host) => [host.host, host])),
  });
  expect(identifyHost("web", [], known(here))).toBe("munich!web");
  expect(identifyHost("web.example.net", [], known(here))).toBe("munich!web");
  expect(identifyHost("web", [], known(here, there))).toBe("web");
  expect(identifyHost("web", ["10.2.0.1"], known(here, there))).toBe("berlin!web");
});
