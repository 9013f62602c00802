import { describe, expect, it } from "vitest";
import { spread } from "../../src/impact/degrees.ts";
import { groupNeeds } from "../../src/impact/redundancy.ts";
import { buildGraph, EdgeList } from "../../src/model/dependency-graph.ts";
import type { GroupOperator } from "../../src/model/redundancy.ts";
import { quorumOf } from "../../src/model/redundancy.ts";

/** What a client of three redundant services gets, for levels 0 fine, 1 in doubt, 2 degraded, 3 lost. */
function levelOf(levels: readonly number[], operator?: GroupOperator, hidden: readonly number[] = []): number {
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
  const own = { levels: Uint8Array.from([0, ...levels]), isHidden: (node: number) => hidden.includes(node - 1) };
  return spread(graph, own, new Uint8Array(nodes.length))[0] ?? 0;
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
    [[3, 1], [1], 3],
    [[1, 1], [0, 1], 1],
    [[3, 1, 1], [1, 2], 3],
    [[3, 1, 0], [1], 2],
    [[3, 1, 1], [1], 2],
    [[2, 1], [1], 2],
  ])("of levels %j, of which %j are on unreachable hosts, is at %i", (levels, hidden, expected) => {
    expect(levelOf(levels, undefined, hidden)).toBe(expected);
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

/** The cases of Icinga's redundancy groups (dependency-state.cpp), in our levels; a group must have somebody available. */
describe("a redundancy group of hosts, in Icinga's words", () => {
  const [up, down, unreachable, soft] = [0, 3, 1, 1];
  it.each([
    ["all parents up: OK", [up, up], 0],
    ["one parent down, the other up: still OK there, less to fall back on here", [down, up], 2],
    ["all parents down: failed", [down, down], 3],
    [
      "one parent down, the other unreachable: none is known to be available, none but one is known to be lost",
      [down, unreachable],
      2,
    ],
    ["all parents unreachable: nobody knows", [unreachable, unreachable], 1],
    ["one parent not sure yet (ignore_soft_states), the other up", [soft, up], 1],
  ] as const)("%s", (_, levels, expected) => {
    expect(levelOf(levels)).toBe(expected);
  });

  it("has nothing to do with a parent outside its period: that is no member, neither lost nor left", () => {
    expect(levelOf([down, up].slice(0, 1))).toBe(3);
    expect(levelOf([down, down].slice(0, 2))).toBe(3);
    expect(levelOf([up])).toBe(0);
  });
});
