/**
 * How hard every node is hit by all current problems together: the least fixpoint over the dependencies.
 * Levels: 0 not at all, 1 potential, 2 degraded, 3 affected. Every step only raises, so cycles settle.
 */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Degree } from "../model/impact.ts";
import type { State } from "../model/state.ts";

const DEGREES: readonly (Degree | null)[] = [null, "potential", "degraded", "affected"];
const PROPAGATED: Readonly<Record<Degree, State>> = { affected: "CRITICAL", degraded: "WARNING", potential: "UNKNOWN" };

/** The word for a level; null for 0. */
export function degreeOf(level: number): Degree | null {
  return DEGREES[level] ?? null;
}

/** The level of a word; 0 for null. */
export function levelOf(degree: Degree | null): number {
  return DEGREES.indexOf(degree);
}

/** The state that a degree makes of a dependent. */
export function propagatedState(degree: Degree): State {
  return PROPAGATED[degree];
}

/**
 * Raises `own` along the dependencies and returns what dependencies do to each node. `own` holds the levels that the
 * nodes' own problems give them; `given` what an earlier fixpoint found, to be raised further.
 */
export function spread(graph: DependencyGraph, own: Uint8Array, given: Uint8Array): Uint8Array {
  const level = given.slice();
  const queue = [...own.keys()].filter((node) => (own[node] ?? 0) > 0 || (level[node] ?? 0) > 0);
  raise(graph, own, level, queue);
  return level;
}

/**
 * Finds the levels of `nodes` anew within `level`, which is changed in place: nodes whose own level or needs changed, and
 * all that needs them. Returns those whose level differs now.
 */
export function respread(
  graph: DependencyGraph,
  own: Uint8Array,
  level: Uint8Array,
  nodes: readonly number[],
): number[] {
  const before = nodes.map((node) => level[node] ?? 0);
  for (const node of nodes) {
    level[node] = 0;
  }
  const total = (node: number) => Math.max(own[node] ?? 0, level[node] ?? 0);
  for (const node of nodes) {
    level[node] = mostGiven(graph, node, total);
  }
  const queue = nodes.filter((node) => total(node) > 0);
  raise(graph, own, level, queue);
  return nodes.filter((node, i) => level[node] !== before[i]);
}

/** Raises what depends on the nodes of the queue until nothing rises any more. */
function raise(graph: DependencyGraph, own: Uint8Array, level: Uint8Array, queue: number[]): void {
  const total = (node: number) => Math.max(own[node] ?? 0, level[node] ?? 0);
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    raiseDependents(graph, node, level, total, queue);
  }
}

/** Raises what needs `node`; those that are now worse off than before join the queue. */
function raiseDependents(
  graph: DependencyGraph,
  node: number,
  level: Uint8Array,
  total: (node: number) => number,
  queue: number[],
): void {
  for (let i = graph.dependentStart[node] ?? 0; i < (graph.dependentStart[node + 1] ?? 0); i += 1) {
    const dependent = graph.dependent[i] ?? 0;
    const raised = givenBy(graph, dependent, graph.dependentEdge[i] ?? 0, total);
    if (raised > (level[dependent] ?? 0)) {
      const before = total(dependent);
      level[dependent] = raised;
      if (raised > before) {
        queue.push(dependent);
      }
    }
  }
}

/** The most that its needs give a node. */
function mostGiven(graph: DependencyGraph, node: number, total: (node: number) => number): number {
  let most = 0;
  for (let e = graph.needStart[node] ?? 0, end = graph.needStart[node + 1] ?? 0; e < end; e += 1) {
    if (total(graph.needTo[e] ?? 0) > 0) {
      most = Math.max(most, givenBy(graph, node, e, total));
    }
  }
  return most;
}

/** What one need gives its dependent; a redundancy group speaks as one. */
function givenBy(graph: DependencyGraph, dependent: number, edge: number, total: (node: number) => number): number {
  const group = graph.needGroup[edge] ?? 0;
  if (group === 0) {
    return total(graph.needTo[edge] ?? 0);
  }
  const levels: number[] = [];
  for (let e = graph.needStart[dependent] ?? 0; e < (graph.needStart[dependent + 1] ?? 0); e += 1) {
    if (graph.needGroup[e] === group) {
      levels.push(total(graph.needTo[e] ?? 0));
    }
  }
  return groupLevel(levels.sort(), graph.needQuorum[edge] ?? 0);
}

/** By quorum the level of the n-th best member. Else: all lost affects, some lost degrades, doubt is no more than doubt. */
function groupLevel(levels: readonly number[], quorum: number): number {
  if (quorum > 0) {
    return levels[quorum - 1] ?? 0;
  }
  return levels[0] === 3 ? 3 : Math.min(levels.at(-1) ?? 0, 2);
}
