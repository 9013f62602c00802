/** What hangs together with some nodes over any number of steps, those nodes included. */
import type { DependencyGraph } from "../model/dependency-graph.ts";

/** All that the nodes need. */
export function neededBy({ needStart, needTo }: DependencyGraph, nodes: Iterable<number>): number[] {
  return closure(needStart, needTo, nodes);
}

/** All that needs one of the nodes. */
export function needing({ dependentStart, dependent }: DependencyGraph, nodes: Iterable<number>): number[] {
  return closure(dependentStart, dependent, nodes);
}

function closure(start: Int32Array, to: Int32Array, nodes: Iterable<number>): number[] {
  const seen = new Uint8Array(start.length);
  const found: number[] = [];
  const take = (node: number) => {
    if (seen[node] === 0) {
      seen[node] = 1;
      found.push(node);
    }
  };
  for (const node of nodes) {
    take(node);
  }
  for (let i = 0; i < found.length; i += 1) {
    const node = found[i] ?? 0;
    for (let e = start[node] ?? 0, end = start[node + 1] ?? 0; e < end; e += 1) {
      take(to[e] ?? 0);
    }
  }
  return found;
}
