import { describe, expect, it } from "vitest";
import { spread } from "../../src/impact/degrees.ts";
import { groupNeeds } from "../../src/impact/redundancy.ts";
import { buildGraph, EdgeList } from "../../src/model/dependency-graph.ts";
import type { GroupOperator } from "../../src/model/redundancy.ts";
import { quorumOf } from "../../src/model/redundancy.ts";

/** What a client of three redundant services gets, for levels 0 fine, 1 in doubt, 2 degraded, 3 lost. */
function levelOf(levels: readonly number[], operator?: GroupOperator): number {
  const members = levels.map((_, i) => `h${i}:1`);
  const nodes = ["c/p", ...members].map(
    (id) =>
      ({
        id,
        host: id.slice(0, 2),
        kind: id.includes(":") ? "service" : "process",
        port: null,
        process: "p",
        holdsServices: false,
      }) as const,
  );
  const edges = new EdgeList();
  const quorum = operator === undefined ? 0 : quorumOf(operator, levels.length);
  for (const i of levels.keys()) {
    edges.add(0, i + 1, 1, 1, quorum);
  }
  const graph = buildGraph(nodes, new Map(nodes.map(({ id }, i) => [id, i])), edges);
  return spread(graph, Uint8Array.from([0, ...levels]), new Uint8Array(nodes.length))[0] ?? 0;
}

describe("a client of a redundancy group", () => {
  it.each([
    [[0, 0, 0], 0],
    [[3, 0, 0], 2],
    [[3, 3, 0], 2],
    [[3, 3, 3], 3],
    [[2, 0, 0], 2],
    [[2, 2, 2], 2],
    [[3, 3, 2], 2],
    [[1, 0, 0], 1],
    [[1, 1, 1], 1],
    [[3, 1, 1], 2],
  ])("of levels %j is at %i by default", (levels, expected) => {
    expect(levelOf(levels)).toBe(expected);
  });

  it.each([
    ["worst", { kind: "worst" }, [3, 0, 0], 3],
    ["worst", { kind: "worst" }, [1, 0, 0], 1],
    ["best", { kind: "best" }, [3, 3, 0], 0],
    ["best", { kind: "best" }, [3, 3, 1], 1],
    ["best", { kind: "best" }, [3, 3, 3], 3],
    ["min 2", { kind: "min", count: 2 }, [3, 0, 0], 0],
    ["min 2", { kind: "min", count: 2 }, [3, 2, 0], 2],
    ["min 2", { kind: "min", count: 2 }, [3, 3, 0], 3],
    ["min 9 of 3", { kind: "min", count: 9 }, [3, 0, 0], 3],
    ["50 %", { kind: "percent", percent: 50 }, [3, 0, 0], 0],
    ["50 %", { kind: "percent", percent: 50 }, [3, 3, 0], 3],
    ["100 %", { kind: "percent", percent: 100 }, [3, 0, 0], 3],
  ] as const)("with %s: %j of levels %j is at %i", (_, operator, levels, expected) => {
    expect(levelOf(levels, operator)).toBe(expected);
  });
});

describe("groups", () => {
  const need = (to: string, process: string | null) => ({
    from: "web01/app",
    to,
    host: to.slice(0, 4),
    port: to.slice(5),
    process,
  });

  it("are services of one program and port on different hosts", () => {
    const groups = groupNeeds(
      [need("db01:3306", "mysqld"), need("db02:3306", "mysqld"), need("db03:3306", null), need("db01:6379", "redis")],
      [],
    );
    expect(Object.fromEntries(groups)).toEqual({
      "web01/app\ndb01:3306": { name: "3306 mysqld", quorum: 0 },
      "web01/app\ndb02:3306": { name: "3306 mysqld", quorum: 0 },
    });
  });

  it("are as somebody wrote them down, with their operator", () => {
    const written = [{ members: ["db01:3306", "db02:5432"], operator: { kind: "best" } as const }];
    const groups = groupNeeds(
      [need("db01:3306", "mysqld"), need("db02:5432", null), need("db03:3306", "mysqld")],
      written,
    );
    expect([...groups.values()]).toEqual([
      { name: "db01:3306, db02:5432", quorum: 1 },
      { name: "db01:3306, db02:5432", quorum: 1 },
    ]);
  });
});
