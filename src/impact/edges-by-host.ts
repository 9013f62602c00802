/** The edges of all hosts: one list, in which a host that changed is written over where it has as many as before. */
import { EdgeList, type Edges } from "../model/dependency-graph.ts";

const NO_EDGES: Edges = {
  from: new Int32Array(),
  to: new Int32Array(),
  certainty: new Uint8Array(),
  group: new Int32Array(),
  quorum: new Uint16Array(),
  groups: 0,
};

/** Where the edges of a host are in the list. */
interface Place {
  readonly at: number;
  /** Their groups are numbered after these. */
  readonly groupsBefore: number;
}

/** Edges by the host of their dependents. */
export class EdgesByHost {
  private readonly byHost = new Map<string, Edges>();
  private readonly places = new Map<string, Place>();
  /** All of them; undefined where some host has more or fewer than when the list was made. */
  private list: EdgeList | undefined;

  /** Those of a host. */
  of(host: string): Edges {
    return this.byHost.get(host) ?? NO_EDGES;
  }

  /** Replaces those of a host. */
  put(host: string, edges: Edges): void {
    const before = this.of(host);
    this.byHost.set(host, edges);
    const place = this.places.get(host);
    if (place === undefined || before.from.length !== edges.from.length || before.groups !== edges.groups) {
      this.list = undefined;
    } else {
      this.list?.put(edges, place.at, place.groupsBefore);
    }
  }

  /** Both ends of all edges. */
  ends(): Int32Array[] {
    return [...this.byHost.values()].flatMap(({ from, to }) => [from, to]);
  }

  /** Gives the nodes other numbers. */
  renumber(renumbered: (nodes: Int32Array) => Int32Array): void {
    for (const [host, edges] of this.byHost) {
      if (edges.from.length === 0) {
        this.byHost.delete(host);
      } else {
        this.byHost.set(host, { ...edges, from: renumbered(edges.from), to: renumbered(edges.to) });
      }
    }
    this.list = undefined;
  }

  /** All of them, until they change. */
  all(): EdgeList {
    this.list ??= this.listed();
    return this.list;
  }

  private listed(): EdgeList {
    let room = 0;
    for (const { from } of this.byHost.values()) {
      room += from.length;
    }
    const list = new EdgeList(room);
    this.places.clear();
    for (const [host, edges] of this.byHost) {
      this.places.set(host, { at: list.length, groupsBefore: list.groups });
      list.addAll(edges);
    }
    return list;
  }
}
