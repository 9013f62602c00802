/** What would be hit if given services or processes were down: the same walk as for a real alert, on loaded hosts only. */
import {
  buildGraph,
  certaintyRank,
  type DependencyGraph,
  EdgeList,
  type GraphNodeInfo,
} from "../model/dependency-graph.ts";
import type { GraphNode, HostGraph } from "../model/host-graph.ts";
import { parseId } from "../model/ids.ts";
import type { ServiceState } from "../model/problem.ts";
import { indices } from "./compute-impact.ts";
import { levelOf, spread } from "./degrees.ts";
import { type ImpactRows, impactRows } from "./impact-rows.ts";
import { reach } from "./reach.ts";

/** Loads the graphs of hosts; hosts without one are left out. */
export interface GraphLoader {
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
}

/** The rows for `failed` being down, and the hosts that were looked at. `host` is the one asked about. */
export async function whatIf(
  loader: GraphLoader,
  failed: readonly string[],
  host: string,
): Promise<{ rows: ImpactRows; graphs: ReadonlyMap<string, HostGraph> }> {
  const graphs = await loadDependents(loader, failed, host);
  const nodes = new Map<string, GraphNode>();
  for (const graph of graphs.values()) {
    for (const node of graph.nodes) {
      nodes.set(node.id, node);
    }
  }
  const graph = graphOf(graphs);
  const broken = indices(graph, failed);
  const given = Uint8Array.from(graph.nodes, ({ id }) => levelOf(nodes.get(id)?.degree ?? null));
  const own = Uint8Array.from(graph.nodes, ({ id }) => levelOf(nodes.get(id)?.gives ?? null));
  for (const node of broken) {
    own[node] = 3;
  }
  const scene = {
    graph,
    levels: spread(graph, own, given),
    stateOf: (id: string) => stateOf(nodes.get(id)),
    agentOf: (name: string) => graphs.get(name)?.agent ?? "none",
  };
  return { rows: impactRows(scene, broken, reach(graph, broken), host, false), graphs };
}

/** Loads every host from which something failed can be reached, and those that share a redundancy group with it. */
async function loadDependents(
  loader: GraphLoader,
  failed: readonly string[],
  host: string,
): Promise<Map<string, HostGraph>> {
  const graphs = new Map<string, HostGraph>();
  const asked = new Set<string>();
  const seen = new Set<string>(failed);
  let ring: string[] = [...failed];
  let wanted = new Set([host, ...failed.map(hostOf)]);
  while (wanted.size > 0) {
    for (const name of wanted) {
      asked.add(name);
    }
    for (const [name, graph] of await loader.graphs([...wanted])) {
      graphs.set(name, graph);
    }
    ring = widen(graphs, ring, seen, asked);
    wanted = new Set([...ring.map(hostOf), ...groupHosts(graphs, seen)].filter((name) => !asked.has(name)));
  }
  return graphs;
}

/** Follows dependents through loaded hosts; returns the nodes whose host must be loaded to go on. */
function widen(
  graphs: ReadonlyMap<string, HostGraph>,
  ring: readonly string[],
  seen: Set<string>,
  asked: ReadonlySet<string>,
): string[] {
  const open: string[] = [];
  const queue = [...ring];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (!asked.has(hostOf(id))) {
      open.push(id);
      continue;
    }
    for (const dependent of nodeOf(graphs, id)?.neededBy ?? []) {
      if (!seen.has(dependent)) {
        seen.add(dependent);
        queue.push(dependent);
      }
    }
  }
  return open;
}

function groupHosts(graphs: ReadonlyMap<string, HostGraph>, seen: ReadonlySet<string>): string[] {
  return [...seen].flatMap((id) =>
    (nodeOf(graphs, id)?.needs ?? []).filter((need) => need.group !== undefined).map((need) => hostOf(need.to)),
  );
}

function nodeOf(graphs: ReadonlyMap<string, HostGraph>, id: string): GraphNode | undefined {
  return graphs.get(hostOf(id))?.nodes.find((node) => node.id === id);
}

function hostOf(id: string): string {
  return parseId(id)?.host ?? id;
}

/** The dependency graph of the loaded hosts; what lies on other hosts is a node without needs. */
function graphOf(graphs: ReadonlyMap<string, HostGraph>): DependencyGraph {
  const indexOf = new Map<string, number>();
  const infos: GraphNodeInfo[] = [];
  for (const graph of graphs.values()) {
    const holders = new Set(
      graph.nodes.flatMap((node) => (node.kind === "service" ? node.needs.map((n) => n.to) : [])),
    );
    for (const { id, kind, port, process } of graph.nodes) {
      indexOf.set(id, infos.length);
      infos.push({ id, host: graph.host, kind, port, process, holdsServices: kind === "process" && holders.has(id) });
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

function stateOf(node: GraphNode | undefined): ServiceState | undefined {
  return node === undefined || node.ownState === null
    ? undefined
    : { state: node.ownState, stateType: node.stateType ?? "HARD", handling: node.handling, checks: node.checks };
}
