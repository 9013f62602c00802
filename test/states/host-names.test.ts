import { expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import type { NotesObserved } from "../../src/model/monitoring.ts";
import { listener, monitored, NOON, objects, report, rules, states, status } from "../support/builders.ts";

const ALIASES = new Map([["srv-0815", "db01"]]);

const COMMENT: NotesObserved = {
  kind: "notes",
  source: "nagios",
  comments: [
    {
      ...{ host: "srv-0815", check: null, id: "1", origin: "user", author: "ops", text: "rack 7" },
      ...{ entered: NOON, expires: 0, persistent: true },
    },
  ],
  downtimes: [],
};

function engineWith(aliases: ReadonlyMap<string, string>): Engine {
  const engine = new Engine(rules({ userNodeAliases: aliases }));
  engine.report(report("db01", "10.0.0.21", { listeners: [listener("mysqld", 3306)] }));
  engine.observe(objects([monitored("srv-0815", "10.9.9.9", { groups: ["db"] })]));
  engine.observe(states([status("srv-0815", null), status("srv-0815", "MySQL", { state: "CRITICAL" })]));
  engine.observe(COMMENT);
  return engine;
}

it("shows what the monitoring says of a host under the name its agent has, where the user says they are one", () => {
  const changes = engineWith(ALIASES).settle(NOON);
  expect([...changes.impacts.keys()]).toEqual(["db01::MySQL"]);
  expect(changes.impacts.get("db01::MySQL")?.failed).toEqual([expect.objectContaining({ id: "db01:3306" })]);
  expect(changes.notes.get("db01")).toMatchObject({ comments: [{ text: "rack 7" }] });
  expect(changes.notes.has("srv-0815")).toBe(false);
});

it("goes by an alias that is set while it runs, and by its removal", () => {
  const engine = engineWith(new Map());
  expect(engine.settle(NOON).impacts.has("srv-0815::MySQL")).toBe(true);
  engine.configure(rules({ userNodeAliases: ALIASES }));
  const renamed = engine.settle(NOON);
  expect(renamed.impacts.get("srv-0815::MySQL")).toBe(null);
  expect(renamed.impacts.get("db01::MySQL")?.failed).toHaveLength(1);
  expect(renamed.serviceChecks.get("srv-0815") ?? null).toBe(null);
  engine.configure(rules());
  const back = engine.settle(NOON);
  expect(back.impacts.get("db01::MySQL")).toBe(null);
  expect(back.impacts.get("srv-0815::MySQL")?.failed).toEqual([]);
});

it("takes the newer result where two names mean one host, and what is left where one is gone", () => {
  const engine = engineWith(ALIASES);
  engine.observe(states([status("db01", "MySQL", { lastCheck: NOON + 5 })], "other"));
  expect(engine.settle(NOON).impacts.get("db01::MySQL") ?? null).toBe(null);
  engine.forgetSource("other");
  const changes = engine.settle(NOON);
  expect(changes.impacts.get("db01::MySQL")).toMatchObject({ problem: { state: "CRITICAL" } });
});

it("forgets a source with all it said", () => {
  const engine = engineWith(new Map());
  engine.settle(NOON);
  engine.forgetSource("nagios");
  const changes = engine.settle(NOON);
  expect(changes.impacts.get("srv-0815::MySQL")).toBe(null);
  expect(changes.sources.get("nagios")).toBe(null);
  expect(engine.settle(NOON).sources.size).toBe(0);
});
