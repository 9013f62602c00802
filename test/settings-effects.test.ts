/**
 * Each setting that the engine reads, from its stored shape to what it changes in the picture; the others have tests of their
 * own.
 */
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { Engine } from "../src/compute.ts";
import type { Changes } from "../src/model/changes.ts";
import { SETTING_NAMES, type SettingName } from "../src/store/setting-rules.ts";
import { type SettingEntry, settingsFrom } from "../src/store/settings-from.ts";
import { accepted, health, listener, NOON, out, report, rules, states, status } from "./support/builders.ts";

const DAY = 86_400;

type Stored = readonly (readonly [SettingName, readonly SettingEntry[]])[];

function storedRules(stored: Stored) {
  const { settings, problems } = settingsFrom(new Map(stored));
  expect(problems).toEqual([]);
  return rules(settings);
}

/** The picture of a web server and its database at some time, with one setting stored. */
function picture(stored: Stored, at: number): Changes {
  return engineWith(stored, at).everything(at);
}

const REPORTS = [
  report("web01", "10.0.0.11", {
    listeners: [listener("nginx", 80)],
    connections: [out("nginx", "10.0.0.21", 3306), out("nginx", "203.0.113.9", 443)],
  }),
  report("db01", "10.0.0.21", {
    listeners: [listener("mysqld", 3306)],
    connections: [accepted("mysqld", 3306, "10.0.0.11")],
  }),
];

function engineWith(stored: Stored, at: number): Engine {
  const engine = new Engine(storedRules(stored));
  for (const each of REPORTS) {
    engine.report(each);
  }
  engine.observe(states([status("web01", null), status("web01", "Odd one"), status("db01", null)]));
  engine.observe(health());
  engine.settle(NOON);
  engine.settle(at);
  return engine;
}

const present = <T>(map: ReadonlyMap<string, T>) =>
  [...map].filter(([, value]) => value !== null && (value as { value?: unknown }).value !== null).map(([key]) => key);
const item = (value: string, field = ""): SettingEntry => ({ field, value });
const remotes = ({ connections }: Changes) =>
  [...connections.values()].filter(({ value }) => value).map((c) => c.remote);
const services = (changes: Changes) => present(changes.services).sort();
const listening = ({ listeners }: Changes) => present(listeners.get("db01") ?? new Map());
const age = ({ services: all }: Changes) => all.get("db01:3306")?.value?.age;
const mapped = ({ serviceChecks }: Changes) =>
  serviceChecks.get("web01")?.find((c) => c.service === "Odd one")?.services;
/** Connections that are shown, and those of web01 that are remembered. */
const shown = (changes: Changes) => [remotes(changes).length, edges(changes)];
const checked = ({ hostChecks }: Changes) => present(hostChecks).sort();
const edges = ({ edges: all }: Changes) => present(all.get("web01") ?? new Map()).length;

type Row = [SettingName, SettingEntry, number, (changes: Changes) => unknown, unknown, unknown];

const ROWS: readonly Row[] = [
  ["other_internal_networks", item("203.0.113.0/24"), NOON, (c) => remotes(c).includes("203.0.113.9"), false, true],
  ["user_node_aliases", item("shop", "web01"), NOON, (c) => present(c.nodes).includes("shop"), false, true],
  ["aging", item("10", "Services"), NOON + 60, age, "fresh", "old"],
  ["expire", item("1", "Connections"), NOON + 2 * DAY, edges, 2, 0],
  ["expire", item("1", "Services"), NOON + 2 * DAY, listening, ["3306"], []],
  ["expire", item("1", "Nagios Alerts"), NOON + 2 * DAY, checked, ["db01", "web01"], []],
  ["expire", item("2", "Nagios Alerts"), NOON + 2 * DAY, checked, ["db01", "web01"], ["db01", "web01"]],
  ["hiding", item("1", "Connections"), NOON + 2 * DAY, shown, [3, 2], [0, 2]],
  ["hiding", item("1", "Services"), NOON + 2 * DAY, services, ["db01:3306", "web01:80"], []],
  ["service_mapping", item("nginx", "^Odd"), NOON, mapped, [], ["web01:80"]],
  ["service_port_whitelist", item("3306"), NOON, services, ["db01:3306", "web01:80"], ["web01:80"]],
  ["service_name_whitelist", item("nginx"), NOON, services, ["db01:3306", "web01:80"], ["db01:3306"]],
];

const ELSEWHERE = {
  fetch_parameters: "e2e/pull.test.ts",
  nagios_instance: "e2e/nagios-instance.test.ts",
  history: "daemon/keep-history.test.ts",
};

it("every setting has its test", () => {
  const tested = [...ROWS.map(([name]) => name), ...Object.keys(ELSEWHERE)];
  expect([...new Set(tested)].sort()).toEqual([...SETTING_NAMES].sort());
  for (const file of Object.values(ELSEWHERE)) {
    expect(existsSync(new URL(file, import.meta.url)), file).toBe(true);
  }
});

it.each(ROWS)("%s has its effect", (name, entry, at, look, without, withIt) => {
  expect(look(picture([], at))).toEqual(without);
  expect(look(picture([[name, [entry]]], at))).toEqual(withIt);
});

/** What expired is forgotten for good. */
it.each(ROWS.filter(([name]) => name !== "expire"))(
  "%s has its effect on what is known already, and none once it is taken back",
  (name, entry, at, look, without, withIt) => {
    const engine = engineWith([], at);
    obey(engine, [[name, [entry]]]);
    expect(look(engine.everything(at))).toEqual(withIt);
    obey(engine, []);
    expect(look(engine.everything(at))).toEqual(without);
  },
);

/** As whoever leads has an engine obey: the last reports are taken in once more. */
function obey(engine: Engine, stored: Stored): void {
  engine.configure(storedRules(stored));
  for (const each of REPORTS) {
    engine.reportAnew(each);
  }
}

it("other_internal_networks leaves nothing in the Internet that is ours by now, and nothing outside where it is taken back", () => {
  const engine = engineWith([], NOON);
  const before = remotes(engine.everything(NOON)).sort();
  obey(engine, [["other_internal_networks", [item("203.0.113.0/24")]]]);
  const during = remotes(engine.everything(NOON)).sort();
  obey(engine, []);
  expect([before, during, remotes(engine.everything(NOON)).sort()]).toEqual([
    ["Internet", "db01", "web01"],
    ["203.0.113.9", "db01", "web01"],
    ["Internet", "db01", "web01"],
  ]);
});

it.each([["service_port_whitelist", "3306"] as const, ["service_name_whitelist", "nginx"] as const])(
  "%s set by mistake for a while takes nothing of what is remembered: since when it was there, and how much of it is open",
  (name, value) => {
    const engine = engineWith([], NOON);
    const gone = report("web01", "10.0.0.11", { seenAt: NOON + 60, listeners: [listener("nginx", 80)] });
    engine.report({ ...gone, connections: [out("nginx", "10.0.0.21", 3306, 2, NOON + 60)] });
    const before = engine.everything(NOON + 60);
    engine.configure(storedRules([[name, [item(value)]]]));
    engine.everything(NOON + 61);
    // The next report is there before the turn that puts things back.
    engine.configure(storedRules([]));
    engine.report({ ...gone, connections: [out("nginx", "10.0.0.21", 3306, 2, NOON + 60)] });
    const after = engine.everything(NOON + 62);
    expect(after.edges.get("web01")).toEqual(before.edges.get("web01"));
    expect(after.listeners).toEqual(before.listeners);
  },
);

it.each(["service_port_whitelist", "service_name_whitelist"] as const)(
  "%s takes what it leaves out from what is remembered, so that nobody misses it",
  (name) => {
    const engine = engineWith([], NOON);
    const before = engine.everything(NOON);
    engine.configure(storedRules([[name, [item(name === "service_port_whitelist" ? "3306" : "mysqld")]]]));
    const after = engine.everything(NOON);
    expect([shown(before), edges(after)]).toEqual([[3, 2], name === "service_port_whitelist" ? 1 : 2]);
    expect(listening(after)).toEqual([]);
  },
);
