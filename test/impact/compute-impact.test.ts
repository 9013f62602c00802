import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeImpacts } from "../../src/impact/compute-impact.ts";
import { buildGraph, type DependencyGraph, EdgeList } from "../../src/model/dependency-graph.ts";
import { CERTAINTIES } from "../../src/model/impact.ts";
import type { CurrentProblem } from "../../src/model/problem.ts";
import { UNHANDLED } from "../../src/model/state.ts";
import { NOON, status } from "../support/builders.ts";

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly certainty: number;
  readonly group: string | undefined;
}

/** A site of processes h/p and services h:N; services belong to the process of their host. */
interface Site {
  readonly nodes: readonly string[];
  readonly edges: readonly Edge[];
}

const HOSTS = 5;
const aSite: fc.Arbitrary<Site> = fc
  .array(
    fc.record({
      from: fc.nat(HOSTS - 1),
      to: fc.nat(HOSTS - 1),
      port: fc.nat(1),
      certainty: fc.nat(3),
      group: fc.boolean(),
    }),
    { maxLength: 14 },
  )
  .map((links) => {
    const hosts = [...Array(HOSTS).keys()];
    const nodes = hosts.flatMap((h) => [`h${h}/p`, `h${h}:1`, `h${h}:2`]);
    const own = hosts.flatMap((h) =>
      [1, 2].map((port) => ({ from: `h${h}:${port}`, to: `h${h}/p`, certainty: 1, group: undefined })),
    );
    const edges = new Map<string, Edge>(own.map((edge) => [`${edge.from} ${edge.to}`, edge]));
    for (const { from, to, port, certainty, group } of links) {
      const edge = { from: `h${from}/p`, to: `h${to}:${port + 1}`, certainty, group: group ? `g${port}` : undefined };
      edges.set(`${edge.from} ${edge.to}`, edge);
    }
    return { nodes, edges: [...edges.values()] };
  });

const someProblems = fc.uniqueArray(
  fc.record({
    node: fc.nat(HOSTS * 3 - 1),
    state: fc.constantFrom("CRITICAL", "WARNING", "UNKNOWN"),
    stateType: fc.constantFrom("HARD", "SOFT"),
  }),
  { maxLength: 4, selector: (problem) => problem.node },
);

function graphOf(site: Site): DependencyGraph {
  const indexOf = new Map(site.nodes.map((id, i) => [id, i]));
  const list = new EdgeList();
  const groups = new Map<string, number>();
  for (const edge of site.edges) {
    const key = `${edge.from} ${edge.group}`;
    groups.set(key, groups.get(key) ?? groups.size + 1);
    list.add(
      indexOf.get(edge.from) ?? 0,
      indexOf.get(edge.to) ?? 0,
      edge.certainty,
      edge.group === undefined ? 0 : (groups.get(key) ?? 0),
    );
  }
  const infos = site.nodes.map((id) => {
    const service = id.includes(":");
    return {
      id,
      host: id.slice(0, 2),
      kind: service ? "service" : "process",
      port: service ? id.slice(3) : null,
      process: "p",
      holdsServices: !service,
    } as const;
  });
  return buildGraph(infos, indexOf, list);
}

function problem(id: string, state: "CRITICAL" | "WARNING" | "UNKNOWN", stateType: "SOFT" | "HARD"): CurrentProblem {
  const view = {
    status: status(id.slice(0, 2), id, { state, stateType }),
    source: "s",
    handling: UNHANDLED,
    mapping: null,
  };
  return { key: id, view, failed: [id] };
}

/** The fixpoint, the slow way: apply the definition to every node until nothing changes. */
function slowLevels(site: Site, own: ReadonlyMap<string, number>): Map<string, number> {
  const level = new Map(site.nodes.map((id) => [id, 0]));
  const total = (id: string) => Math.max(level.get(id) ?? 0, own.get(id) ?? 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of site.nodes) {
      const needs = site.edges.filter((edge) => edge.from === id);
      const given = needs.map((edge) => {
        const members = edge.group === undefined ? [edge] : needs.filter((other) => other.group === edge.group);
        const levels = members.map((member) => total(member.to));
        const most = Math.max(...levels);
        if (edge.group === undefined) {
          return most;
        }
        return levels.every((each) => each === 3) ? 3 : Math.min(most, 2);
      });
      const next = Math.max(0, ...given);
      if (next > (level.get(id) ?? 0)) {
        level.set(id, next);
        changed = true;
      }
    }
  }
  return level;
}

/** All simple ways from a node to the failed one, with their hops and weakest certainty. */
function slowBest(site: Site, from: string, failed: string): { hops: number; certainty: number } | undefined {
  let best: { hops: number; certainty: number } | undefined;
  const walk = (at: string, hops: number, certainty: number, seen: readonly string[]): void => {
    if (at === failed) {
      if (best === undefined || hops < best.hops || (hops === best.hops && certainty < best.certainty)) {
        best = { hops, certainty };
      }
      return;
    }
    for (const edge of site.edges.filter((each) => each.from === at && !seen.includes(each.to))) {
      const free = at.includes(":") && edge.to === `${at.slice(0, 2)}/p`;
      walk(edge.to, hops + (free ? 0 : 1), Math.max(certainty, edge.certainty), [...seen, edge.to]);
    }
  };
  walk(from, 0, 0, [from]);
  return best;
}

describe("impact of random problems on random sites", () => {
  it("equals plain definitions: reachability, hops, certainty, degrees", () => {
    fc.assert(
      fc.property(aSite, someProblems, (site, picks) => {
        const problems = picks.map((pick) =>
          problem(site.nodes[pick.node] ?? "", pick.state as "CRITICAL", pick.stateType as "HARD"),
        );
        const { impacts } = computeImpacts({
          graph: graphOf(site),
          problems,
          stateOf: () => undefined,
          agentOf: () => "fresh",
          parentsOf: () => [],
          now: NOON,
        });
        const strength = { CRITICAL: 3, WARNING: 2, UNKNOWN: 1 } as const;
        const own = new Map(
          picks.map((pick) => [
            site.nodes[pick.node] ?? "",
            pick.stateType === "SOFT" ? 1 : strength[pick.state as "CRITICAL"],
          ]),
        );
        const levels = slowLevels(site, own);
        for (const each of problems) {
          const rows = impacts.get(each.key)?.affected ?? [];
          const failed = each.failed[0] ?? "";
          const expected = site.nodes.filter(
            (id) => id.includes(":") && id !== failed && slowBest(site, id, failed) !== undefined,
          );
          expect(rows.map((row) => row.id).sort()).toEqual(expected.sort());
          for (const row of rows) {
            const best = slowBest(site, row.id, failed);
            expect({ hops: row.hops, certainty: row.certainty }).toEqual({
              hops: best?.hops,
              certainty: CERTAINTIES[best?.certainty ?? 0],
            });
            expect(row.degree).toBe(["potential", "potential", "degraded", "affected"][levels.get(row.id) ?? 0]);
            expect(row.path.at(-1)).toBe(failed);
            for (const [i, step] of row.path.slice(1).entries()) {
              expect(site.edges.some((edge) => edge.from === row.path[i] && edge.to === step)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("explains as defined: reached from the other and not the other way round", () => {
    fc.assert(
      fc.property(aSite, someProblems, (site, picks) => {
        const problems = picks.map((pick) => problem(site.nodes[pick.node] ?? "", "CRITICAL", "HARD"));
        const { impacts } = computeImpacts({
          graph: graphOf(site),
          problems,
          stateOf: () => undefined,
          agentOf: () => "fresh",
          parentsOf: () => [],
          now: NOON,
        });
        const reaches = (a: CurrentProblem, b: CurrentProblem) =>
          a !== b && slowBest(site, a.failed[0] ?? "", b.failed[0] ?? "") !== undefined;
        for (const q of problems) {
          const by = problems.filter((p) => reaches(q, p) && !reaches(p, q)).map((p) => p.key);
          const impact = impacts.get(q.key);
          expect(impact?.explainedBy.map((ref) => ref.check).sort()).toEqual(by.sort());
          expect(impact?.rootProblem).toBe(by.length === 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("crosses a ring of 500 services once", () => {
    const hosts = [...Array(500).keys()].map((i) => `r${String(i).padStart(3, "0")}`);
    const nodes = hosts.flatMap((host) => [`${host}/p`, `${host}:1`]);
    const edges = hosts.flatMap((host, i) => [
      { from: `${host}:1`, to: `${host}/p`, certainty: 1, group: undefined },
      { from: `${host}/p`, to: `${hosts[(i + 1) % 500]}:1`, certainty: 1, group: undefined },
    ]);
    const indexOf = new Map(nodes.map((id, i) => [id, i]));
    const list = new EdgeList();
    for (const edge of edges) {
      list.add(indexOf.get(edge.from) ?? 0, indexOf.get(edge.to) ?? 0, edge.certainty, 0);
    }
    const infos = nodes.map(
      (id) =>
        ({
          id,
          host: id.slice(0, 4),
          kind: id.includes(":") ? "service" : "process",
          port: id.includes(":") ? "1" : null,
          process: "p",
          holdsServices: !id.includes(":"),
        }) as const,
    );
    const input = {
      graph: buildGraph(infos, indexOf, list),
      problems: [problem("r000:1", "CRITICAL", "HARD")],
      stateOf: () => undefined,
      agentOf: () => "fresh" as const,
      parentsOf: () => [],
      now: NOON,
    };
    const rows = computeImpacts(input).impacts.get("r000:1")?.affected ?? [];
    expect(rows).toHaveLength(499);
    expect(rows.at(-1)).toMatchObject({ id: "r001:1", hops: 499 });
    // Where there is no room for all rows of all problems, the nearest are listed and the numbers stay exact.
    const many = hosts.slice(0, 20).map((host) => problem(`${host}:1`, "CRITICAL", "HARD"));
    const cut = computeImpacts({ ...input, problems: many, allRows: 2_000 }).impacts.get("r000:1");
    expect(cut?.affected).toHaveLength(100);
    expect(cut?.affected.at(-1)).toMatchObject({ hops: 100 });
    expect(cut).toMatchObject({ leftOut: { services: 399, processes: 0 }, rootProblem: true });
    expect(cut?.hosts).toHaveLength(499);
    expect(cut?.summary).toContain("499 services on 499 hosts may be affected");
  });
});
