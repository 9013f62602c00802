/** What needs the failed nodes, how far away it is, and one shortest way to show for each. */
import { compareIds } from "../model/compare.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";

/** One node that reaches a failed one. */
export interface Reached {
  readonly node: number;
  /** Dependencies between different processes on the way; a service and its own process count as one. */
  readonly hops: number;
  /** Rank of the weakest edge on the way. */
  readonly certainty: number;
  /** The next node on the way to what failed. */
  readonly next: number;
}

/**
 * Everything that reaches one of `failed` over dependencies, by hops; linear in what is reached.
 * Among shortest ways the most certain is kept, then the one whose next node comes first by name.
 */
export function reach(graph: DependencyGraph, failed: readonly number[]): Map<number, Reached> {
  const reached = new Map<number, Reached>();
  const broken = new Set(failed);
  let layer = [...failed];
  for (let hops = 0; layer.length > 0; hops += 1) {
    layer.push(...offer(graph, layer, reached, broken, hops, true));
    layer = offer(graph, layer, reached, broken, hops + 1, false);
  }
  return reached;
}

/** The nodes that need a node of `layer` and were not reached yet: services of its processes (`own`), or all others. */
function offer(
  graph: DependencyGraph,
  layer: readonly number[],
  reached: Map<number, Reached>,
  broken: ReadonlySet<number>,
  hops: number,
  own: boolean,
): number[] {
  const found: number[] = [];
  for (const next of layer) {
    const sofar = reached.get(next)?.certainty ?? 0;
    for (let i = graph.dependentStart[next] ?? 0; i < (graph.dependentStart[next + 1] ?? 0); i += 1) {
      const node = graph.dependent[i] ?? 0;
      if (!broken.has(node) && isOwnProcess(graph, node, next) === own) {
        const certainty = Math.max(sofar, edgeCertainty(graph, i));
        take(graph, reached, { node, hops, certainty, next }, found);
      }
    }
  }
  return found;
}

function edgeCertainty(graph: DependencyGraph, i: number): number {
  return graph.needCertainty[graph.dependentEdge[i] ?? 0] ?? 0;
}

/** Whether `service` needs `process` because it is held by it: that step is no hop. */
function isOwnProcess(graph: DependencyGraph, service: number, process: number): boolean {
  const [from, to] = [graph.nodes[service], graph.nodes[process]];
  return from?.kind === "service" && to?.kind === "process" && from.host === to.host;
}

function take(graph: DependencyGraph, reached: Map<number, Reached>, offered: Reached, found: number[]): void {
  const known = reached.get(offered.node);
  if (known === undefined) {
    found.push(offered.node);
  }
  if (known === undefined || (known.hops === offered.hops && isBetter(graph, offered, known))) {
    reached.set(offered.node, offered);
  }
}

function isBetter(graph: DependencyGraph, a: Reached, b: Reached): boolean {
  return a.certainty !== b.certainty
    ? a.certainty < b.certainty
    : compareIds(graph.nodes[a.next]?.id ?? "", graph.nodes[b.next]?.id ?? "") < 0;
}

/** The ids from a reached node to what failed. */
export function pathOf(graph: DependencyGraph, reached: ReadonlyMap<number, Reached>, from: number): string[] {
  const path: string[] = [];
  let at: number | undefined = from;
  while (at !== undefined) {
    path.push(graph.nodes[at]?.id ?? "");
    at = reached.get(at)?.next;
  }
  return path;
}
