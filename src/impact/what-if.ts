/** What would be hit if things were down, or up again: the same walk as for a real alert, on loaded hosts only. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { GraphNode, HostGraph } from "../model/host-graph.ts";
import { parseId } from "../model/ids.ts";
import type { RelievedRow } from "../model/impact.ts";
import { type Doing, inOneGo, type Pieces } from "../model/pieces.ts";
import type { ServiceState } from "../model/problem.ts";
import { Closure } from "./closures.ts";
import { degreeOf, levelOf, type OwnLevels, spread } from "./degrees.ts";
import { affectedRows, failedRow, type ImpactRows, impactRows } from "./impact-rows.ts";
import { indices } from "./indices.ts";
import { isShown, NodeFacts } from "./node-facts.ts";
import { ReachWalk } from "./reach.ts";
import { countReached } from "./reached.ts";
import { siteGraph } from "./site-graph.ts";

/** Loads the graphs of hosts; hosts without one are left out. */
export interface GraphLoader {
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
}

/** Ids assumed to have failed, and ids assumed to be well whatever is wrong with them now. */
export interface Assumed {
  readonly failed: readonly string[];
  readonly well: readonly string[];
}

/** What would be. */
export interface WhatIf {
  readonly rows: ImpactRows;
  /** Ids that would be affected and are not now. */
  readonly newlyAffected: ReadonlySet<string>;
  readonly relieved: readonly RelievedRow[];
}

/** Answers for what is assumed together with everything that is wrong now; `host` is the one asked about. */
export async function whatIf(
  loader: GraphLoader,
  assumed: Assumed,
  host: string,
  doing: Doing = inOneGo,
): Promise<WhatIf> {
  return doing(consequences(await loadDependents(loader, assumed, host, doing), assumed, host));
}

function* consequences({ graphs, nodes, touched }: Loaded, assumed: Assumed, host: string): Pieces<WhatIf> {
  const graph = yield* siteGraph(graphs);
  yield;
  const before = Uint8Array.from(graph.nodes, ({ id }) => levelOf(nodes.get(id)?.degree ?? null));
  const isHidden = (node: number) => graphs.get(graph.nodes[node]?.host ?? "")?.state === "UNREACHABLE";
  yield;
  const levels = levelsAfter(graph, nodes, touched, assumed, { before, isHidden });
  yield;
  const broken = indices(graph, assumed.failed);
  const facts = new NodeFacts();
  facts.update(graph, graph.nodes.keys());
  yield;
  const scene = {
    graph,
    facts,
    levels,
    stateOf: (id: string) => stateOf(nodes.get(id)),
    agentOf: (name: string) => graphs.get(name)?.agent ?? "none",
  };
  const counted = countReached(scene, new Closure().needing(graph, broken), broken, host);
  yield;
  const affected = yield* affectedRows(scene, new ReachWalk(graph), broken, false);
  const newlyAffected = idsWhere(graph, (node) => levels[node] === 3 && before[node] !== 3);
  yield;
  return {
    rows: impactRows(graph, broken, counted, affected),
    newlyAffected,
    relieved: assumed.well.length === 0 ? [] : relievedRows(graph, before, levels, new Set(assumed.failed)),
  };
}

/**
 * What dependencies do to each node then. Failures only raise what is so now. Where something is assumed well, all that
 * depends on anything assumed is found anew from what its own problems do, as a level never sinks by itself.
 */
function levelsAfter(
  graph: DependencyGraph,
  nodes: ReadonlyMap<string, GraphNode>,
  touched: ReadonlySet<string>,
  { failed, well }: Assumed,
  { before, isHidden }: { readonly before: Uint8Array; readonly isHidden: OwnLevels["isHidden"] },
): Uint8Array {
  const own = Uint8Array.from(graph.nodes, ({ id }) => levelOf(nodes.get(id)?.gives ?? null));
  const anew = (node: number) => well.length > 0 && touched.has(graph.nodes[node]?.id ?? "");
  const given = before.map((level, node) => (anew(node) ? 0 : level));
  for (const node of indices(graph, well)) {
    own[node] = 0;
  }
  for (const node of indices(graph, failed)) {
    own[node] = 3;
  }
  return spread(graph, { levels: own, isHidden }, given);
}

interface Loaded {
  readonly graphs: Map<string, HostGraph>;
  readonly nodes: Map<string, GraphNode>;
  /** Ids from which something assumed can be reached, those assumed included. */
  readonly touched: ReadonlySet<string>;
}

/**
 * Loads every host from which something assumed can be reached, and those that share a redundancy group with it; where
 * something is assumed well, those of whatever such dependents need besides.
 */
async function loadDependents(
  loader: GraphLoader,
  { failed, well }: Assumed,
  host: string,
  doing: Doing,
): Promise<Loaded> {
  const graphs = new Map<string, HostGraph>();
  const nodes = new Map<string, GraphNode>();
  const asked = new Set<string>();
  const touched = new Set([...failed, ...well]);
  let ring: string[] = [...touched];
  let wanted = new Set([host, ...ring.map(hostOf)]);
  while (wanted.size > 0) {
    for (const name of wanted) {
      asked.add(name);
    }
    for (const [name, graph] of await loader.graphs([...wanted])) {
      graphs.set(name, graph);
      for (const node of graph.nodes) {
        nodes.set(node.id, node);
      }
    }
    ring = await doing(widen(nodes, ring, touched, asked));
    const besides = await doing(needHosts(nodes, touched, well.length > 0));
    wanted = new Set([...ring.map(hostOf), ...besides].filter((name) => !asked.has(name)));
  }
  return { graphs, nodes, touched };
}

/** Follows dependents through loaded hosts; returns the nodes whose host must be loaded to go on. */
function* widen(
  nodes: ReadonlyMap<string, GraphNode>,
  ring: readonly string[],
  seen: Set<string>,
  asked: ReadonlySet<string>,
): Pieces<string[]> {
  const open: string[] = [];
  const queue = [...ring];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    yield;
    if (!asked.has(hostOf(id))) {
      open.push(id);
      continue;
    }
    for (const dependent of nodes.get(id)?.neededBy ?? []) {
      if (!seen.has(dependent)) {
        seen.add(dependent);
        queue.push(dependent);
      }
    }
  }
  return open;
}

function* needHosts(
  nodes: ReadonlyMap<string, GraphNode>,
  seen: ReadonlySet<string>,
  all: boolean,
): Pieces<Set<string>> {
  const hosts = new Set<string>();
  for (const id of seen) {
    for (const { to } of (nodes.get(id)?.needs ?? []).filter(({ group }) => all || group !== undefined)) {
      hosts.add(hostOf(to));
    }
    yield;
  }
  return hosts;
}

function hostOf(id: string): string {
  return parseId(id)?.host ?? id;
}

function stateOf(node: GraphNode | undefined): ServiceState | undefined {
  return node === undefined || node.ownState === null
    ? undefined
    : { state: node.ownState, stateType: node.stateType ?? "HARD", handling: node.handling, checks: node.checks };
}

function idsWhere(graph: DependencyGraph, test: (node: number) => boolean): Set<string> {
  return new Set(graph.nodes.filter((_, node) => test(node)).map(({ id }) => id));
}

/** Services, and processes that hold none, that would be hit less than now; what is assumed to fail is not relieved. */
function relievedRows(
  graph: DependencyGraph,
  before: Uint8Array,
  after: Uint8Array,
  failed: ReadonlySet<string>,
): RelievedRow[] {
  return graph.nodes.flatMap((info, node) => {
    const from = degreeOf(before[node] ?? 0);
    const same = (after[node] ?? 0) >= (before[node] ?? 0);
    return from === null || same || !isShown(info) || failed.has(info.id)
      ? []
      : [{ ...failedRow(info), from, to: degreeOf(after[node] ?? 0) }];
  });
}
