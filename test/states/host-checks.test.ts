import { describe, expect, it } from "vitest";
import type { Mapping } from "../../src/model/mapping.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { type HostChecks, judgeHost } from "../../src/states/host-checks.ts";
import { StatusTable } from "../../src/states/status-table.ts";
import { health, NOON, states, status } from "../support/builders.ts";

/** Judges db01 with the given statuses; every check named in `mapped` speaks of db01:3306. */
function judge(statuses: readonly CheckStatus[], mapped: readonly string[] = [], now = NOON, asOf = NOON): HostChecks {
  const table = new StatusTable();
  table.observe(states(statuses));
  table.observe(health("nagios", asOf));
  const mapping = (check: string): Mapping => ({
    host: "db01",
    check,
    services: ["db01:3306"],
    confidence: 1,
    evidence: [],
    ambiguous: false,
    runnerUp: null,
  });
  return judgeHost(
    "db01",
    table.of("db01"),
    new Map(mapped.map((check) => [check, mapping(check)])),
    () => ["db01:3306", "db01/mysqld"],
    table.sources(),
    now,
  );
}

describe("handling of a check", () => {
  const down = { state: "CRITICAL" } as const;
  it.each([
    ["nothing said", down, {}, {}],
    ["soft", { ...down, stateType: "SOFT" }, {}, { soft: true }],
    ["a soft recovery is no soft problem", { state: "OK", stateType: "SOFT" }, {}, { soft: false }],
    ["acknowledged", { ...down, acknowledgement: "normal" }, {}, { acknowledged: true }],
    ["own downtime", { ...down, downtimeDepth: 1 }, {}, { inDowntime: true }],
    ["its host's downtime", down, { downtimeDepth: 2 }, { inDowntime: true }],
    [
      "its host's acknowledgement is not its own",
      down,
      { state: "DOWN", acknowledgement: "sticky" },
      { acknowledged: false },
    ],
    ["flapping", { ...down, flapping: true }, {}, { flapping: true }],
    ["older than one and a half intervals", { ...down, interval: 60, lastCheck: NOON - 106 }, {}, { stale: true }],
    ["just within one and a half intervals", { ...down, interval: 60, lastCheck: NOON - 104 }, {}, { stale: false }],
    ["never checked is not stale", { state: "PENDING", interval: 60, lastCheck: 0 }, {}, { stale: false }],
    [
      "all at once",
      { ...down, stateType: "SOFT", acknowledgement: "normal", downtimeDepth: 1, flapping: true },
      {},
      { acknowledged: true, inDowntime: true, flapping: true, soft: true },
    ],
  ] as const)("%s", (_, own, host, expected) => {
    const [view] = judge([status("db01", null, host), status("db01", "MySQL", own)]).checks;
    expect(view?.handling).toMatchObject(expected);
  });

  it("is stale where its source is", () => {
    const judged = judge([status("db01", "MySQL", { state: "CRITICAL" })], [], NOON + 100, NOON);
    expect(judged.checks[0]?.handling.stale).toBe(true);
  });

  it("is stale where its source failed and never said how old it is", () => {
    const table = new StatusTable();
    table.observe(states([status("db01", "MySQL")]));
    table.observe({ ...health("nagios", 0), ok: false, error: "away" });
    const judged = judgeHost("db01", table.of("db01"), new Map(), () => [], table.sources(), NOON);
    expect(judged.checks[0]?.handling.stale).toBe(true);
  });
});

describe("state of a service", () => {
  const of = (judged: HostChecks) => judged.services.get("db01:3306");

  it.each([
    [["OK", "CRITICAL", "WARNING"], "CRITICAL"],
    [["UNKNOWN", "WARNING"], "UNKNOWN"],
    [["CRITICAL", "UNKNOWN"], "CRITICAL"],
    [["PENDING", "OK"], "PENDING"],
    [["WARNING", "PENDING"], "WARNING"],
    [["OK", "OK"], "OK"],
  ] as const)("of checks %j is %s", (given, expected) => {
    const statuses = given.map((state, i) => status("db01", `c${i}`, { state }));
    const names = given.map((_, i) => `c${i}`);
    expect(of(judge(statuses, names))?.state).toBe(expected);
  });

  it("is handled only where every failing check is", () => {
    const acked = status("db01", "a", { state: "CRITICAL", acknowledgement: "normal" });
    const open = status("db01", "b", { state: "WARNING" });
    expect(of(judge([acked, open], ["a", "b"]))?.handling.acknowledged).toBe(false);
    expect(of(judge([acked, { ...open, downtimeDepth: 1 }], ["a", "b"]))?.handling).toMatchObject({
      acknowledged: true,
      inDowntime: true,
    });
    expect(of(judge([acked, { ...open, state: "OK" }], ["a", "b"]))?.handling.acknowledged).toBe(true);
  });

  it("is hard where one of its worst checks is", () => {
    const soft = status("db01", "a", { state: "CRITICAL", stateType: "SOFT" });
    expect(of(judge([soft, status("db01", "b", { state: "CRITICAL" })], ["a", "b"]))?.stateType).toBe("HARD");
    expect(of(judge([soft, status("db01", "b", { state: "WARNING" })], ["a", "b"]))?.stateType).toBe("SOFT");
  });
});

describe("problems", () => {
  it("are all hosts and checks that are neither OK nor pending, with what they broke", () => {
    const judged = judge(
      [
        status("db01", null, { state: "DOWN" }),
        status("db01", "MySQL", { state: "WARNING" }),
        status("db01", "Disk", { state: "CRITICAL" }),
        status("db01", "New", { state: "PENDING" }),
      ],
      ["MySQL"],
    );
    expect(judged.problems.map(({ key, failed }) => [key, failed])).toEqual([
      ["db01::_HOST_", ["db01/mysqld", "db01:3306"]],
      ["db01::Disk", []],
      ["db01::MySQL", ["db01:3306"]],
    ]);
  });
});

describe("several sources", () => {
  it("let the newer result count, and forget what a source no longer says", () => {
    const table = new StatusTable();
    table.observe(states([status("db01", "MySQL", { state: "CRITICAL", lastCheck: NOON })], "log"));
    table.observe(states([status("db01", "MySQL", { lastCheck: NOON - 5 })], "status-file"));
    expect(table.of("db01").get("db01::MySQL")?.status.state).toBe("CRITICAL");
    table.observe(states([status("db01", "MySQL", { lastCheck: NOON + 5 })], "status-file"));
    expect(table.of("db01").get("db01::MySQL")?.status.state).toBe("OK");
    table.observe(states([], "status-file"));
    expect(table.of("db01").get("db01::MySQL")?.source).toBe("log");
    table.observe({ ...states([], "log"), full: false, gone: [{ host: "db01", check: "MySQL" }] });
    expect(table.of("db01").size).toBe(0);
  });
});
