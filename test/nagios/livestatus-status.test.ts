import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COLUMNS, type Column, fewerColumns } from "../../nagios/livestatus-columns.ts";
import { HEADER_BYTES, readAnswerHeader } from "../../nagios/livestatus-header.ts";
import { StatusRows } from "../../nagios/livestatus-status.ts";
import { Warnings } from "../../nagios/warnings.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { rowsOf } from "../support/livestatus-text.ts";

type Columns = readonly (Column<"hostStates"> | Column<"checkStates">)[];

const FIXTURES = new URL("../fixtures/livestatus/", import.meta.url);
const file = (name: string): Buffer => readFileSync(new URL(name, FIXTURES));

/** The statuses in rows, and what was odd about them. */
function statusesOf(columns: readonly unknown[], rows: readonly (readonly unknown[])[]) {
  const warnings = new Warnings();
  const reader = new StatusRows(columns as Columns, { intervalLength: 60, warnings });
  return { statuses: rows.map((row) => reader.read(row)), warnings: warnings.list() };
}

/** The statuses in a file whose first row names the columns. */
function icinga(name: string): CheckStatus[] {
  const bytes = file(`icinga-2.13.6-${name}.out`);
  expect(readAnswerHeader(bytes)).toEqual({ status: 200, length: bytes.length - HEADER_BYTES });
  const [columns = [], ...rows] = rowsOf(bytes.subarray(HEADER_BYTES));
  return statusesOf(columns, rows).statuses as CheckStatus[];
}

/** The one status of a row in which only some cells are said. */
function one(cells: Readonly<Record<string, unknown>>): CheckStatus | null | undefined {
  return statusesOf(Object.keys(cells), [Object.values(cells)]).statuses[0];
}

const HOST = { name: "web", state: 0, has_been_checked: 1 };
const CHECK = { host_name: "web", description: "HTTP", state: 2, has_been_checked: 1 };

function tally(statuses: readonly CheckStatus[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of statuses) {
    counts[state.toLowerCase()] = (counts[state.toLowerCase()] ?? 0) + 1;
  }
  return counts;
}

describe("states in the format of Naemon and Nagios", () => {
  it.each(["hosts-noheader", "services-columnheaders", "services-noheader"])("are those of %s", (name) => {
    const expected = JSON.parse(file(`written-livestatus-${name}.json.expected.json`).toString());
    const rows = rowsOf(file(`written-livestatus-${name}.json`));
    const hasHeader = rows[0]?.[0] === expected.columns[0];
    const { statuses, warnings } = statusesOf(expected.columns, hasHeader ? rows.slice(1) : rows);
    const found = statuses as CheckStatus[];
    const kind = expected.table as "hosts" | "services";
    const counted = Object.entries(expected[`${kind}_by_state`]).filter(([, count]) => count !== 0);
    expect(warnings).toEqual([]);
    expect(found).toHaveLength(expected.rows);
    expect(tally(found)).toEqual(Object.fromEntries(counted));
    expect(found.filter(({ acknowledgement }) => acknowledgement !== "none")).toHaveLength(expected.acknowledged[kind]);
    expect(found.filter(({ flapping }) => flapping)).toHaveLength(expected.flapping[kind]);
    expect(found.filter(({ downtimeDepth }) => downtimeDepth > 0)).toHaveLength(expected.in_downtime[kind]);
  });

  it("are pending, whatever the state, where nothing was checked", () => {
    expect(one({ ...HOST, has_been_checked: 0, last_check: 0 })).toMatchObject({ state: "PENDING", lastCheck: 0 });
    expect(one({ ...CHECK, state: 3, has_been_checked: 0, last_check: -1 })).toMatchObject({
      state: "PENDING",
      lastCheck: 0,
    });
  });

  it("tell flags as 0 and 1, long output with \\n, and intervals in units of interval_length", () => {
    const cells = { ...CHECK, acknowledged: 1, acknowledgement_type: 2, is_flapping: 1, scheduled_downtime_depth: 2 };
    const texts = { plugin_output: "HTTP CRITICAL <b>", long_plugin_output: "one\\ntwo \\\\ C:\\temp" };
    const times = { check_interval: 5, retry_interval: 1, state_type: 0, active_checks_enabled: 1 };
    expect(one({ ...cells, ...texts, ...times, check_command: "check_http!-p 80" })).toMatchObject({
      acknowledgement: "sticky",
      flapping: true,
      downtimeDepth: 2,
      output: "HTTP CRITICAL <b>",
      longOutput: "one\ntwo \\\\ C:\\temp",
      stateType: "SOFT",
      interval: 60,
      command: "check_http!-p 80",
      active: true,
      reachable: true,
    });
    expect(one({ ...CHECK, ...times, active_checks_enabled: 0 })).toMatchObject({ interval: 0, active: false });
  });

  it("hold no columns that the server does not know: it gives empty texts for them", () => {
    const unknown = Object.fromEntries(COLUMNS.checkStates.slice(5).map((column) => [column, ""]));
    expect(one({ ...unknown, ...CHECK })).toMatchObject({
      state: "CRITICAL",
      stateType: "HARD",
      acknowledgement: "none",
      command: null,
      reachable: true,
      active: true,
    });
  });

  it("have garbled characters replaced where nothing else can be done", () => {
    // What naemon-livestatus 1.5 makes of Latin-1 bytes and of an emoji.
    const garbled = JSON.parse('"OK: \\u4dbc\\u07e0 \\ud83d end\\u0000"');
    expect(one({ ...CHECK, plugin_output: garbled })).toMatchObject({ output: "OK: \u4dbc\u07e0 \ufffd end\ufffd" });
  });
});

describe("states in the format of Icinga 2", () => {
  it("are those of a real one's hosts", () => {
    const hosts = icinga("hosts");
    expect(tally(hosts)).toEqual({ up: 5, down: 2, unreachable: 1, pending: 1 });
    const by = new Map(hosts.map((each) => [each.host, each]));
    expect(by.get("branch-gw")).toMatchObject({ state: "DOWN", acknowledgement: "normal", reachable: true });
    expect(by.get("branch-pc")).toMatchObject({ state: "UNREACHABLE", reachable: false });
    expect(by.get("old1")).toMatchObject({ state: "DOWN", downtimeDepth: 1 });
    expect(by.get("Host With Spaces")).toMatchObject({ state: "PENDING", lastCheck: 0, output: "" });
    expect(by.get("büro-drucker")).toMatchObject({ state: "UP", output: "PING OK - Büro, 3. Stock – grün ✓" });
  });

  it("are those of a real one's services", () => {
    const checks = icinga("services");
    expect(tally(checks)).toEqual({ ok: 6, warning: 4, critical: 7, unknown: 1, pending: 2 });
    const by = new Map(checks.map((each) => [`${each.host}/${each.check}`, each]));
    expect(by.get("web2/https")).toMatchObject({ state: "CRITICAL", acknowledgement: "normal" });
    expect(by.get("db1/backup")).toMatchObject({ downtimeDepth: 1 });
    expect(by.get("db1/flapper")).toMatchObject({ flapping: true });
    expect(by.get("büro-drucker/latin1")).toMatchObject({ output: "OK: Latin-1 bytes \ufffd\ufffd\ufffd\ufffd end" });
  });

  it("are read of all its columns", () => {
    expect(icinga("services-all-columns")).toEqual([
      {
        host: "web2",
        check: "http",
        state: "CRITICAL",
        stateType: "HARD",
        attempt: 1,
        maxAttempts: 3,
        lastCheck: 1795359132,
        lastChange: 1795359112,
        lastHardChange: 1795359114,
        output: "HTTP CRITICAL: HTTP/1.1 503 Service Unavailable",
        // Icinga 2 does not escape backslashes: `C:\temp\new` cannot be told from a line feed.
        longOutput:
          'line two: upstream db1:5432 refused\nline three: path C:\\temp\new, tab\there\nline four <b>bold</b> & "quoted" $HOME; x=1',
        acknowledgement: "none",
        downtimeDepth: 0,
        flapping: false,
        interval: 5,
        command: "check_check_state!state_file=/srv/lab-site/icinga2/state/s-web2-http!",
        reachable: true,
        active: true,
      },
    ]);
  });

  it("are UP where a host answers although what is before it does not", () => {
    const cutOff = { ...HOST, state: 2, is_reachable: false, state_type: 1 };
    expect(one({ ...cutOff, hard_state: 0 })).toMatchObject({ state: "UP", reachable: false });
    expect(one({ ...cutOff, hard_state: 1 })).toMatchObject({ state: "UNREACHABLE", reachable: false });
    expect(one({ ...cutOff, hard_state: 0, state_type: 0 })).toMatchObject({ state: "UNREACHABLE" });
  });
});

describe("rows that are odd", () => {
  it("are refused by their names, and counted", () => {
    const rows = [
      ["a::b", 0, 1],
      ["c::d", 0, 1],
      ["site!host", 0, 1],
      ["", 0, 1],
      ["ok", 0, 1],
    ];
    const { statuses, warnings } = statusesOf(["name", "state", "has_been_checked"], rows);
    expect(statuses.map((status) => status?.host)).toEqual([undefined, undefined, undefined, undefined, "ok"]);
    expect(warnings).toEqual([
      { reason: "host name with ::", count: 2, example: "a::b" },
      { reason: "host name with !", count: 1, example: "site!host" },
      { reason: "no host name", count: 1, example: "" },
    ]);
  });

  it("are UNKNOWN or UNREACHABLE where the state is none, and no status at all where there is none", () => {
    expect(one({ ...CHECK, state: 7 })).toMatchObject({ state: "UNKNOWN" });
    expect(one({ ...HOST, state: -1 })).toMatchObject({ state: "UNREACHABLE" });
    expect(one({ ...CHECK, state: "" })).toBeUndefined();
    expect(one({ ...CHECK, has_been_checked: null })).toBeUndefined();
    expect(one({ host_name: "web", description: "HTTP" })).toBeUndefined();
  });

  it("never throw, and never name an object that they do not name", () => {
    const cell = fc.oneof(
      fc.anything(),
      fc.constantFrom("web", "", 0, 1, 2, true, null),
      fc.string({ unit: "binary" }),
    );
    const columns = COLUMNS.checkStates;
    const cells = fc.array(cell, { minLength: columns.length, maxLength: columns.length });
    fc.assert(
      fc.property(cells, fc.integer({ min: 0, max: 3 }), (row, state) => {
        const said = row.map((each, at) => (["state", "has_been_checked"].includes(columns[at] ?? "") ? state : each));
        const status = statusesOf(columns, [said]).statuses[0];
        if (status) {
          expect([status.host]).toContain(typeof row[0] === "number" ? String(row[0]) : row[0]);
          expect(status.output).not.toMatch(/(?!\t)\p{Cc}|\p{Surrogate}/u);
          expect(status.lastCheck).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe("columns that a server refuses", () => {
  it("are left out where it names them", () => {
    const complaint = file("icinga-2.13.6-error-no-column.out").toString().slice(HEADER_BYTES).split("\n", 1)[0] ?? "";
    expect(complaint).toBe("Error: Column 'nosuch' does not exist in table 'hosts'.");
    const columns = COLUMNS.hostStates;
    const without = fewerColumns(columns, complaint.replace("nosuch", "is_reachable"));
    expect(without).toEqual(columns.filter((column) => column !== "is_reachable"));
  });

  it("are left out all together where it names none, but for those without which an answer says nothing", () => {
    expect(fewerColumns(COLUMNS.checkStates, "bad request")).toEqual([
      "host_name",
      "description",
      "state",
      "has_been_checked",
    ]);
    expect(fewerColumns(["name", "state", "has_been_checked"], "bad request")).toBeUndefined();
  });
});
