/** What is asked of very many nodes at once, as numbers: whose host each is on, and whether it is shown. */
import { compareIds } from "../model/compare.ts";
import type { DependencyGraph, GraphNodeInfo } from "../model/dependency-graph.ts";
import { enlarged } from "../model/enlarged.ts";
import { INTERNET } from "../model/ids.ts";

/** Bits of a node. */
const SERVICE = 1;
const SHOWN = 2;
const OF_INTERNET = 4;

/** Facts of all nodes of a graph, kept up to date node by node. */
export class NodeFacts {
  /** Number of the host of each node. */
  hostOf = new Int32Array();
  private bits = new Uint8Array();
  private readonly numbers = new Map<string, number>();
  private readonly names: string[] = [];
  /** Place of each host in the order of names; made when asked for, as long as no host is added. */
  private ranks: Int32Array | undefined;

  /** Notes nodes that are new, or look otherwise than before. */
  update({ nodes }: DependencyGraph, changed: Iterable<number>): void {
    if (nodes.length > this.bits.length) {
      const room = Math.max(nodes.length, 2 * this.bits.length);
      this.bits = enlarged(this.bits, new Uint8Array(room));
      this.hostOf = enlarged(this.hostOf, new Int32Array(room));
    }
    for (const node of changed) {
      const info = nodes[node];
      if (info !== undefined) {
        this.hostOf[node] = this.numberOf(info.host);
        this.bits[node] = bitsOf(info);
      }
    }
  }

  /** How many hosts there are. */
  get hosts(): number {
    return this.names.length;
  }

  /** Name of a host. */
  nameOf(host: number): string {
    return this.names[host] ?? "";
  }

  /** Names of some hosts, sorted. */
  namesOf(hosts: readonly number[]): string[] {
    this.ranks ??= this.ranked();
    const { ranks, names } = this;
    return [...hosts].sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0)).map((host) => names[host] ?? "");
  }

  isService(node: number): boolean {
    return ((this.bits[node] ?? 0) & SERVICE) !== 0;
  }

  isShown(node: number): boolean {
    return ((this.bits[node] ?? 0) & SHOWN) !== 0;
  }

  /** Whether a service is connected to from somebody out in the Internet. */
  facesInternet({ dependentStart, dependent }: DependencyGraph, node: number): boolean {
    if (!this.isService(node)) {
      return false;
    }
    for (let i = dependentStart[node] ?? 0, end = dependentStart[node + 1] ?? 0; i < end; i += 1) {
      if (((this.bits[dependent[i] ?? 0] ?? 0) & OF_INTERNET) !== 0) {
        return true;
      }
    }
    return false;
  }

  private numberOf(host: string): number {
    const known = this.numbers.get(host);
    if (known !== undefined) {
      return known;
    }
    const number = this.names.length;
    this.numbers.set(host, number);
    this.names.push(host);
    this.ranks = undefined;
    return number;
  }

  private ranked(): Int32Array {
    const order = [...this.names.keys()].sort((a, b) => compareIds(this.nameOf(a), this.nameOf(b)));
    const ranks = new Int32Array(order.length);
    for (const [rank, host] of order.entries()) {
      ranks[host] = rank;
    }
    return ranks;
  }
}

/** Services, and processes that hold none; not the Internet, nor somebody without a name who left only traces. */
export function isShown(node: GraphNodeInfo | undefined): boolean {
  const lasting = node !== undefined && node.host !== INTERNET && node.passing !== true;
  return lasting && (node.kind === "service" || !node.holdsServices);
}

function bitsOf(info: GraphNodeInfo): number {
  const internet = info.host === INTERNET ? OF_INTERNET : 0;
  return internet | (info.kind === "service" ? SERVICE : 0) | (isShown(info) ? SHOWN : 0);
}
