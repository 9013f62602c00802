/**
 * The dependency graph as typed arrays: nodes are small integers, edges stand in compressed sparse rows both ways.
 * Built in linear time; all questions of `impact` are answered on it.
 */
import { enlarged } from "./enlarged.ts";
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

/** Edges beside each other, as the list takes in many at once. */
export interface Edges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly certainty: Uint8Array;
  /** Redundancy groups, numbered from 1 among these edges; 0 for a plain dependency. */
  readonly group: Int32Array;
  readonly quorum: Uint16Array;
  /** How many groups there are. */
  readonly groups: number;
}

/** Growing list of edges, `from` needs `to`; the input of a graph. */
export class EdgeList {
  from: Int32Array;
  to: Int32Array;
  certainty: Uint8Array;
  /** Number of the redundancy group, unique within the graph; 0 for a plain dependency. */
  group: Int32Array;
  /** Quorum of the group, see `NeedGroup`. */
  quorum: Uint16Array;
  length = 0;
  /** Highest number of a group; 0 where there is none. */
  groups = 0;

  /** `room`: how many edges are expected; more are taken, too. */
  constructor(room = 1024) {
    this.from = new Int32Array(room);
    this.to = new Int32Array(room);
    this.certainty = new Uint8Array(room);
    this.group = new Int32Array(room);
    this.quorum = new Uint16Array(room);
  }

  /** Adds one edge. */
  add(from: number, to: number, certainty: number, group = 0, quorum = 0): void {
    const at = this.length;
    if (at === this.from.length) {
      this.growTo(at + 1);
    }
    this.from[at] = from;
    this.to[at] = to;
    this.certainty[at] = certainty;
    if (group !== 0) {
      this.group[at] = group;
      this.quorum[at] = quorum;
      this.groups = Math.max(this.groups, group);
    }
    this.length = at + 1;
  }

  /** Adds many edges; their groups are told apart from those of all before. */
  addAll(edges: Edges): void {
    const end = this.length + edges.from.length;
    if (end > this.from.length) {
      this.growTo(end);
    }
    this.put(edges, this.length, this.groups);
    this.length = end;
    this.groups += edges.groups;
  }

  /** Writes edges over as many others; their groups are numbered after `groupsBefore`. */
  put(edges: Edges, at: number, groupsBefore: number): void {
    this.from.set(edges.from, at);
    this.to.set(edges.to, at);
    this.certainty.set(edges.certainty, at);
    if (edges.groups > 0) {
      this.group.set(
        edges.group.map((group) => (group === 0 ? 0 : groupsBefore + group)),
        at,
      );
      this.quorum.set(edges.quorum, at);
    }
  }

  private growTo(least: number): void {
    const size = Math.max(least, this.from.length * 2);
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
  /** 1 for each need that belongs to a redundancy group, in the order of dependents. */
  readonly dependentGrouped: Uint8Array;
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
  const needs = sortedNeeds(edges, nodes.length);
  const own = ownNeeds(nodes, needs.needStart, needs.needTo);
  return { nodes, indexOf, ...needs, ...own, ...reversed({ ...needs, ...own }, nodes.length) };
}

/** Edges in the order of who needs. */
function sortedNeeds(edges: EdgeList, nodes: number) {
  const { from, to, certainty, length } = edges;
  const needStart = starts(from, length, nodes);
  const needTo = new Int32Array(length);
  const needCertainty = new Uint8Array(length);
  const next = needStart.slice();
  for (let e = 0; e < length; e += 1) {
    const node = from[e] ?? 0;
    const at = next[node] ?? 0;
    next[node] = at + 1;
    needTo[at] = to[e] ?? 0;
    needCertainty[at] = certainty[e] ?? 0;
  }
  return { needStart, needTo, needCertainty, ...sortedGroups(edges, needStart) };
}

/** Groups of the edges in that order; most graphs have none or few, and what is not written costs nothing. */
function sortedGroups({ from, group, quorum, groups, length }: EdgeList, needStart: Int32Array) {
  const needGroup = new Int32Array(length);
  const needQuorum = new Uint16Array(length);
  const next = groups === 0 ? needStart : needStart.slice();
  for (let e = 0; groups > 0 && e < length; e += 1) {
    const node = from[e] ?? 0;
    const at = next[node] ?? 0;
    next[node] = at + 1;
    needGroup[at] = group[e] ?? 0;
    needQuorum[at] = quorum[e] ?? 0;
  }
  return { needGroup, needQuorum };
}

/** Needs of services that are their own process, and the processes that are. */
function ownNeeds(nodes: readonly GraphNodeInfo[], needStart: Int32Array, needTo: Int32Array) {
  const needOwn = new Uint8Array(needTo.length);
  const holdsService = new Uint8Array(nodes.length);
  for (let node = 0; node < nodes.length; node += 1) {
    const info = nodes[node];
    const end = info?.kind === "service" ? (needStart[node + 1] ?? 0) : 0;
    for (let e = needStart[node] ?? 0; e < end; e += 1) {
      const to = needTo[e] ?? 0;
      const process = nodes[to];
      if (process?.kind === "process" && process.host === info?.host) {
        needOwn[e] = 1;
        holdsService[to] = 1;
      }
    }
  }
  return { needOwn, holdsService };
}

type Needs = Pick<DependencyGraph, "needStart" | "needTo" | "needCertainty" | "needOwn" | "needGroup">;

/** The same edges in the order of what is needed, with all that walks read beside each other. */
function reversed({ needStart, needTo, needCertainty, needOwn, needGroup }: Needs, nodes: number) {
  const dependentStart = starts(needTo, needTo.length, nodes);
  const dependent = new Int32Array(needTo.length);
  const dependentEdge = new Int32Array(needTo.length);
  const next = dependentStart.slice();
  for (let from = 0; from < nodes; from += 1) {
    const end = needStart[from + 1] ?? 0;
    for (let e = needStart[from] ?? 0; e < end; e += 1) {
      const to = needTo[e] ?? 0;
      const at = next[to] ?? 0;
      next[to] = at + 1;
      dependent[at] = from;
      dependentEdge[at] = e;
    }
  }
  const dependentCertainty = inOrder(needCertainty, dependentEdge);
  const dependentOwn = inOrder(needOwn, dependentEdge);
  const dependentGrouped = inOrder(grouped(needGroup), dependentEdge);
  return { dependentStart, dependent, dependentEdge, dependentCertainty, dependentOwn, dependentGrouped };
}

/** 1 for each need that belongs to a group; a loop, as `from` of a typed array takes fifty times as long. */
function grouped(needGroup: Int32Array): Uint8Array {
  const flags = new Uint8Array(needGroup.length);
  for (let e = 0; e < needGroup.length; e += 1) {
    flags[e] = needGroup[e] === 0 ? 0 : 1;
  }
  return flags;
}

/** Small values are quicker read here and there, where they are close together, than written here and there. */
function inOrder(values: Uint8Array, order: Int32Array): Uint8Array {
  const ordered = new Uint8Array(order.length);
  for (let i = 0; i < order.length; i += 1) {
    ordered[i] = values[order[i] ?? 0] ?? 0;
  }
  return ordered;
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
