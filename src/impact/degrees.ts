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
  const totals = new Totals(own, level);
  raise(graph, totals, totals.hit(own.levels.keys()));
  return level;
}

/**
 * Finds the levels of `nodes` anew within `level`, which is changed in place: nodes whose own level or needs changed, and
 * all that needs them. Returns those whose level differs now.
 */
export function respread(graph: DependencyGraph, own: OwnLevels, level: Uint8Array, nodes: Int32Array): Int32Array {
  const before = nodes.map((node) => level[node] ?? 0);
  for (const node of nodes) {
    level[node] = 0;
  }
  const totals = new Totals(own, level);
  for (const node of nodes) {
    level[node] = mostGiven(graph, node, totals);
  }
  raise(graph, totals, totals.hit(nodes));
  return nodes.filter((node, i) => level[node] !== before[i]);
}

/**
 * The same where nothing sank: problems only came, at `nodes`, and all needs are as they were. Then only what rises is
 * looked at.
 */
export function raiseFrom(
  graph: DependencyGraph,
  own: OwnLevels,
  level: Uint8Array,
  nodes: Iterable<number>,
): Int32Array {
  const risen = new Uint8Array(level.length);
  const raised: number[] = [];
  raise(graph, new Totals(own, level), [...nodes], (node) => {
    if (risen[node] === 0) {
      risen[node] = 1;
      raised.push(node);
    }
  });
  return Int32Array.from(raised);
}

/** How hard nodes are hit by all there is. */
class Totals {
  readonly own: Uint8Array;
  readonly given: Uint8Array;
  readonly isHidden: (node: number) => boolean;

  constructor({ levels, isHidden }: OwnLevels, given: Uint8Array) {
    this.own = levels;
    this.given = given;
    this.isHidden = isHidden;
  }

  of(node: number): number {
    const own = this.own[node] ?? 0;
    const given = this.given[node] ?? 0;
    return Math.max(own, given);
  }

  /** Those of the nodes that are hit at all. */
  hit(nodes: Iterable<number>): number[] {
    const hit: number[] = [];
    for (const node of nodes) {
      if (this.of(node) > 0) {
        hit.push(node);
      }
    }
    return hit;
  }
}

/** Raises what depends on the nodes of the queue until nothing rises any more; `note` is told of each node that rises. */
function raise(graph: DependencyGraph, totals: Totals, queue: number[], note: Note = nobody): void {
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    raiseDependents(graph, node, totals, queue, note);
  }
}

/** Raises what needs `node`; those that are now worse off than before join the queue. */
function raiseDependents(graph: DependencyGraph, node: number, totals: Totals, queue: number[], note: Note): void {
  const { dependentStart, dependent, dependentEdge, dependentGrouped } = graph;
  const plain = totals.of(node);
  for (let i = dependentStart[node] ?? 0, end = dependentStart[node + 1] ?? 0; i < end; i += 1) {
    const at = dependent[i] ?? 0;
    // Nothing is hit harder than that.
    if (totals.given[at] === 3) {
      continue;
    }
    const level = dependentGrouped[i] === 0 ? plain : givenBy(graph, at, dependentEdge[i] ?? 0, totals);
    if (raiseTo(totals, at, level, note)) {
      queue.push(at);
    }
  }
}

/** Is told of a node that rises. */
type Note = (node: number) => void;

function nobody(): void {}

/** Raises one node to a level, where it is lower. True where the node is worse off then than before. */
function raiseTo(totals: Totals, node: number, level: number, note: Note): boolean {
  if (level <= (totals.given[node] ?? 0)) {
    return false;
  }
  const before = totals.of(node);
  totals.given[node] = level;
  note(node);
  return level > before;
}

/** The most that its needs give a node. */
function mostGiven(graph: DependencyGraph, node: number, totals: Totals): number {
  const { needStart, needTo } = graph;
  let most = 0;
  for (let e = needStart[node] ?? 0, end = needStart[node + 1] ?? 0; e < end && most < 3; e += 1) {
    if (totals.of(needTo[e] ?? 0) > most) {
      most = Math.max(most, givenBy(graph, node, e, totals));
    }
  }
  return most;
}

/** What one need gives its dependent; a redundancy group speaks as one. */
function givenBy(graph: DependencyGraph, dependent: number, edge: number, totals: Totals): number {
  const group = graph.needGroup[edge] ?? 0;
  return group === 0 ? totals.of(graph.needTo[edge] ?? 0) : givenByGroup(graph, dependent, group, edge, totals);
}

function givenByGroup(graph: DependencyGraph, dependent: number, group: number, edge: number, totals: Totals): number {
  const members: number[] = [];
  for (let e = graph.needStart[dependent] ?? 0, end = graph.needStart[dependent + 1] ?? 0; e < end; e += 1) {
    if (graph.needGroup[e] === group) {
      members.push(graph.needTo[e] ?? 0);
    }
  }
  const hidden = members.filter((member) => totals.of(member) < 3 && totals.isHidden(member)).length;
  return groupLevel(members.map((member) => totals.of(member)).sort(), hidden, graph.needQuorum[edge] ?? 0);
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
