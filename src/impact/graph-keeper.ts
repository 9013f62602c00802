/** Keeps the dependency graph up to date host by host: a changed host is noted as small arrays, and written over in the list of all edges. */
import {
  buildGraph,
  certaintyRank,
  type DependencyGraph,
  type Edges,
  type GraphNodeInfo,
} from "../model/dependency-graph.ts";
import type { NeedGroup } from "../model/redundancy.ts";
import { type HostTopology, type TopologyEdge, UNKNOWN_PROCESS } from "../model/topology.ts";
import { EdgesByHost } from "./edges-by-host.ts";

/** What differs from the graph that was built before. */
export interface GraphChange {
  /** Nodes that are new, look otherwise, need something else, or are on a host whose agent fell silent or came back. */
  readonly nodes: ReadonlySet<number>;
  /** Those hosts. */
  readonly agents: ReadonlySet<string>;
  /** Whether all nodes have other numbers than before. */
  readonly renumbered: boolean;
}

/** Nodes and edges of all hosts. A number stays a node's own until all are numbered anew. */
export class GraphKeeper {
  private indexOf = new Map<string, number>();
  private nodes: GraphNodeInfo[] = [];
  private readonly edges = new EdgesByHost();
  /** Services and processes of each host. */
  private readonly own = new Map<string, Int32Array>();
  private readonly agents = new Map<string, HostTopology["agent"]>();
  private change = { nodes: new Set<number>(), agents: new Set<string>() };
  /** How many nodes are some host's own; and how many others were there when all were numbered last. */
  private owned = 0;
  private foreign = 0;
  private readonly leastDead: number;

  /** Nodes that nobody speaks of any more may be half as many as the others, and `leastDead`, before all are numbered anew. */
  constructor(leastDead: number) {
    this.leastDead = leastDead;
  }

  /** Replaces what is known of one host: its nodes, and the edges whose dependent is on it. */
  update(
    topology: HostTopology,
    edges: readonly TopologyEdge[],
    groupOf: (edge: TopologyEdge) => NeedGroup | undefined,
  ): void {
    const holders = new Set([...topology.services.values()].map((service) => service.processId));
    for (const { id, host, port, process } of topology.services.values()) {
      this.put({ id, host, kind: "service", port, process, holdsServices: false });
    }
    const lasting = new Set(edges.filter(({ passing }) => passing !== true).map(({ from }) => from));
    for (const { id, host, name } of topology.processes.values()) {
      const passing = name === UNKNOWN_PROCESS && !lasting.has(id);
      this.put({ id, host, kind: "process", port: null, process: name, holdsServices: holders.has(id), passing });
    }
    this.noteOwn(topology);
    const now = this.numbered(edges, groupOf);
    noteDifferent(this.edges.of(topology.host), now, this.change.nodes);
    this.edges.put(topology.host, now);
    this.noteAgent(topology);
  }

  /** What changed since this was asked last. */
  takeChange(): GraphChange {
    const dead = this.nodes.length - this.owned - this.foreign;
    const renumbered = dead >= this.leastDead && 2 * dead > this.owned;
    if (renumbered) {
      this.renumber();
    }
    const change = this.change;
    this.change = { nodes: new Set(), agents: new Set() };
    return { ...change, renumbered };
  }

  /** The graph of all hosts. */
  build(): DependencyGraph {
    return buildGraph([...this.nodes], this.indexOf, this.edges.all());
  }

  private numbered(edges: readonly TopologyEdge[], groupOf: (edge: TopologyEdge) => NeedGroup | undefined): Edges {
    const names = new Map<string, number>();
    const group = new Int32Array(edges.length);
    const quorum = new Uint16Array(edges.length);
    for (const [i, edge] of edges.entries()) {
      const of = groupOf(edge);
      if (of !== undefined) {
        const key = `${edge.from} ${of.name}`;
        names.set(key, names.get(key) ?? names.size + 1);
        group[i] = names.get(key) ?? 0;
        quorum[i] = of.quorum;
      }
    }
    return {
      from: Int32Array.from(edges, (edge) => this.number(edge.from)),
      to: Int32Array.from(edges, (edge) => this.number(edge.to)),
      certainty: Uint8Array.from(edges, (edge) => certaintyRank(edge.certainty)),
      group,
      quorum,
      groups: names.size,
    };
  }

  private noteOwn({ host, services, processes }: HostTopology): void {
    const own = Int32Array.from([...services.values(), ...processes.values()], ({ id }) => this.number(id));
    this.owned += own.length - (this.own.get(host)?.length ?? 0);
    this.own.set(host, own);
  }

  /** Leaves out the nodes that no host has and no edge leads to: names of programs and containers come and go for ever. */
  private renumber(): void {
    const { nodes, own } = this;
    const lists = [...own.values(), ...this.edges.ends()];
    const isAlive = new Uint8Array(nodes.length);
    for (const list of lists) {
      for (const node of list) {
        isAlive[node] = 1;
      }
    }
    this.nodes = nodes.filter((_, node) => isAlive[node] === 1);
    // The graph of before keeps the numbers of before.
    this.indexOf = new Map(this.nodes.map(({ id }, node) => [id, node]));
    const numberOf = Int32Array.from(nodes, ({ id }) => this.indexOf.get(id) ?? -1);
    const renumbered = (list: Int32Array) => list.map((node) => numberOf[node] ?? -1);
    for (const [host, list] of own) {
      if (list.length === 0) {
        own.delete(host);
        this.agents.delete(host);
      } else {
        own.set(host, renumbered(list));
      }
    }
    this.edges.renumber(renumbered);
    this.foreign = this.nodes.length - this.owned;
    this.change.nodes = new Set(this.nodes.keys());
  }

  private put(node: GraphNodeInfo): void {
    const index = this.number(node.id);
    if (!sameNode(this.nodes[index], node)) {
      this.nodes[index] = node;
      this.change.nodes.add(index);
    }
  }

  private noteAgent({ host, agent, services, processes }: HostTopology): void {
    if (this.agents.get(host) === agent) {
      return;
    }
    this.agents.set(host, agent);
    this.change.agents.add(host);
    for (const { id } of [...services.values(), ...processes.values()]) {
      this.change.nodes.add(this.number(id));
    }
  }

  private number(id: string): number {
    const known = this.indexOf.get(id);
    if (known !== undefined) {
      return known;
    }
    const index = this.nodes.length;
    this.indexOf.set(id, index);
    // Its host fills in the rest when it is updated; until then it is a process of no name.
    this.nodes.push({ id, host: "", kind: "process", port: null, process: null, holdsServices: false });
    this.change.nodes.add(index);
    return index;
  }
}

/** Notes who needs something otherwise: all edges between the first and the last that differ. */
function noteDifferent(before: Edges, now: Edges, changed: Set<number>): void {
  const shorter = Math.min(before.from.length, now.from.length);
  let first = 0;
  while (first < shorter && sameEdge(before, first, now, first)) {
    first += 1;
  }
  let same = 0;
  while (same < shorter - first && sameEdge(before, before.from.length - 1 - same, now, now.from.length - 1 - same)) {
    same += 1;
  }
  for (const { from } of [before, now]) {
    for (const node of from.subarray(first, from.length - same)) {
      changed.add(node);
    }
  }
}

function sameEdge(a: Edges, i: number, b: Edges, j: number): boolean {
  return (
    a.from[i] === b.from[j] &&
    a.to[i] === b.to[j] &&
    a.certainty[i] === b.certainty[j] &&
    a.group[i] === b.group[j] &&
    a.quorum[i] === b.quorum[j]
  );
}

function sameNode(a: GraphNodeInfo | undefined, b: GraphNodeInfo): boolean {
  return (
    a !== undefined &&
    a.host === b.host &&
    a.kind === b.kind &&
    a.port === b.port &&
    a.process === b.process &&
    a.holdsServices === b.holdsServices &&
    (a.passing ?? false) === (b.passing ?? false)
  );
}
