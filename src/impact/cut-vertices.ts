/** Articulation points of an undirected graph: what everything between two parts hangs on. Linear, without recursion. */

import type { Adjacency } from "./adjacency.ts";

/**
 * For each node how many others lose the largest part of their component with it: those in all smaller parts that its
 * removal leaves; each edge stands at both ends. 0 for what is no articulation point. (Hopcroft and Tarjan 1973.)
 */
export function cutOff(graph: Adjacency): Int32Array {
  const nodes = graph.start.length - 1;
  const walk = new Walk(graph, nodes);
  for (let root = 0; root < nodes; root += 1) {
    if (walk.found[root] === 0) {
      walk.component(root);
    }
  }
  return walk.cut;
}

/** One depth-first walk over everything. */
class Walk {
  /** When each node was found, from 1. */
  readonly found: Int32Array;
  readonly cut: Int32Array;
  private readonly low: Int32Array;
  private readonly size: Int32Array;
  private readonly parent: Int32Array;
  private readonly next: Int32Array;
  /** Sum and largest of the parts below a node that nothing but it holds to the rest. */
  private readonly apart: Int32Array;
  private readonly largest: Int32Array;
  private readonly graph: Adjacency;
  private clock = 0;

  constructor(graph: Adjacency, nodes: number) {
    this.graph = graph;
    this.found = new Int32Array(nodes);
    this.cut = new Int32Array(nodes);
    this.low = new Int32Array(nodes);
    this.size = new Int32Array(nodes).fill(1);
    this.parent = new Int32Array(nodes).fill(-1);
    this.next = graph.start.slice(0, nodes);
    this.apart = new Int32Array(nodes);
    this.largest = new Int32Array(nodes);
  }

  component(root: number): void {
    const order: number[] = [];
    for (let node = this.enter(root, -1, order); node >= 0; ) {
      node = this.step(node, order);
    }
    const total = order.length;
    for (const node of order) {
      this.judge(node, node === root, total);
    }
  }

  private enter(node: number, parent: number, order: number[]): number {
    this.clock += 1;
    this.found[node] = this.clock;
    this.low[node] = this.clock;
    this.parent[node] = parent;
    order.push(node);
    return node;
  }

  /** Goes on from a node: to a neighbour not found yet, or back to its parent, -1 at the end. */
  private step(node: number, order: number[]): number {
    const { start, to } = this.graph;
    while ((this.next[node] ?? 0) < (start[node + 1] ?? 0)) {
      const neighbour = to[this.next[node] ?? 0] ?? 0;
      this.next[node] = (this.next[node] ?? 0) + 1;
      if (this.found[neighbour] === 0) {
        return this.enter(neighbour, node, order);
      }
      if (neighbour !== this.parent[node]) {
        this.low[node] = Math.min(this.low[node] ?? 0, this.found[neighbour] ?? 0);
      }
    }
    return this.leave(node);
  }

  private leave(node: number): number {
    const parent = this.parent[node] ?? -1;
    if (parent >= 0) {
      const size = this.size[node] ?? 0;
      this.size[parent] = (this.size[parent] ?? 0) + size;
      this.low[parent] = Math.min(this.low[parent] ?? 0, this.low[node] ?? 0);
      if ((this.low[node] ?? 0) >= (this.found[parent] ?? 0)) {
        this.apart[parent] = (this.apart[parent] ?? 0) + size;
        this.largest[parent] = Math.max(this.largest[parent] ?? 0, size);
      }
    }
    return parent;
  }

  /** The rest beside the parts below it is one part more, but for the root, which has no rest. */
  private judge(node: number, isRoot: boolean, total: number): void {
    const apart = this.apart[node] ?? 0;
    const rest = isRoot ? 0 : total - 1 - apart;
    this.cut[node] = total - 1 - Math.max(rest, this.largest[node] ?? 0);
  }
}
