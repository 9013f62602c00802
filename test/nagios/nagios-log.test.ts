import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { LogEvent } from "../../nagios/log-event.ts";
import { readLogLine } from "../../nagios/nagios-log.ts";
import { StatusReader } from "../../nagios/status-dat.ts";
import { checkKey } from "../../src/model/ids.ts";

const FIXTURES = new URL("../fixtures/status/", import.meta.url);

/** The events of a fixture. */
function eventsOf(name: string): LogEvent[] {
  const lines = readFileSync(new URL(name, FIXTURES), "latin1").split("\n");
  return lines.map((line) => readLogLine(Buffer.from(line, "latin1"))).filter((event) => event !== undefined);
}

function read(line: string): LogEvent | undefined {
  return readLogLine(Buffer.from(line));
}

function count<T>(all: readonly T[], of: (each: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of all) {
    counts[of(each)] = (counts[of(each)] ?? 0) + 1;
  }
  return counts;
}

describe("alerts", () => {
  it("are found in a log of every kind of line, each with its state", () => {
    const { alerts } = JSON.parse(readFileSync(new URL("written-nagios.log.expected.json", FIXTURES), "utf8"));
    const found = eventsOf("written-nagios.log").filter((event) => event.kind === "alert");
    const kind = (check: string | null) => (check === null ? "HOST" : "SERVICE");
    expect(count(found, ({ check, state, stateType }) => `${kind(check)} ALERT ${state} ${stateType}`)).toEqual(alerts);
  });

  it("of a real log speak of objects of its status file only, and end where that file is", () => {
    const alerts = eventsOf("nagios-4.4.6-nagios.log").filter((event) => event.kind === "alert");
    const { statuses } = new StatusReader().read(readFileSync(new URL("nagios-4.4.6-status.dat", FIXTURES)));
    const states = new Map(statuses.map((status) => [checkKey(status.host, status.check), status]));
    const last = new Map(alerts.map((alert) => [checkKey(alert.host, alert.check), alert]));
    expect(alerts).toHaveLength(60);
    for (const [key, alert] of last) {
      expect(states.get(key)).toMatchObject({ state: alert.state, output: alert.output });
    }
  });

  it("of a time that no calendar knows are none", () => {
    expect(read("[1795359120] SERVICE ALERT: web;HTTP;CRITICAL;HARD;3;down")).toBeDefined();
    expect(read("[9007199254740991] SERVICE ALERT: web;HTTP;CRITICAL;HARD;3;down")).toBeUndefined();
    expect(read("[100000000001] HOST ALERT: web;DOWN;HARD;3;down")).toBeUndefined();
  });

  it("keep semicolons of the output, and names with umlauts beside an output in Latin-1", () => {
    expect(read("[1717113780] SERVICE ALERT: db01;MySQL 3307;CRITICAL;HARD;3;a; b;; c\r")).toEqual({
      kind: "alert",
      time: 1717113780,
      host: "db01",
      check: "MySQL 3307",
      state: "CRITICAL",
      stateType: "HARD",
      attempt: 3,
      output: "a; b;; c",
    });
    const line = Buffer.concat([
      Buffer.from("[1717113780] HOST ALERT: büro-drucker;UNREACHABLE;SOFT;1;"),
      Buffer.from("Gerät weg", "latin1"),
    ]);
    expect(readLogLine(line)).toMatchObject({ host: "büro-drucker", check: null, output: "Gerät weg" });
    expect(read("[1717113780] SERVICE ALERT: a;b;OK;HARD;1;(null)")).toMatchObject({ output: "" });
  });

  it.each([
    "SERVICE ALERT: web;HTTP;CRITICAL;HARD;1",
    "SERVICE ALERT: web;HTTP;DOWN;HARD;1;host's state",
    "HOST ALERT: web;CRITICAL;HARD;1;service's state",
    "SERVICE ALERT: web;HTTP;constructor;HARD;1;x",
    "SERVICE ALERT: web;HTTP;CRITICAL;FIRM;1;x",
    "SERVICE ALERT: web;HTTP;CRITICAL;HARD;one;x",
    "SERVICE ALERT: ;HTTP;CRITICAL;HARD;1;x",
    "SERVICE ALERT: web;;CRITICAL;HARD;1;x",
    "SERVICE ALERT: we\u0007b;HTTP;CRITICAL;HARD;1;x",
    "HOST ALERT: a::b;DOWN;HARD;1;x",
  ])("are not read from %j", (text) => {
    expect(read(`[1717113780] ${text}`)).toBeUndefined();
  });
});

describe("what people and downtimes do", () => {
  it("is read from a real log", () => {
    const events = eventsOf("nagios-4.4.6-nagios.log").filter((event) => event.kind !== "alert");
    expect(events).toEqual([
      ack("web2", "HTTPS", true),
      ack("branch-gw", null, false),
      { kind: "downtime", time: 1795359110, host: "old1", check: null, begins: true },
      { kind: "downtime", time: 1795359110, host: "db1", check: "Backup", begins: true },
      { kind: "flapping", time: 1795359110, host: "db1", check: "Flapper", begins: true },
    ]);
  });

  it("ends as it began", () => {
    const end = { host: "web", check: "HTTP", begins: false };
    expect(read("[5] EXTERNAL COMMAND: REMOVE_SVC_ACKNOWLEDGEMENT;web;HTTP")).toMatchObject(end);
    expect(read("[5] EXTERNAL COMMAND: REMOVE_HOST_ACKNOWLEDGEMENT;web")).toMatchObject({ ...end, check: null });
    expect(read("[5] SERVICE DOWNTIME ALERT: web;HTTP;STOPPED; text")).toMatchObject({ kind: "downtime", ...end });
    expect(read("[5] SERVICE DOWNTIME ALERT: web;HTTP;CANCELLED; text")).toMatchObject({ kind: "downtime", ...end });
    expect(read("[5] SERVICE FLAPPING ALERT: web;HTTP;STOPPED; text")).toMatchObject({ kind: "flapping", ...end });
    expect(read("[5] SERVICE FLAPPING ALERT: web;HTTP;DISABLED; text")).toMatchObject({ kind: "flapping", ...end });
  });

  function ack(host: string, check: string | null, sticky: boolean): LogEvent {
    return { kind: "acknowledgement", time: 1795359110, host, check, begins: true, sticky };
  }
});

it.each([
  "[1717113780] PASSIVE SERVICE CHECK: sto01;RAID;2;CRITICAL: md0",
  "[1717113780] CURRENT SERVICE STATE: web;HTTP;OK;HARD;1;OK",
  "[1717113780] INITIAL HOST STATE: web;UP;HARD;1;",
  "[1717113780] SERVICE EVENT HANDLER: web;HTTP;CRITICAL;SOFT;1;restart",
  "[1717113780] SERVICE NOTIFICATION: ops;web;HTTP;CRITICAL;mail;x",
  "[1717113780] EXTERNAL COMMAND: PROCESS_SERVICE_CHECK_RESULT;web;HTTP;2;x",
  "[1717113780] EXTERNAL COMMAND: ACKNOWLEDGE_SVC_PROBLEM;web;HTTP;2;1",
  "[1717113780] SERVICE DOWNTIME ALERT: web;HTTP;PAUSED; text",
  "[1717113780] constructor: web;HTTP;CRITICAL;HARD;1;x",
  "SERVICE ALERT: web;HTTP;CRITICAL;HARD;1;no time",
  "[0] SERVICE ALERT: web;HTTP;CRITICAL;HARD;1;x",
  "[1.5] SERVICE ALERT: web;HTTP;CRITICAL;HARD;1;x",
  "[] SERVICE ALERT: web;HTTP;CRITICAL;HARD;1;x",
  "[1717113780",
  "",
])("nothing is read from %j", (line) => {
  expect(read(line)).toBeUndefined();
});
