/** An agent with a valid token that makes up what it reports: it may lie about its host, but must not hold up the others. */
import { expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import type { Connection } from "../../src/model/host-report.ts";
import { listener, NOON, out, report, rules } from "../support/builders.ts";

const ROWS = 20_000;

/** Rows of the `nth` report, all of them new: connections of one program to 200 hosts, each time to other ports. */
function made(nth: number): Connection[] {
  return Array.from({ length: ROWS }, (_, at) => {
    const row = nth * ROWS + at;
    return out("liar", `10.0.1.${row % 200}`, 1 + Math.floor(row / 200), 1, NOON + nth * 60);
  });
}

function lie(engine: Engine, nth: number, connections: Connection[]): void {
  engine.report(report("liar", "10.0.0.66", { connections, seenAt: NOON + nth * 60, sequence: nth }));
}

const fetched = (engine: Engine, nth: number) => engine.everything(NOON + nth * 60).nodes.get("liar")?.fetchStatus;

it("D40 beyond 30,000 new rows ten a second are taken, the rest is left out, counted and told; what repeats is always taken", () => {
  const engine = new Engine(rules());
  lie(engine, 1, made(1));
  expect(engine.forgotten).toBe(0);
  for (const nth of [2, 3, 4]) {
    lie(engine, nth, made(nth));
  }
  // A minute makes room for 600.
  expect(engine.forgotten).toBeGreaterThanOrEqual(4 * ROWS - 30_000 - 3 * 600);
  expect(fetched(engine, 4)).toContain("left out");

  const before = engine.forgotten;
  lie(engine, 5, made(2).slice(0, 100));
  expect(engine.forgotten).toBe(before);
  expect(fetched(engine, 5)).toBe("OK");
});

it("D40 of the hosts and of the programs it makes up 5,000 are believed", () => {
  const engine = new Engine(rules());
  const strange = (at: number) => `10.9.${Math.floor(at / 250)}.${at % 250}`;
  lie(
    engine,
    1,
    Array.from({ length: ROWS }, (_, at) => out("liar", strange(at), 80)),
  );
  const named = Array.from({ length: ROWS }, (_, at) => out(`program${at}`, "10.0.0.66", 80));
  engine.report(report("other", "10.0.0.67", { connections: named }));
  const { graphs } = engine.everything(NOON);
  expect(graphs.size).toBeLessThanOrEqual(5_002);
  expect(graphs.get("other")?.nodes.length).toBeLessThanOrEqual(5_002);
  // Those that are believed are believed again.
  const before = engine.forgotten;
  lie(
    engine,
    2,
    Array.from({ length: ROWS }, (_, at) => out("liar", strange(at), 80)),
  );
  expect(engine.forgotten - before).toBe(ROWS - 5_000);
  expect(engine.everything(NOON + 60).graphs.size).toBe(graphs.size);
});

it("D40 other hosts go first: what they report waits for one of the liars at most", () => {
  const engine = new Engine(rules(), 100);
  const lieAll = (nth: number) => {
    for (let at = 0; at < 5; at++) {
      const connections = made(nth * 5 + at).slice(0, 200);
      engine.report(report(`liar${at}`, `10.0.2.${at}`, { connections }));
    }
  };
  lieAll(0);
  engine.report(report("db", "10.0.0.2", { listeners: [listener("mysqld", 3306)] }));
  engine.report(report("web", "10.0.0.1", { connections: [out("php", "10.0.0.2", 3306)] }));
  // A site of which nothing was told yet is told of as a whole.
  engine.everything(NOON);
  lieAll(1);
  engine.report(report("web", "10.0.0.1", { connections: [out("java", "10.0.0.2", 3306)] }));
  const told = [engine.settle(NOON), engine.settle(NOON), engine.settle(NOON)];
  expect(told.some((turn) => JSON.stringify(turn.graphs.get("web"))?.includes("java"))).toBe(true);
  expect(engine.unsettled).toBe(true);
});
