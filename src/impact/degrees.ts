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

/** What the nodes' own problems make of them. */
export interface OwnLevels {
  readonly levels: Uint8Array;
  /** Whether a node is on an UNREACHABLE host: in doubt by itself, yet of no help where all that could stand in for it is lost. */
  readonly isHidden: (node: number) => boolean;
}

/**
 * Raises `own` along the dependencies and returns what dependencies do to each node; `given` is what an earlier fixpoint
 * found, to be raised further.
 */
export function spread(graph: DependencyGraph, own: OwnLevels, given: Uint8Array): Uint8Array {
  const level = given.slice();
  const totals = totalsOf(own, level);
  const queue = [...own.levels.keys()].filter((node) => totals.of(node) > 0);
  raise(graph, totals, level, queue);
  return level;
}

/**
 * Finds the levels of `nodes` anew within `level`, which is changed in place: nodes whose own level or needs changed, and
 * all that needs them. Returns those whose level differs now.
 */
export function respread(
  graph: DependencyGraph,
  own: OwnLevels,
  level: Uint8Array,
  nodes: readonly number[],
): number[] {
  const before = nodes.map((node) => level[node] ?? 0);
  for (const node of nodes) {
    level[node] = 0;
  }
  const totals = totalsOf(own, level);
  for (const node of nodes) {
    level[node] = mostGiven(graph, node, totals);
  }
  const queue = nodes.filter((node) => totals.of(node) > 0);
  raise(graph, totals, level, queue);
  return nodes.filter((node, i) => level[node] !== before[i]);
}

/** How hard nodes are hit by all there is. */
interface Totals {
  readonly of: (node: number) => number;
  readonly isHidden: (node: number) => boolean;
}

function totalsOf({ levels, isHidden }: OwnLevels, given: Uint8Array): Totals {
  return { of: (node) => Math.max(levels[node] ?? 0, given[node] ?? 0), isHidden };
}

/** Raises what depends on the nodes of the queue until nothing rises any more. */
function raise(graph: DependencyGraph, totals: Totals, level: Uint8Array, queue: number[]): void {
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    raiseDependents(graph, node, level, totals, queue);
  }
}

/** Raises what needs `node`; those that are now worse off than before join the queue. */
function raiseDependents(
  graph: DependencyGraph,
  node: number,
  level: Uint8Array,
  totals: Totals,
  queue: number[],
): void {
  for (let i = graph.dependentStart[node] ?? 0; i < (graph.dependentStart[node + 1] ?? 0); i += 1) {
    const dependent = graph.dependent[i] ?? 0;
    const raised = givenBy(graph, dependent, graph.dependentEdge[i] ?? 0, totals);
    if (raised > (level[dependent] ?? 0)) {
      const before = totals.of(dependent);
      level[dependent] = raised;
      if (raised > before) {
        queue.push(dependent);
      }
    }
  }
}

/** The most that its needs give a node. */
function mostGiven(graph: DependencyGraph, node: number, totals: Totals): number {
  let most = 0;
  for (let e = graph.needStart[node] ?? 0, end = graph.needStart[node + 1] ?? 0; e < end; e += 1) {
    if (totals.of(graph.needTo[e] ?? 0) > 0) {
      most = Math.max(most, givenBy(graph, node, e, totals));
    }
  }
  return most;
}

/** What one need gives its dependent; a redundancy group speaks as one. */
function givenBy(graph: DependencyGraph, dependent: number, edge: number, totals: Totals): number {
  const group = graph.needGroup[edge] ?? 0;
  if (group === 0) {
    return totals.of(graph.needTo[edge] ?? 0);
  }
  const members: number[] = [];
  for (let e = graph.needStart[dependent] ?? 0, end = graph.needStart[dependent + 1] ?? 0; e < end; e += 1) {
    if (graph.needGroup[e] === group) {
      members.push(graph.needTo[e] ?? 0);
    }
  }
  const hidden = members.filter((member) => totals.of(member) < 3 && totals.isHidden(member)).length;
  return groupLevel(members.map(totals.of).sort(), hidden, graph.needQuorum[edge] ?? 0);
}

/**
 * By quorum the level of the n-th best member. Else: all lost affects, some lost degrades, doubt is no more than doubt. A
 * member on an UNREACHABLE host is not available (SEMANTICS 1): with all others lost, so is the group.
 */
function groupLevel(levels: readonly number[], hidden: number, quorum: number): number {
  if (quorum > 0) {
    return levels[quorum - 1] ?? 0;
  }
  return levels.at(-1) === 3 && levels[hidden] === 3 ? 3 : Math.min(levels.at(-1) ?? 0, 2);
}
