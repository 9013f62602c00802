/** Strongly connected components: nodes that need each other, over any number of steps. Linear, without recursion. */
import type { DependencyGraph } from "../model/dependency-graph.ts";

/** Component of each node; what a component needs has a smaller number. */
export interface Components {
  readonly of: Int32Array;
  readonly count: number;
}

/** Finds them (Tarjan 1972). */
export function componentsOf(graph: DependencyGraph): Components {
  const walk = new Walk(graph);
  for (let node = 0; node < graph.nodes.length; node += 1) {
    walk.from(node);
  }
  return { of: walk.component, count: walk.count };
}

class Walk {
  readonly component: Int32Array;
  count = 0;
  private readonly found: Int32Array;
  private readonly low: Int32Array;
  private readonly next: Int32Array;
  /** Nodes whose component is not complete. */
  private readonly open: Int32Array;
  private readonly path: Int32Array;
  private opened = 0;
  private depth = 0;
  private clock = 0;
  private readonly graph: DependencyGraph;

  constructor(graph: DependencyGraph) {
    const size = graph.nodes.length;
    this.graph = graph;
    this.component = new Int32Array(size).fill(-1);
    this.found = new Int32Array(size);
    this.low = new Int32Array(size);
    this.next = graph.needStart.slice(0, size);
    this.open = new Int32Array(size);
    this.path = new Int32Array(size);
  }

  from(root: number): void {
    if (this.found[root] !== 0) {
      return;
    }
    this.enter(root);
    while (this.depth > 0) {
      this.step(this.path[this.depth - 1] ?? 0);
    }
  }

  private enter(node: number): void {
    this.clock += 1;
    this.found[node] = this.clock;
    this.low[node] = this.clock;
    this.open[this.opened] = node;
    this.opened += 1;
    this.path[this.depth] = node;
    this.depth += 1;
  }

  private step(node: number): void {
    const { needStart, needTo } = this.graph;
    const end = needStart[node + 1] ?? 0;
    for (let e = this.next[node] ?? 0; e < end; e += 1) {
      const to = needTo[e] ?? 0;
      if (this.found[to] === 0) {
        this.next[node] = e + 1;
        this.enter(to);
        return;
      }
      if (this.component[to] === -1) {
        this.low[node] = Math.min(this.low[node] ?? 0, this.found[to] ?? 0);
      }
    }
    this.next[node] = end;
    this.leave(node);
  }

  private leave(node: number): void {
    this.depth -= 1;
    if (this.depth > 0) {
      const parent = this.path[this.depth - 1] ?? 0;
      this.low[parent] = Math.min(this.low[parent] ?? 0, this.low[node] ?? 0);
    }
    if (this.low[node] === this.found[node]) {
      this.complete(node);
    }
  }

  private complete(root: number): void {
    for (let node = -1; node !== root; ) {
      this.opened -= 1;
      node = this.open[this.opened] ?? root;
      this.component[node] = this.count;
    }
    this.count += 1;
  }
}
