import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { componentsOf } from "../../src/impact/components.ts";
import { countReach } from "../../src/impact/count-reach.ts";
import { cutOff } from "../../src/impact/cut-vertices.ts";
import { buildGraph, type DependencyGraph, EdgeList } from "../../src/model/dependency-graph.ts";
import { inOneGo } from "../../src/model/pieces.ts";

type Edge = readonly [from: number, to: number];

const aGraph = fc.integer({ min: 1, max: 24 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 50 }),
  }),
);

function graphOf(size: number, edges: readonly Edge[]): DependencyGraph {
  const nodes = Array.from({ length: size }, (_, i) => {
    return { id: `h${i}:1`, host: `h${i}`, kind: "service" as const, port: "1", process: null, holdsServices: false };
  });
  const list = new EdgeList();
  for (const [from, to] of edges) {
    list.add(from, to, 0);
  }
  return buildGraph(nodes, new Map(nodes.map(({ id }, i) => [id, i])), list);
}

/** Everything that can be reached from a node over the edges, the node itself included. */
function reachable(from: number, edges: readonly Edge[]): Set<number> {
  const seen = new Set([from]);
  for (let size = 0; size !== seen.size; ) {
    size = seen.size;
    for (const [a, b] of edges) {
      if (seen.has(a)) {
        seen.add(b);
      }
    }
  }
  return seen;
}

/** Each edge at both ends, without those to itself. */
function bothWays(edges: readonly Edge[]): Edge[] {
  return edges
    .filter(([a, b]) => a !== b)
    .flatMap(([a, b]): Edge[] => [
      [a, b],
      [b, a],
    ]);
}

describe("strongly connected components", () => {
  it("hold exactly the nodes that reach each other, and need only smaller numbers", () => {
    fc.assert(
      fc.property(aGraph, ({ size, edges }) => {
        const { of, count } = componentsOf(graphOf(size, edges));
        expect(new Set(of).size).toBe(count);
        const reached = Array.from({ length: size }, (_, node) => reachable(node, edges));
        for (let a = 0; a < size; a += 1) {
          for (let b = 0; b < size; b += 1) {
            const mutual = reached[a]?.has(b) === true && reached[b]?.has(a) === true;
            expect(of[a] === of[b]).toBe(mutual);
            expect(reached[a]?.has(b) === true && (of[b] ?? 0) > (of[a] ?? 0)).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("are found on a chain of a hundred thousand without running out of stack", () => {
    const edges = Array.from({ length: 99_999 }, (_, i): Edge => [i, i + 1]);
    expect(componentsOf(graphOf(100_000, edges)).count).toBe(100_000);
    expect(componentsOf(graphOf(100_000, [...edges, [99_999, 0]])).count).toBe(1);
  });
});

describe("counting what many failures take with them", () => {
  it("gives for each the number of counted nodes that reach it, itself left out", () => {
    const failures = fc.array(fc.array(fc.nat(23), { maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(aGraph, failures, ({ size, edges }, drawn) => {
        const failed = drawn.map((nodes) => nodes.filter((node) => node < size));
        const counts = (node: number) => node % 3 !== 0;
        const expected = failed.map((nodes) => {
          const all = Array.from({ length: size }, (_, node) => node);
          const hit = all.filter((node) => nodes.some((each) => reachable(node, edges).has(each)));
          return hit.filter((node) => !nodes.includes(node) && counts(node)).length;
        });
        expect([...inOneGo(countReach(graphOf(size, edges), failed, counts))]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same in several passes", () => {
    const size = 3000;
    const edges = Array.from({ length: size - 1 }, (_, i): Edge => [i + 1, i]);
    const failures = Array.from({ length: size }, (_, i) => [i]);
    const expected = failures.map(([node = 0]) => size - 1 - node);
    expect([...inOneGo(countReach(graphOf(size, edges), failures, () => true))]).toEqual(expected);
  });
});

describe("articulation points", () => {
  it("cut off exactly what is outside the largest part when they are taken away", () => {
    fc.assert(
      fc.property(aGraph, ({ size, edges }) => {
        const undirected = bothWays(edges);
        const { needStart, needTo } = graphOf(size, undirected);
        const expected = Array.from({ length: size }, (_, node) => lostWithout(node, size, undirected));
        expect([...cutOff({ start: needStart, to: needTo })]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("are found on a chain of a hundred thousand without running out of stack", () => {
    const edges = bothWays(Array.from({ length: 99_999 }, (_, i): Edge => [i, i + 1]));
    const { needStart, needTo } = graphOf(100_000, edges);
    const cut = cutOff({ start: needStart, to: needTo });
    expect([cut[0], cut[1], cut[50_000]]).toEqual([0, 1, 49_999]);
  });
});

function lostWithout(node: number, size: number, edges: readonly Edge[]): number {
  const own = [...reachable(node, edges)].filter((each) => each !== node);
  const rest = edges.filter(([a, b]) => a !== node && b !== node);
  const parts = own.map((each) => reachable(each, rest).size);
  return size === 0 ? 0 : own.length - Math.max(0, ...parts);
}
