import fc from "fast-check";
import { expect, it } from "vitest";
import { cgiComment, cgiDowntime, cgiResult, cgiStatus, NO_NAME, STATUS_LISTS } from "../../nagios/cgi-status.ts";
import { Warnings } from "../../nagios/warnings.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { answer, rowsOf } from "./cgi-rows.ts";

const NO_COMMANDS: ReadonlyMap<string, string> = new Map();

function statusesOf(bytes: Buffer | string, commands = NO_COMMANDS) {
  const warnings = new Warnings();
  const rows = rowsOf(bytes, STATUS_LISTS).filter(({ list }) => list !== "result");
  const statuses = rows.map((row) => cgiStatus(row, commands, warnings)).filter((status) => status !== undefined);
  return { statuses, warnings: warnings.list() };
}

const find = (statuses: readonly CheckStatus[], host: string, check: string | null) =>
  statuses.find((status) => status.host === host && status.check === check);

it("reads the hosts of a real Nagios 4.4.6", () => {
  const { statuses, warnings } = statusesOf(answer("nagios-4.4.6-statusjson-hostlist.json"));
  expect(warnings).toEqual([]);
  expect(statuses.map(({ host, state }) => `${host} ${state}`).sort()).toEqual([
    "Host With Spaces PENDING",
    "branch-gw DOWN",
    "branch-pc UNREACHABLE",
    "büro-drucker UP",
    "db1 UP",
    "gw UP",
    "old1 DOWN",
    "web1 UP",
    "web2 UP",
  ]);
  expect(find(statuses, "branch-gw", null)).toMatchObject({ acknowledgement: "normal", stateType: "HARD" });
  expect(find(statuses, "branch-pc", null)?.reachable).toBe(false);
  expect(find(statuses, "old1", null)?.downtimeDepth).toBe(1);
  expect(find(statuses, "Host With Spaces", null)).toMatchObject({
    active: false,
    interval: 0,
    lastCheck: 0,
    output: "",
  });
});

const CHECK = {
  host_name: "db1",
  description: "Backup",
  plugin_output: "late <b>& sorry</b>",
  long_plugin_output: "line 2\n\\line 3",
  max_attempts: 3,
  current_attempt: 2,
  status: 16,
  has_been_checked: true,
  should_be_scheduled: true,
  last_check: 1795359133000,
  next_check: 1795359138000,
  checks_enabled: true,
  last_state_change: 1795359093000,
  last_hard_state_change: 1795359003000,
  state_type: 0,
  problem_has_been_acknowledged: true,
  acknowledgement_type: 2,
  is_flapping: true,
  scheduled_downtime_depth: 1,
};

const oneCheck = (parts: object) =>
  JSON.stringify({ data: { servicelist: { db1: { Backup: { ...CHECK, ...parts } } } } });

it("reads every field of a check, times in milliseconds and states as bits", () => {
  const { statuses } = statusesOf(oneCheck({}), new Map([["db1::Backup", "check_backup!24"]]));
  expect(statuses).toEqual([
    {
      host: "db1",
      check: "Backup",
      state: "CRITICAL",
      stateType: "SOFT",
      attempt: 2,
      maxAttempts: 3,
      lastCheck: 1_795_359_133,
      lastChange: 1_795_359_093,
      lastHardChange: 1_795_359_003,
      output: "late <b>& sorry</b>",
      longOutput: "line 2\n\\line 3",
      acknowledgement: "sticky",
      downtimeDepth: 1,
      flapping: true,
      interval: 5,
      command: "check_backup!24",
      reachable: true,
      active: true,
    },
  ]);
});

it.each([
  [1, "PENDING"],
  [2, "OK"],
  [4, "WARNING"],
  [8, "UNKNOWN"],
  [16, "CRITICAL"],
  [3, "UNKNOWN"],
  ["critical", "UNKNOWN"],
])("reads state %s as %s", (status, state) => {
  expect(statusesOf(oneCheck({ status })).statuses[0]?.state).toBe(state);
});

it("reads the checks of a real Nagios 4.4.6 with their umlauts, spaces and long outputs", () => {
  const { statuses, warnings } = statusesOf(answer("nagios-4.4.6-statusjson-servicelist.json"));
  expect({ checks: statuses.length, warnings }).toEqual({ checks: 26, warnings: [] });
  expect(find(statuses, "büro-drucker", "Toner Füllstand")).toMatchObject({
    state: "WARNING",
    output: "WARNUNG: Toner schwarz 7 % – „bald leer“ 日本語 Ελληνικά 🖨",
  });
  const long = statuses.find(({ output }) => output.startsWith("LONG"));
  expect(long?.longOutput.split("\n")).toHaveLength(400);
});

it("counts what comes without a name, and does not invent one", () => {
  const hosts = statusesOf(answer("nagios-4.4.6-statusjson-hostlist-without-locale.json"));
  expect(hosts.statuses).toHaveLength(8);
  expect(hosts.warnings).toEqual([{ reason: NO_NAME, count: 1, example: "(null)" }]);
  const checks = statusesOf(answer("nagios-4.4.6-statusjson-servicelist-without-locale.json"));
  expect(checks.statuses).toHaveLength(24);
  expect(checks.warnings).toEqual([{ reason: NO_NAME, count: 2, example: "(null) / Latin1" }]);
});

it("refuses names that cannot be part of a key", () => {
  const { statuses, warnings } = statusesOf(
    '{"data":{"hostlist":{"a::b":{"status":2},"":{"status":2},"ok":{"status":2}}}}',
  );
  expect(statuses.map(({ host }) => host)).toEqual(["ok"]);
  expect(warnings.map(({ reason }) => reason)).toEqual(["host name with ::", "no host name"]);
});

it("reads when Nagios wrote what it shows, and whether it could", () => {
  const [row] = rowsOf(answer("nagios-4.4.6-statusjson-hostlist.json"), STATUS_LISTS);
  const read = row === undefined ? undefined : cgiResult(row);
  expect(read).toMatchObject({ code: 0, message: "Success" });
  expect((read?.asOf ?? 0) - (read?.programStart ?? 0)).toBeGreaterThan(0);
  const refused = rowsOf('{"result":{"type_code":6,"type_text":"Option Value Invalid","message":"No."}}', STATUS_LISTS);
  expect(refused.map(cgiResult)).toEqual([{ asOf: 0, programStart: 0, code: 6, message: "No." }]);
});

it("reads comments and downtimes of a real Nagios 4.4.6", () => {
  const warnings = new Warnings();
  const comments = rowsOf(answer("nagios-4.4.6-statusjson-commentlist.json"), STATUS_LISTS).slice(1);
  const read = comments.map((row) => cgiComment(row, warnings));
  expect(read.find((comment) => comment?.author === "bob")).toMatchObject({
    host: "branch-gw",
    check: null,
    origin: "acknowledgement",
    text: "Provider informed",
    expires: 0,
  });
  expect(new Set(read.map((comment) => comment?.origin))).toEqual(
    new Set(["acknowledgement", "downtime", "user", "flapping"]),
  );
  const downtimes = rowsOf(answer("nagios-4.4.6-statusjson-downtimelist.json"), STATUS_LISTS).slice(1);
  const all = downtimes.map((row) => cgiDowntime(row, warnings));
  expect(all.map((each) => [each?.host, each?.check, each?.fixed, each?.inEffect]).sort()).toEqual([
    ["db1", "Backup", true, true],
    ["old1", null, true, true],
    ["web1", "HTTP", false, false],
  ]);
  expect(warnings.list()).toEqual([]);
});

it("never throws whatever the fields are", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(CHECK), "__proto__"), fc.jsonValue()), (fields) => {
      const row = { list: "data.servicelist", keys: ["a", "b"], fields };
      const status = cgiStatus(row, NO_COMMANDS, new Warnings());
      expect(status).toMatchObject({ host: "a", check: "b" });
      cgiComment({ ...row, fields }, new Warnings());
      cgiDowntime({ ...row, fields }, new Warnings());
    }),
  );
});
