/**
 * The dependency graph as typed arrays: nodes are small integers, edges stand in compressed sparse rows both ways.
 * Built in linear time; all questions of `impact` are answered on it.
 */
import { CERTAINTIES, type Certainty } from "./impact.ts";

/** What impact wants to know of a node. */
export interface GraphNodeInfo {
  readonly id: string;
  readonly host: string;
  readonly kind: "service" | "process";
  readonly port: string | null;
  /** Process name without its owner, null where unknown. */
  readonly process: string | null;
  /** For a process: whether services of it are in the graph. */
  readonly holdsServices: boolean;
  /** For a process nobody named: whether only traces of closed connections tell of it, as a probe of the monitoring leaves. */
  readonly passing?: boolean;
}

/** Growing list of edges, `from` needs `to`; the input of a graph. */
export class EdgeList {
  from = new Int32Array(1024);
  to = new Int32Array(1024);
  certainty = new Uint8Array(1024);
  /** Number of the redundancy group, unique within the graph; 0 for a plain dependency. */
  group = new Int32Array(1024);
  /** Quorum of the group, see `NeedGroup`. */
  quorum = new Uint16Array(1024);
  length = 0;

  /** Adds one edge. */
  add(from: number, to: number, certainty: number, group = 0, quorum = 0): void {
    if (this.length === this.from.length) {
      this.grow();
    }
    this.from[this.length] = from;
    this.to[this.length] = to;
    this.certainty[this.length] = certainty;
    this.group[this.length] = group;
    this.quorum[this.length] = quorum;
    this.length += 1;
  }

  private grow(): void {
    const size = this.from.length * 2;
    this.from = enlarged(this.from, new Int32Array(size));
    this.to = enlarged(this.to, new Int32Array(size));
    this.certainty = enlarged(this.certainty, new Uint8Array(size));
    this.group = enlarged(this.group, new Int32Array(size));
    this.quorum = enlarged(this.quorum, new Uint16Array(size));
  }
}

/** The graph. Arrays are read directly by the algorithms; nobody writes them after `buildGraph`. */
export interface DependencyGraph {
  readonly nodes: readonly GraphNodeInfo[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Needs of node n: edges `needStart[n]` to `needStart[n + 1]`, each to `needTo`. */
  readonly needStart: Int32Array;
  readonly needTo: Int32Array;
  readonly needCertainty: Uint8Array;
  readonly needGroup: Int32Array;
  readonly needQuorum: Uint16Array;
  /** Dependents of node n: `dependentStart[n]` to `dependentStart[n + 1]`; each names the dependent and its need edge. */
  readonly dependentStart: Int32Array;
  readonly dependent: Int32Array;
  readonly dependentEdge: Int32Array;
  /** Certainty of the need, and whether it is of a service and its own process: as above, in the order of dependents. */
  readonly dependentCertainty: Uint8Array;
  readonly dependentOwn: Uint8Array;
  /** 1 for each need of a service that is the process which holds it: no dependency between different processes. */
  readonly needOwn: Uint8Array;
  /** 1 for each process that holds a service. */
  readonly holdsService: Uint8Array;
}

/** Number of a certainty, 0 the best. */
export function certaintyRank(certainty: Certainty): number {
  return CERTAINTIES.indexOf(certainty);
}

/** Tells every edge: who needs, and what is needed. */
export function forEachNeed(graph: DependencyGraph, use: (from: number, to: number) => void): void {
  const { nodes, needStart, needTo } = graph;
  for (let node = 0; node < nodes.length; node += 1) {
    for (let e = needStart[node] ?? 0; e < (needStart[node + 1] ?? 0); e += 1) {
      use(node, needTo[e] ?? 0);
    }
  }
}

/** Builds the graph by two counting sorts; linear in nodes and edges. */
export function buildGraph(
  nodes: readonly GraphNodeInfo[],
  indexOf: ReadonlyMap<string, number>,
  edges: EdgeList,
): DependencyGraph {
  const needStart = starts(edges.from, edges.length, nodes.length);
  const needTo = new Int32Array(edges.length);
  const needCertainty = new Uint8Array(edges.length);
  const needGroup = new Int32Array(edges.length);
  const needQuorum = new Uint16Array(edges.length);
  const next = needStart.slice();
  for (let e = 0; e < edges.length; e += 1) {
    const from = edges.from[e] ?? 0;
    const at = next[from] ?? 0;
    next[from] = at + 1;
    needTo[at] = edges.to[e] ?? 0;
    needCertainty[at] = edges.certainty[e] ?? 0;
    needGroup[at] = edges.group[e] ?? 0;
    needQuorum[at] = edges.quorum[e] ?? 0;
  }
  const needs = { needStart, needTo, needCertainty, needGroup, needQuorum };
  const needOwn = ownNeeds(nodes, needStart, needTo);
  const back = reversed(needStart, needTo, nodes.length);
  const dependentCertainty = inOrder(needCertainty, back.dependentEdge);
  const dependentOwn = inOrder(needOwn, back.dependentEdge);
  const holdsService = holders(needTo, needOwn, nodes.length);
  return { nodes, indexOf, ...needs, needOwn, ...back, dependentCertainty, dependentOwn, holdsService };
}

function holders(needTo: Int32Array, needOwn: Uint8Array, nodes: number): Uint8Array {
  const holdsService = new Uint8Array(nodes);
  for (let e = 0; e < needTo.length; e += 1) {
    if (needOwn[e] === 1) {
      holdsService[needTo[e] ?? 0] = 1;
    }
  }
  return holdsService;
}

/** Walks read this one after the other, where looking it up by edge would jump through memory. */
function inOrder(values: Uint8Array, order: Int32Array): Uint8Array {
  const ordered = new Uint8Array(order.length);
  for (let i = 0; i < order.length; i += 1) {
    ordered[i] = values[order[i] ?? 0] ?? 0;
  }
  return ordered;
}

function ownNeeds(nodes: readonly GraphNodeInfo[], needStart: Int32Array, needTo: Int32Array): Uint8Array {
  const own = new Uint8Array(needTo.length);
  for (const [node, info] of nodes.entries()) {
    const end = info.kind === "service" ? (needStart[node + 1] ?? 0) : 0;
    for (let e = needStart[node] ?? 0; e < end; e += 1) {
      const process = nodes[needTo[e] ?? 0];
      own[e] = process?.kind === "process" && process.host === info.host ? 1 : 0;
    }
  }
  return own;
}

function reversed(needStart: Int32Array, needTo: Int32Array, nodes: number) {
  const dependentStart = starts(needTo, needTo.length, nodes);
  const dependent = new Int32Array(needTo.length);
  const dependentEdge = new Int32Array(needTo.length);
  const next = dependentStart.slice();
  for (let from = 0; from < nodes; from += 1) {
    for (let e = needStart[from] ?? 0; e < (needStart[from + 1] ?? 0); e += 1) {
      const to = needTo[e] ?? 0;
      const at = next[to] ?? 0;
      next[to] = at + 1;
      dependent[at] = from;
      dependentEdge[at] = e;
    }
  }
  return { dependentStart, dependent, dependentEdge };
}

function starts(keys: Int32Array, length: number, size: number): Int32Array {
  const start = new Int32Array(size + 1);
  for (let i = 0; i < length; i += 1) {
    const at = (keys[i] ?? 0) + 1;
    start[at] = (start[at] ?? 0) + 1;
  }
  for (let i = 0; i < size; i += 1) {
    start[i + 1] = (start[i + 1] ?? 0) + (start[i] ?? 0);
  }
  return start;
}

function enlarged<A extends Int32Array | Uint16Array | Uint8Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
