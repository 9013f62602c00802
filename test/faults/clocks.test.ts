/** A clock that is set, forth or back, while it is looked at. Whole processes under such a clock: test/faults/real/clocks.test.ts. */
import { expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import { JournalRelease } from "../../src/daemon/journal-release.ts";
import { SteadyClock } from "../../src/daemon/steady-clock.ts";
import { HostPoller } from "../../src/ingest/host-poller.ts";
import { SILENT } from "../../src/logger.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { Topology } from "../../src/topology/topology.ts";
import { topologyRules } from "../../src/topology/topology-rules.ts";
import { health, listener, NOON, out, report, rules } from "../support/builders.ts";
import { eventually } from "../support/process.ts";

const HOUR = 3_600;
const DAY = 86_400;

const web = (at: number) =>
  report("web01", "10.0.0.11", {
    seenAt: at,
    listeners: [listener("nginx", 80)],
    connections: [out("nginx", "10.0.0.21", 3306, 1, at)],
  });

const certainty = (topology: Topology) =>
  [...topology.edgesFrom("web01")].find(({ from }) => from === "web01/nginx")?.certainty;

/** Two clocks: what is shown, and what nobody can set. */
function clocks() {
  const at = { wall: NOON, monotonic: 0 };
  const clock = new SteadyClock({ now: () => at.wall, monotonic: () => at.monotonic * 1_000 });
  const pass = (seconds: number) => {
    at.wall += seconds;
    at.monotonic += seconds;
  };
  return { at, clock, pass };
}

it("H24 nothing is forgotten for good until the clock has gone evenly for an hour; then what has expired is", () => {
  const { at, clock, pass } = clocks();
  const settings = { ...DEFAULT_SETTINGS, expire: { services: 1, connections: 1, nagiosAlerts: 0 } };
  const topology = new Topology(topologyRules(rules(settings)));
  const turn = () => topology.settle(at.wall, clock.isTrusted());
  topology.report(web(NOON));
  turn();
  pass(2 * HOUR);
  turn();
  at.wall += 30 * DAY;
  turn();
  expect(topology.agentOf("web01")).toBe("stale");
  at.wall -= 30 * DAY;
  pass(2);
  turn();
  topology.report(web(at.wall));
  turn();
  expect([topology.rowsOf("web01"), topology.agentOf("web01"), certainty(topology)]).toEqual([2, "fresh", "one"]);
  at.wall += 30 * DAY;
  turn();
  pass(HOUR - 1);
  turn();
  expect(topology.rowsOf("web01")).toBe(2);
  pass(2);
  turn();
  expect(topology.rowsOf("web01")).toBe(0);
});

it("H24 a clock that is put right little by little is trusted all the time", () => {
  const { at, clock, pass } = clocks();
  const trusted: boolean[] = [];
  for (let minute = 0; minute <= 90; minute += 1) {
    trusted.push(clock.isTrusted());
    pass(60);
    at.wall += 20;
  }
  expect([trusted.indexOf(true), trusted.lastIndexOf(false)]).toEqual([60, 59]);
});

it("H25 who falls silent is stale in time, and what is gone grows old, though they were last seen by a clock that was ahead", () => {
  const topology = new Topology(topologyRules(rules()));
  topology.report(web(NOON + DAY));
  topology.settle(NOON + DAY);
  topology.settle(NOON);
  expect([topology.agentOf("web01"), certainty(topology)]).toEqual(["fresh", "one"]);
  topology.settle(NOON + 181);
  expect(topology.agentOf("web01")).toBe("stale");
  topology.settle(NOON + 301);
  expect(certainty(topology)).toBe("remembered");
});

it("H25 the same holds for what an earlier daemon wrote down before the clock was set back", () => {
  const ahead = new Engine(rules());
  ahead.report(web(NOON + DAY));
  const { edges, listeners } = ahead.everything(NOON + DAY);
  const remembered = [...(edges.get("web01")?.values() ?? [])].flatMap((edge) => edge ?? []);
  const listening = [...(listeners.get("web01") ?? [])].flatMap(([port, value]) =>
    value === null ? [] : [[port, value] as const],
  );
  expect([remembered.length, listening.length]).toEqual([1, 1]);
  const engine = new Engine(rules());
  engine.restore("web01", remembered, listening);
  const records = engine.everything(NOON).edges.get("web01") ?? new Map();
  for (const record of records.values()) {
    expect(record).toMatchObject({ firstSeen: NOON, lastSeen: NOON, rhythm: { run: NOON } });
  }
  expect(records.size).toBe(1);
});

it("H25 a source that falls silent is stale in time, though it was last heard by a clock that was ahead", () => {
  const engine = new Engine(rules());
  engine.observe(health("nagios", NOON + DAY));
  engine.settle(NOON + DAY);
  engine.settle(NOON);
  const alarmsAt = (now: number) => [...engine.everything(now).alarms.values()].flat().map((alarm) => alarm?.kind);
  expect(alarmsAt(NOON + 50)).toEqual([]);
  expect(alarmsAt(NOON + 62)).toEqual(["source-stale"]);
});

it("H25 hosts are asked for their reports as often as before, and the journal is emptied as soon", async () => {
  let now = NOON + DAY;
  let asked = 0;
  const ask = async () => {
    asked += 1;
  };
  const polling = new HostPoller({
    ...{ hosts: [{ host: "db01", ask }], parameters: () => ({ interval: 60, parallel: 1 }) },
    ...{ failed: () => undefined, log: SILENT, now: () => now },
  });
  polling.start();
  now = NOON;
  await eventually("it is asked again", async () => (asked >= 2 ? true : undefined), 20_000, 10);
  await polling.stop();
  const released: number[] = [];
  const release = new JournalRelease({ release: async (position) => void released.push(position) }, () => now);
  now = NOON + DAY;
  release.hold(7);
  now = NOON;
  await release.release();
  expect(released).toEqual([7]);
});
