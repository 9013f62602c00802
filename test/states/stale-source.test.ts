import { expect, it } from "vitest";
import { isStaleSource } from "../../src/model/stale-source.ts";
import { StatusTable } from "../../src/states/status-table.ts";
import { health, NOON } from "../support/builders.ts";

const NOTHING = { hosts: 0, checks: 0 };
const FAILED = { ok: false, error: "away" };

it.each([
  ["fresh", {}, false],
  ["too old", { asOf: NOON - 61 }, true],
  ["failed just now", FAILED, false],
  ["a push source that was told nothing yet", { asOf: 0, ...NOTHING }, false],
  ["a first reading that failed", { asOf: 0, ...NOTHING, ...FAILED }, false],
  ["states of no known age, well", { asOf: 0 }, false],
  ["states of no known age, failed", { asOf: 0, ...FAILED }, true],
] as const)("is stale or not: %s", (_, parts, expected) => {
  expect(isStaleSource({ ...health(), ...parts }, NOON)).toBe(expected);
});

it("is as old as its last word when it is made anew and fails, and nothing when it was forgotten", () => {
  const table = new StatusTable();
  const anew = { ...health("nagios", 0), ...NOTHING, ...FAILED };
  table.observe({ ...health("nagios", NOON), hosts: 2, checks: 3 });
  table.observe(anew);
  expect(table.sources().get("nagios")).toMatchObject({ ok: false, error: "away", asOf: NOON, hosts: 2, checks: 3 });
  table.forget("nagios");
  table.observe(anew);
  expect(table.sources().get("nagios")).toEqual(anew);
});
