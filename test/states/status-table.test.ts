/** What sources said that have been silent for long. */
import { expect, it } from "vitest";
import { StatusTable } from "../../src/states/status-table.ts";
import { health, NOON, states, status } from "../support/builders.ts";

const DAY = 86_400;

it("lets go of what a silent source said, and has all of it again with its next word, however small", () => {
  const table = new StatusTable();
  table.observe(states([status("web01", null), status("db01", null)]));
  table.observe(health("nagios", NOON));
  table.expire(DAY, NOON + DAY);
  expect([...table.hosts()].sort()).toEqual(["db01", "web01"]);
  table.takeChanged();

  table.expire(DAY, NOON + DAY + 1);
  expect([...table.hosts()]).toEqual([]);
  expect([...table.takeChanged()].sort()).toEqual(["db01", "web01"]);

  table.observe({ ...states([status("db01", "Load")]), full: false });
  table.observe(health("nagios", NOON + 2 * DAY));
  table.expire(DAY, NOON + 2 * DAY);
  expect([...table.hosts()].sort()).toEqual(["db01", "web01"]);
  expect(table.of("db01").size).toBe(2);
});

it("falls back to a source that speaks, and forgets nothing where no time is set", () => {
  const table = new StatusTable();
  for (const [source, asOf] of [
    ["nagios", NOON + 2 * DAY],
    ["icinga", NOON],
  ] as const) {
    table.observe({ ...states([status("db01", null)]), source });
    table.observe(health(source, asOf));
  }
  table.expire(Number.POSITIVE_INFINITY, NOON + 2 * DAY);
  table.expire(DAY, NOON + 2 * DAY);
  expect([...table.of("db01").values()].map(({ source }) => source)).toEqual(["nagios"]);
  expect(table.sources().has("icinga")).toBe(true);
});
