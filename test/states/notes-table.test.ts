import { describe, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import type { NotesObserved } from "../../src/model/monitoring.ts";
import { NotesTable } from "../../src/states/notes-table.ts";
import { monitored, NOON, objects, rules } from "../support/builders.ts";

function notes(host: string, text: string, source = "nagios"): NotesObserved {
  const times = { entered: NOON, expires: 0, persistent: true };
  const comment = { host, check: null, id: "1", origin: "user", author: "ops", text, ...times } as const;
  return { kind: "notes", source, comments: [comment], downtimes: [] };
}

describe("what is noted at hosts", () => {
  it("is what the last word of each source says", () => {
    const table = new NotesTable();
    table.observe(objects([monitored("web", "10.0.0.1", { alias: "The web server", actionUrl: "http://wiki/web" })]));
    table.observe(notes("web", "slow"));
    table.observe(notes("db", "full", "icinga"));
    expect(table.of("web")).toMatchObject({ alias: "The web server", comments: [{ text: "slow" }], downtimes: [] });
    expect(table.takeChanged()).toEqual(new Set(["web", "db"]));
    table.observe({ ...notes("web", ""), comments: [] });
    expect(table.takeChanged()).toEqual(new Set(["web"]));
    expect(table.of("web")?.comments).toEqual([]);
    expect(table.of("db")?.comments).toMatchObject([{ text: "full" }]);
    expect(table.of("nobody")).toBeUndefined();
  });

  it("does not show the values of custom variables that look like secrets", () => {
    const table = new NotesTable();
    const customVariables = new Map([
      ["ROLE", "web"],
      ["SNMPCOMMUNITY", "s3cret"],
      ["MYSQL_PASSWORD", "s3cret"],
    ]);
    table.observe(objects([monitored("web", "10.0.0.1", { customVariables })]));
    expect(table.of("web")?.variables.map(({ value }) => value)).toEqual(["web", "***", "***"]);
  });
});

describe("the engine", () => {
  it("hands notes on when they change, and their end", () => {
    const engine = new Engine(rules());
    engine.observe(notes("web", "slow"));
    expect(engine.settle(NOON).notes.get("web")).toMatchObject({ comments: [{ text: "slow" }] });
    engine.observe(notes("web", "slow"));
    const same = engine.settle(NOON + 1);
    expect([same.notes.size, same.events]).toEqual([0, []]);
    expect(engine.everything(NOON + 2).notes.get("web")).toBeDefined();
    engine.observe({ ...notes("web", ""), comments: [] });
    const ended = engine.settle(NOON + 3);
    expect(ended.notes).toEqual(new Map([["web", null]]));
    expect(ended.events).toContainEqual({ kind: "notes", host: "web", subject: null, from: null, to: null });
  });
});
