import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classicDuration, classicTime, guessOrder } from "../../nagios/classic-date.ts";
import { CLASSIC_LISTS, ClassicRows } from "../../nagios/classic-status.ts";
import { Warnings } from "../../nagios/warnings.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { answer, rowsOf } from "./cgi-rows.ts";

/** 2024-06-01 01:10:00 in a zone two hours before UTC: when the answers of the corpus were made up. */
const NOW = Date.UTC(2024, 4, 31, 23, 10) / 1000;
const CEST = () => 7200;

function readClassic(...texts: (Buffer | string)[]) {
  const rows = new ClassicRows();
  for (const row of texts.flatMap((text) => rowsOf(text, CLASSIC_LISTS))) {
    rows.take(row);
  }
  const warnings = new Warnings();
  return { ...rows.finish({ now: NOW, offset: CEST }, warnings), warnings: warnings.list() };
}

function counted(statuses: readonly CheckStatus[]) {
  const [hosts, checks] = [true, false].map((isHost) => statuses.filter(({ check }) => (check === null) === isHost));
  const count = (of: readonly CheckStatus[] = [], is: (status: CheckStatus) => boolean) => of.filter(is).length;
  const states = (of: readonly CheckStatus[] = [], words: readonly string[]) =>
    Object.fromEntries(words.map((word) => [word, count(of, ({ state }) => state === word.toUpperCase())]));
  const both = (is: (status: CheckStatus) => boolean) => ({ hosts: count(hosts, is), services: count(checks, is) });
  return {
    hosts: hosts?.length,
    services: checks?.length,
    hosts_by_state: states(hosts, ["up", "down", "unreachable", "pending"]),
    services_by_state: states(checks, ["ok", "warning", "critical", "unknown", "pending"]),
    acknowledged: both(({ acknowledgement }) => acknowledgement !== "none"),
    in_downtime: both(({ downtimeDepth }) => downtimeDepth > 0),
    flapping: both(({ flapping }) => flapping),
  };
}

describe.each([
  "written-icinga-classic-1.5-services.json",
  "written-icinga-classic-1.6-hosts.json",
  "written-icinga-classic-1.6-services.json",
  "written-icinga-classic-1.9-hosts-services.json",
])("%s", (file) => {
  const expected = JSON.parse(answer(`${file}.expected.json`).toString());
  const read = readClassic(answer(file));

  it("has the counts that it must have", () => {
    expect(expected).toMatchObject(counted(read.statuses));
  });

  it("was checked within the last hour, whatever the order of its dates", () => {
    const checked = read.statuses.filter(({ state }) => state !== "PENDING");
    const ages = checked.map(({ lastCheck }) => NOW - lastCheck);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ages)).toBeLessThanOrEqual(3600);
    const pending = read.statuses.filter(({ state }) => state === "PENDING");
    expect(new Set(pending.map(({ lastCheck, lastChange }) => lastCheck + lastChange))).toEqual(new Set([0]));
  });

  it("says where it leaves something out", () => {
    expect(read.warnings.map(({ reason }) => reason)).toEqual(
      expected.flags_present ? [] : ["answers without acknowledgements, downtimes and flapping"],
    );
  });
});

it("reads every field of a row of Icinga 1.9", () => {
  const { statuses, asOf, displayNames } = readClassic(answer("written-icinga-classic-1.9-hosts-services.json"));
  expect(asOf).toBe(NOW - 4);
  expect(displayNames.get("web01.example.org")).toBe("web01");
  expect(statuses.find(({ host, check }) => host === "sto01.example.org" && check === "RAID")).toEqual({
    host: "sto01.example.org",
    check: "RAID",
    state: "CRITICAL",
    stateType: "HARD",
    attempt: 3,
    maxAttempts: 3,
    lastCheck: Date.UTC(2024, 4, 31, 22, 31) / 1000,
    lastChange: NOW - 9001,
    lastHardChange: NOW - 9001,
    output: "CRITICAL: md0 [U_]",
    longOutput: "",
    acknowledgement: "normal",
    downtimeDepth: 0,
    flapping: false,
    interval: 0,
    command: null,
    reachable: true,
    active: true,
  });
});

it("takes a problem that is still tried again for SOFT where no type is told", () => {
  const { statuses } = readClassic(answer("written-icinga-classic-1.5-services.json"));
  expect(statuses.find(({ check }) => check === "MySQL 3307")).toMatchObject({
    state: "CRITICAL",
    stateType: "SOFT",
    lastHardChange: 0,
  });
  expect(statuses.find(({ check }) => check === "HTTPS")).toMatchObject({ state: "WARNING", stateType: "HARD" });
});

it("tells of dates that lie in the future, since the server is in another zone then", () => {
  const { warnings, statuses } = readClassic(
    '{"icinga_status":{"date_format":"iso8601"},"status":{"host_status":[{"host_name":"a","status":"UP","last_check":"2024-06-01 05:00:00","has_been_acknowledged":false}]}}',
  );
  expect(warnings).toEqual([{ reason: "last_check in the future", count: 1, example: "2024-06-01 05:00:00" }]);
  expect(statuses[0]?.lastCheck).toBe(NOW);
});

it.each([
  ["31-05-2024 10:00:00", "euro", [2024, 4, 31]],
  ["05-31-2024 10:00:00", "us", [2024, 4, 31]],
  ["2024-05-31 10:00:00", "iso8601", [2024, 4, 31]],
  ["2024-05-31T10:00:00", "iso8601", [2024, 4, 31]],
] as const)("reads %s as %s", (text, order, [year, month, day]) => {
  expect(guessOrder([text, "N/A"], NOW)).toBe(order);
  expect(classicTime(text, order, CEST)).toBe(Date.UTC(year, month, day, 8) / 1000);
});

it("guesses the order of dates that fit both by the one that is nearer to now", () => {
  expect(guessOrder(["01-06-2024 00:40:00"], NOW)).toBe("euro");
  expect(guessOrder(["06-01-2024 00:40:00"], NOW)).toBe("us");
});

it("finds the server's offset at the moment of the date, not at the present one", () => {
  const change = Date.UTC(2024, 2, 31, 1) / 1000;
  const berlin = (at: number) => (at < change ? 3600 : 7200);
  expect(classicTime("2024-03-31 01:30:00", "iso8601", berlin)).toBe(change - 1800);
  expect(classicTime("2024-03-31 03:30:00", "iso8601", berlin)).toBe(change + 1800);
});

it.each([
  ["12d  3h  4m  9s", 1_047_849],
  ["0d 2h 30m 1s", 9001],
  ["0d  0h  0m 10s+", undefined],
  ["N/A", undefined],
])("reads the duration %s", (text, seconds) => {
  expect(classicDuration(text)).toBe(seconds);
});

it("never throws whatever the rows say", () => {
  const keys = ["host", "host_name", "service", "status", "last_check", "duration", "attempts", "is_flapping"];
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom("99-99-9999 99:99:99", "UP", "1/0", "0-0-0 0:0:0"));
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.constantFrom(...keys), value)), (rows) => {
      const { statuses } = readClassic(JSON.stringify({ status: { host_status: rows, service_status: rows } }));
      expect(statuses.every(({ lastCheck }) => lastCheck >= 0 && lastCheck <= NOW)).toBe(true);
    }),
  );
});
