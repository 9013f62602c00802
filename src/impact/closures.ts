/** What hangs together with some nodes over any number of steps, those nodes included. */
import type { DependencyGraph } from "../model/dependency-graph.ts";

/** One in so many nodes is few of them. */
const FEW = 16;

/** One such set of nodes; the same arrays are used again for the next one. */
export class Closure {
  private seen = new Uint8Array();
  private found = new Int32Array();
  /** How many nodes there are. */
  size = 0;

  /** Becomes all that the nodes need. */
  neededBy({ needStart, needTo }: DependencyGraph, nodes: Iterable<number>): this {
    return this.spread(needStart, needTo, nodes);
  }

  /** Becomes all that needs one of the nodes. */
  needing({ dependentStart, dependent }: DependencyGraph, nodes: Iterable<number>): this {
    return this.spread(dependentStart, dependent, nodes);
  }

  has(node: number): boolean {
    return this.seen[node] === 1;
  }

  /** All of them, nearest first; to be read before the next set. */
  nodes(): Int32Array {
    return this.found.subarray(0, this.size);
  }

  /** All of them by number: what is beside each other is quicker to look at, where they are very many. */
  ascending(): Int32Array {
    if (this.size < this.seen.length / FEW) {
      return this.nodes().slice().sort();
    }
    const sorted = new Int32Array(this.size);
    let at = 0;
    for (let node = 0; at < this.size; node += 1) {
      if (this.seen[node] === 1) {
        sorted[at] = node;
        at += 1;
      }
    }
    return sorted;
  }

  private spread(start: Int32Array, to: Int32Array, nodes: Iterable<number>): this {
    this.clear(start.length - 1);
    for (const node of nodes) {
      this.take(node);
    }
    this.follow(start, to);
    return this;
  }

  private take(node: number): void {
    if (this.seen[node] === 0) {
      this.seen[node] = 1;
      this.found[this.size] = node;
      this.size += 1;
    }
  }

  /** Adds whatever those that are here lead to; written out, as it is all there is to do for millions of edges. */
  private follow(start: Int32Array, to: Int32Array): void {
    const { seen, found } = this;
    let { size } = this;
    for (let i = 0; i < size; i += 1) {
      const node = found[i] ?? 0;
      for (let e = start[node] ?? 0, end = start[node + 1] ?? 0; e < end; e += 1) {
        const next = to[e] ?? 0;
        if (seen[next] === 0) {
          seen[next] = 1;
          found[size] = next;
          size += 1;
        }
      }
    }
    this.size = size;
  }

  private clear(nodes: number): void {
    if (nodes > this.seen.length) {
      this.seen = new Uint8Array(nodes);
      this.found = new Int32Array(nodes);
    }
    for (const node of this.nodes()) {
      this.seen[node] = 0;
    }
    this.size = 0;
  }
}
