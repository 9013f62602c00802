/** All dependencies of the site, found by the host of either end. */
import type { TopologyEdge } from "../model/topology.ts";

/** Edges of pairs of hosts, by one host and the other. */
type Pairs = Map<string, Map<string, readonly TopologyEdge[]>>;

/** Dependencies by client host and server host. */
export class Links {
  private readonly byClient: Pairs = new Map();
  /** The same by server host and client host: there are many, and looking each up takes long. */
  private readonly byServer: Pairs = new Map();

  /** Replaces the edges of one pair of hosts; true where they differ in ends or certainty. */
  set(client: string, server: string, edges: readonly TopologyEdge[]): boolean {
    const same = sameEdges(this.byClient.get(client)?.get(server) ?? [], edges);
    put(this.byClient, client, server, edges);
    put(this.byServer, server, client, edges);
    return !same;
  }

  /** Whether anything leads from or to the host. */
  has(host: string): boolean {
    return this.byClient.has(host) || this.byServer.has(host);
  }

  /** Hosts at either end of anything. */
  hosts(): Iterable<string> {
    return new Set([...this.byClient.keys(), ...this.byServer.keys()]);
  }

  /** How many pairs of hosts with edges the host is one of. */
  peersOf(host: string): number {
    return (this.byClient.get(host)?.size ?? 0) + (this.byServer.get(host)?.size ?? 0);
  }

  /** Edges whose dependent is on the host. */
  from(host: string): Iterable<TopologyEdge> {
    return all(this.byClient.get(host));
  }

  /** Edges whose dependency is on the host. */
  into(host: string): Iterable<TopologyEdge> {
    return all(this.byServer.get(host));
  }

  /** Hosts that something on the host depends on. */
  serversOf(host: string): Iterable<string> {
    return this.byClient.get(host)?.keys() ?? [];
  }

  /** Hosts with a dependent of something on the host. */
  clientsOf(host: string): Iterable<string> {
    return this.byServer.get(host)?.keys() ?? [];
  }
}

function put(pairs: Pairs, host: string, other: string, edges: readonly TopologyEdge[]): void {
  const others = pairs.get(host);
  if (edges.length > 0) {
    pairs.set(host, (others ?? new Map()).set(other, edges));
  } else if (others?.delete(other) && others.size === 0) {
    pairs.delete(host);
  }
}

function* all(pairs: ReadonlyMap<string, readonly TopologyEdge[]> = NOTHING): Generator<TopologyEdge> {
  for (const edges of pairs.values()) {
    yield* edges;
  }
}

const NOTHING: ReadonlyMap<string, readonly TopologyEdge[]> = new Map();

function sameEdges(a: readonly TopologyEdge[], b: readonly TopologyEdge[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (edge, i) =>
        edge.from === b[i]?.from &&
        edge.to === b[i]?.to &&
        edge.certainty === b[i]?.certainty &&
        edge.passing === b[i]?.passing,
    )
  );
}
