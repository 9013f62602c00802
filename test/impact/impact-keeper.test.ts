import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ImpactKeeper } from "../../src/impact/impact-keeper.ts";
import { buildGraph, type DependencyGraph, EdgeList } from "../../src/model/dependency-graph.ts";
import { grouped } from "../../src/model/grouped.ts";
import { CERTAINTIES, type Impact } from "../../src/model/impact.ts";
import type { CurrentProblem, ServiceState } from "../../src/model/problem.ts";
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
/** Random histories of the slowest property; more by hand. */
const RUNS = Number(process.env["DOTM_RUNS"] ?? 300);
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

/** What a keeper takes in at once. */
interface Scene {
  readonly graph: DependencyGraph;
  readonly problems: readonly CurrentProblem[];
  readonly states?: ReadonlyMap<string, ServiceState>;
  readonly silent?: readonly string[];
  readonly monitored?: ReadonlyMap<string, { readonly parents: readonly string[] }>;
}

/** A keeper and one turn of it; `changed` and `agents` say what of the graph differs from before. */
function turn(keeper: ImpactKeeper, scene: Scene, changed: Iterable<number>, agents: Iterable<string>) {
  const { graph, problems, states = new Map<string, ServiceState>(), silent = [], monitored = new Map() } = scene;
  const ofHost = grouped(problems, ({ view }) => view.status.host);
  return keeper.update({
    graph,
    change: { nodes: new Set(changed), agents: new Set(agents), renumbered: false },
    judged: new Set([...graph.nodes.map(({ host }) => host), ...ofHost.keys()]),
    problemsOf: (host) => ofHost.get(host) ?? [],
    servicesOf: (host) => new Map([...states].filter(([id]) => id.startsWith(host))),
    stateOf: (id) => states.get(id),
    agentOf: (host) => (silent.includes(host) ? "stale" : "fresh"),
    monitored,
    now: NOON,
  });
}

function kept(keeper: ImpactKeeper): Map<string, Impact | undefined> {
  return new Map([...keeper.keys()].sort().map((key) => [key, keeper.of(key)]));
}

function impactsOf(graph: DependencyGraph, problems: readonly CurrentProblem[], allRows?: number) {
  const keeper = new ImpactKeeper(allRows);
  turn(keeper, { graph, problems }, graph.nodes.keys(), []);
  return kept(keeper);
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
        const impacts = impactsOf(graphOf(site), problems);
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
        const impacts = impactsOf(graphOf(site), problems);
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
    const graph = buildGraph(infos, indexOf, list);
    const rows = impactsOf(graph, [problem("r000:1", "CRITICAL", "HARD")]).get("r000:1")?.affected ?? [];
    expect(rows).toHaveLength(499);
    expect(rows.at(-1)).toMatchObject({ id: "r001:1", hops: 499 });
    // Where there is no room for all rows of all problems, the nearest are listed and the numbers stay exact.
    const many = hosts.slice(0, 20).map((host) => problem(`${host}:1`, "CRITICAL", "HARD"));
    const cut = impactsOf(graph, many, 2_000).get("r000:1");
    expect(cut?.affected).toHaveLength(100);
    expect(cut?.affected.at(-1)).toMatchObject({ hops: 100 });
    expect(cut).toMatchObject({ leftOut: { services: 399, processes: 0 }, rootProblem: true });
    expect(cut?.hosts).toHaveLength(499);
    expect(cut?.summary).toContain("499 services on 499 hosts may be affected");
  });
});

/** A site as it may be next, with what the monitoring says then. */
const aScene = fc.record({
  site: aSite,
  picks: fc.uniqueArray(
    fc.record({
      node: fc.nat(HOSTS * 3 - 1),
      more: fc.option(fc.nat(HOSTS * 3 - 1), { nil: undefined }),
      state: fc.constantFrom("CRITICAL", "WARNING", "UNKNOWN", "DOWN", "UNREACHABLE"),
      stateType: fc.constantFrom("HARD", "SOFT"),
      output: fc.constantFrom("", "other words"),
      ambiguous: fc.boolean(),
    }),
    { maxLength: 6, selector: (pick) => pick.node },
  ),
  states: fc.uniqueArray(fc.tuple(fc.nat(HOSTS * 3 - 1), fc.constantFrom("OK", "CRITICAL"), fc.boolean()), {
    maxLength: 5,
    selector: ([node]) => node,
  }),
  silent: fc.subarray(["h0", "h1"]),
  parents: fc.constantFrom<readonly string[]>([], ["h0"], ["h1"]),
  keeps: fc.record({ site: fc.boolean(), picks: fc.boolean(), states: fc.boolean(), silent: fc.boolean() }),
});

type ScenePicks = typeof aScene extends fc.Arbitrary<infer T> ? T : never;

function sceneOf({ site, picks, states, silent, parents }: ScenePicks): Scene {
  const problems = picks.map(({ node, more, state, stateType, output, ambiguous }): CurrentProblem => {
    const id = site.nodes[node] ?? "";
    // A host has one check of its own.
    const ofHost = (state === "DOWN" || state === "UNREACHABLE") && id.endsWith("/p");
    const service = state === "DOWN" || state === "UNREACHABLE" ? "CRITICAL" : state;
    const failed = [id, ...(more === undefined ? [] : [site.nodes[more] ?? ""])];
    const mapping = { host: id.slice(0, 2), check: id, services: failed, confidence: 1, evidence: [], runnerUp: null };
    const view = {
      status: status(id.slice(0, 2), ofHost ? null : id, { state: ofHost ? state : service, stateType, output }),
      source: "s",
      handling: UNHANDLED,
      mapping: ofHost ? null : { ...mapping, ambiguous },
    };
    return { key: `${id}${ofHost ? "!" : ""}`, view, failed: [...new Set(failed)].sort() };
  });
  const judged = states.map(([node, state, soft]): [string, ServiceState] => [
    site.nodes[node] ?? "",
    { state, stateType: "HARD", handling: { ...UNHANDLED, soft }, checks: [] },
  ]);
  return {
    graph: graphOf(site),
    problems,
    states: new Map(judged),
    silent,
    monitored: new Map(["h2", "h3", "h4"].map((host) => [host, { parents }])),
  };
}

/** Nodes whose needs differ, and those of hosts whose agent fell silent or came back. */
function changedNodes(before: ScenePicks | undefined, now: ScenePicks, agents: readonly string[]): number[] {
  const needs = (scene: ScenePicks | undefined, id: string) =>
    JSON.stringify(scene?.site.edges.filter((edge) => edge.from === id).map((edge) => Object.values(edge)));
  return now.site.nodes.flatMap((id, node) =>
    needs(before, id) === needs(now, id) && !agents.includes(id.slice(0, 2)) ? [] : [node],
  );
}

describe("a keeper of impacts", () => {
  it("holds after many turns what it would hold after one, and tells each that differs", () => {
    fc.assert(
      fc.property(fc.array(aScene, { minLength: 2, maxLength: 8 }), (scenes) => {
        const keeper = new ImpactKeeper(300);
        const unread = new ImpactKeeper(300);
        let before: ScenePicks | undefined;
        for (const drawn of scenes) {
          const { keeps } = drawn;
          const now: ScenePicks = {
            ...drawn,
            site: keeps.site ? (before?.site ?? drawn.site) : drawn.site,
            picks: keeps.picks ? (before?.picks ?? drawn.picks) : drawn.picks,
            states: keeps.states ? (before?.states ?? drawn.states) : drawn.states,
            silent: keeps.silent ? (before?.silent ?? drawn.silent) : drawn.silent,
          };
          const told = kept(keeper);
          const agents = ["h0", "h1"].filter((host) => before?.silent.includes(host) !== now.silent.includes(host));
          const { problems } = turn(keeper, sceneOf(now), changedNodes(before, now, agents), agents);
          const fresh = new ImpactKeeper(300);
          turn(fresh, sceneOf(now), changedNodes(undefined, now, []), []);
          turn(unread, sceneOf(now), changedNodes(before, now, agents), agents);
          expect(kept(keeper)).toEqual(kept(fresh));
          expect([...keeper.levels]).toEqual([...fresh.levels]);
          const differ = [...new Set([...told.keys(), ...kept(keeper).keys()])].filter(
            (key) => told.get(key) !== keeper.of(key),
          );
          expect([...problems].sort()).toEqual(differ.sort());
          before = now;
        }
        expect(kept(unread)).toEqual(kept(keeper));
      }),
      { numRuns: RUNS },
    );
  });

  it("knows a host that is no longer hidden from one that is, though neither is hit harder", () => {
    const edges = ["h1:1", "h2:1"].map((to) => ({ from: "h0/p", to, certainty: 1, group: "g" }));
    const graph = graphOf({ nodes: ["h0/p", "h1:1", "h2:1"], edges });
    const host = (state: "UNREACHABLE" | "DOWN", stateType: "HARD" | "SOFT"): CurrentProblem => {
      const view = {
        status: status("h2", null, { state, stateType }),
        source: "s",
        handling: UNHANDLED,
        mapping: null,
      };
      return { key: "h2", view, failed: ["h2:1"] };
    };
    const keeper = new ImpactKeeper();
    const lost = problem("h1:1", "CRITICAL", "HARD");
    turn(keeper, { graph, problems: [lost, host("UNREACHABLE", "HARD")] }, graph.nodes.keys(), []);
    expect(keeper.levels[0]).toBe(3);
    turn(keeper, { graph, problems: [lost, host("DOWN", "SOFT")] }, [], []);
    expect(keeper.levels[0]).toBe(2);
  });

  it("keeps the impacts that a change does not touch", () => {
    const site: Site = {
      nodes: ["h0/p", "h0:1", "h1/p", "h1:1"],
      edges: [
        { from: "h0:1", to: "h0/p", certainty: 1, group: undefined },
        { from: "h1:1", to: "h1/p", certainty: 1, group: undefined },
      ],
    };
    const graph = graphOf(site);
    const keeper = new ImpactKeeper();
    const one = problem("h0:1", "CRITICAL", "HARD");
    turn(keeper, { graph, problems: [one] }, graph.nodes.keys(), []);
    const before = keeper.of("h0:1");
    const { problems } = turn(keeper, { graph, problems: [one, problem("h1:1", "WARNING", "HARD")] }, [], []);
    expect(keeper.of("h0:1")).toBe(before);
    expect([...problems]).toEqual(["h1:1"]);
  });
});
