/** What needs the failed nodes, how far away it is, and one shortest way to show for each. */
import { compareIds } from "../model/compare.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";

/** Walks over one graph. Its arrays are used again by each walk: read what a walk found before the next one. */
export class ReachWalk {
  private readonly graph: DependencyGraph;
  /** Failed nodes, then reached ones, nearest first. */
  private readonly queue: Int32Array;
  private readonly hopsAt: Int32Array;
  private readonly certaintyAt: Uint8Array;
  /** Place in the queue of each node found by the walk whose number `mark` tells. */
  private readonly placeOf: Int32Array;
  private readonly mark: Int32Array;
  private walk = 0;
  private failed = 0;
  private end = 0;

  constructor(graph: DependencyGraph) {
    const size = graph.nodes.length;
    this.graph = graph;
    this.queue = new Int32Array(size);
    this.hopsAt = new Int32Array(size);
    this.certaintyAt = new Uint8Array(size);
    this.placeOf = new Int32Array(size);
    this.mark = new Int32Array(size);
  }

  /**
   * Finds everything that reaches one of `failed` over dependencies, by hops; linear in what is reached. Stops after the
   * distance at which `most` nodes that count are found. Returns how many were found.
   */
  from(
    failed: readonly number[],
    most = Number.POSITIVE_INFINITY,
    counts: (node: number) => boolean = everyNode,
  ): number {
    this.walk += 1;
    this.end = 0;
    for (const node of failed) {
      if (this.mark[node] !== this.walk) {
        this.append(node, 0, 0);
      }
    }
    this.failed = this.end;
    for (let start = 0, hops = 0, counted = 0; start < this.end && counted < most; hops += 1) {
      const begun = this.end;
      this.offer(start, begun, hops, true);
      const end = this.end;
      this.offer(start, end, hops + 1, false);
      start = end;
      counted += most === Number.POSITIVE_INFINITY ? 0 : this.counted(begun, counts);
    }
    return this.end - this.failed;
  }

  /** How many of the nodes from a place on count. */
  private counted(from: number, counts: (node: number) => boolean): number {
    let counted = 0;
    for (const node of this.queue.subarray(from, this.end)) {
      counted += counts(node) ? 1 : 0;
    }
    return counted;
  }

  /** Node number `i` of those reached, nearest first. */
  node(i: number): number {
    return this.queue[this.failed + i] ?? 0;
  }

  /** Dependencies between different processes on the way; a service and its own process count as one. */
  hops(i: number): number {
    return this.hopsAt[this.failed + i] ?? 0;
  }

  /** Rank of the weakest edge on the surest of the shortest ways. */
  certainty(i: number): number {
    return this.certaintyAt[this.failed + i] ?? 0;
  }

  /** Ids from a reached node to what failed: among shortest ways the surest, then the one whose nodes come first by name. */
  path(i: number): string[] {
    const path: string[] = [];
    for (let place = this.failed + i; place >= 0; place = this.nextOf(place)) {
      path.push(this.idAt(place));
    }
    return path;
  }

  /** Offers all who need a node of a layer: services of its processes (`own`, which is no hop), or all others. */
  private offer(start: number, end: number, hops: number, own: boolean): void {
    const { holdsService } = this.graph;
    for (let place = start; place < end; place += 1) {
      if (!own || holdsService[this.queue[place] ?? 0] === 1) {
        this.offerDependents(place, hops, own);
      }
    }
  }

  private offerDependents(place: number, hops: number, own: boolean): void {
    const { dependentStart, dependent, dependentCertainty, dependentOwn } = this.graph;
    const needed = this.queue[place] ?? 0;
    const sofar = this.certaintyAt[place] ?? 0;
    const wanted = own ? 1 : 0;
    const end = dependentStart[needed + 1] ?? 0;
    for (let i = dependentStart[needed] ?? 0; i < end; i += 1) {
      if (dependentOwn[i] === wanted) {
        this.take(dependent[i] ?? 0, hops, Math.max(sofar, dependentCertainty[i] ?? 0));
      }
    }
  }

  private take(node: number, hops: number, certainty: number): void {
    if (this.mark[node] !== this.walk) {
      this.append(node, hops, certainty);
      return;
    }
    const place = this.placeOf[node] ?? 0;
    if (this.hopsAt[place] === hops && place >= this.failed && certainty < (this.certaintyAt[place] ?? 0)) {
      this.certaintyAt[place] = certainty;
    }
  }

  private append(node: number, hops: number, certainty: number): void {
    this.mark[node] = this.walk;
    this.placeOf[node] = this.end;
    this.queue[this.end] = node;
    this.hopsAt[this.end] = hops;
    this.certaintyAt[this.end] = certainty;
    this.end += 1;
  }

  /** Place of the next node on the way to what failed; -1 for what failed itself. */
  private nextOf(place: number): number {
    let best = -1;
    for (const at of place < this.failed ? [] : this.stepsFrom(place)) {
      best = best < 0 || compareIds(this.idAt(at), this.idAt(best)) < 0 ? at : best;
    }
    return best;
  }

  /** Places over which the way of one place may lead. */
  private stepsFrom(place: number): number[] {
    const { needStart, needTo } = this.graph;
    const node = this.queue[place] ?? 0;
    const steps: number[] = [];
    for (let e = needStart[node] ?? 0, end = needStart[node + 1] ?? 0; e < end; e += 1) {
      const to = needTo[e] ?? 0;
      if (this.mark[to] === this.walk && this.isStep(place, this.placeOf[to] ?? 0, e)) {
        steps.push(this.placeOf[to] ?? 0);
      }
    }
    return steps;
  }

  /** Whether the way of one place may lead by an edge to another one. */
  private isStep(place: number, over: number, edge: number): boolean {
    const { needOwn, needCertainty } = this.graph;
    const hops = (this.hopsAt[over] ?? 0) + (needOwn[edge] === 1 ? 0 : 1);
    const certainty = Math.max(this.certaintyAt[over] ?? 0, needCertainty[edge] ?? 0);
    return hops === this.hopsAt[place] && certainty === this.certaintyAt[place];
  }

  private idAt(place: number): string {
    return this.graph.nodes[this.queue[place] ?? 0]?.id ?? "";
  }
}

function everyNode(): boolean {
  return true;
}
