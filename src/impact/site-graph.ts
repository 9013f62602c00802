/** The dependency graph of hosts as the stored picture has them. */
import {
  buildGraph,
  certaintyRank,
  type DependencyGraph,
  EdgeList,
  type GraphNodeInfo,
} from "../model/dependency-graph.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { Pieces } from "../model/pieces.ts";
import { UNKNOWN_PROCESS } from "../model/topology.ts";

/** The graph of the given hosts; edges to others are left out. */
export function* siteGraph(graphs: ReadonlyMap<string, HostGraph>): Pieces<DependencyGraph> {
  const indexOf = new Map<string, number>();
  const infos: GraphNodeInfo[] = [];
  for (const graph of graphs.values()) {
    const holders = new Set(
      graph.nodes.flatMap((node) => (node.kind === "service" ? node.needs.map((n) => n.to) : [])),
    );
    for (const { id, kind, port, process, needs } of graph.nodes) {
      indexOf.set(id, infos.length);
      const passing = kind === "process" && process === UNKNOWN_PROCESS && needs.every((need) => need.passing === true);
      const holdsServices = kind === "process" && holders.has(id);
      infos.push({ id, host: graph.host, kind, port, process, holdsServices, passing });
    }
    yield;
  }
  const edges = yield* edgesIn(graphs, indexOf);
  return buildGraph(infos, indexOf, edges);
}

function* edgesIn(graphs: ReadonlyMap<string, HostGraph>, indexOf: ReadonlyMap<string, number>): Pieces<EdgeList> {
  const edges = new EdgeList();
  const groups = new Map<string, number>();
  for (const { nodes } of graphs.values()) {
    for (const { id, needs } of nodes) {
      const from = indexOf.get(id) ?? 0;
      for (const { to: needed, certainty, group, quorum } of needs) {
        const to = indexOf.get(needed);
        if (to !== undefined) {
          edges.add(from, to, certaintyRank(certainty), groupNumber(groups, id, group), quorum);
        }
      }
    }
    yield;
  }
  return edges;
}

function groupNumber(groups: Map<string, number>, from: string, name: string | undefined): number {
  if (name === undefined) {
    return 0;
  }
  const key = `${from}\n${name}`;
  const number = groups.get(key) ?? groups.size + 1;
  groups.set(key, number);
  return number;
}
