/** Keeps the dependency graph up to date host by host: a changed host is noted as small arrays, the rest is only copied. */
import {
  buildGraph,
  certaintyRank,
  type DependencyGraph,
  EdgeList,
  type GraphNodeInfo,
} from "../model/dependency-graph.ts";
import type { NeedGroup } from "../model/redundancy.ts";
import type { HostTopology, TopologyEdge } from "../model/topology.ts";

interface HostEdges {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly certainty: Uint8Array;
  /** Redundancy group within this host, 0 for none. */
  readonly group: Int32Array;
  readonly quorum: Uint16Array;
  readonly groups: number;
}

/** Nodes and edges of all hosts, numbered once and for all. */
export class GraphKeeper {
  private readonly indexOf = new Map<string, number>();
  private readonly nodes: GraphNodeInfo[] = [];
  private readonly byHost = new Map<string, HostEdges>();

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
    for (const { id, host, name } of topology.processes.values()) {
      this.put({ id, host, kind: "process", port: null, process: name, holdsServices: holders.has(id) });
    }
    this.byHost.set(topology.host, this.numbered(edges, groupOf));
  }

  /** Forgets the edges of a host that is no longer there. */
  remove(host: string): void {
    this.byHost.delete(host);
  }

  /** The graph of all hosts. */
  build(): DependencyGraph {
    const all = new EdgeList();
    let groups = 0;
    for (const host of this.byHost.values()) {
      for (let i = 0; i < host.from.length; i += 1) {
        const group = host.group[i] ?? 0;
        const number = group === 0 ? 0 : groups + group;
        all.add(host.from[i] ?? 0, host.to[i] ?? 0, host.certainty[i] ?? 0, number, host.quorum[i] ?? 0);
      }
      groups += host.groups;
    }
    return buildGraph([...this.nodes], this.indexOf, all);
  }

  private numbered(edges: readonly TopologyEdge[], groupOf: (edge: TopologyEdge) => NeedGroup | undefined): HostEdges {
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

  private put(node: GraphNodeInfo): void {
    this.nodes[this.number(node.id)] = node;
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
    return index;
  }
}
