/** The dependency graph of hosts as the stored picture has them. */
import {
  buildGraph,
  certaintyRank,
  type DependencyGraph,
  EdgeList,
  type GraphNodeInfo,
} from "../model/dependency-graph.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { UNKNOWN_PROCESS } from "../model/topology.ts";

/** The graph of the given hosts; edges to others are left out. */
export function siteGraph(graphs: ReadonlyMap<string, HostGraph>): DependencyGraph {
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
  }
  const edges = new EdgeList();
  const groups = new Map<string, number>();
  for (const node of [...graphs.values()].flatMap((graph) => graph.nodes)) {
    for (const need of node.needs) {
      const to = indexOf.get(need.to);
      if (to !== undefined) {
        edges.add(
          indexOf.get(node.id) ?? 0,
          to,
          certaintyRank(need.certainty),
          groupNumber(groups, node.id, need.group),
          need.quorum,
        );
      }
    }
  }
  return buildGraph(infos, indexOf, edges);
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
