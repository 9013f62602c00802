/** All dependencies of the site, found by the host of either end. */
import type { TopologyEdge } from "../model/topology.ts";

/** Dependencies by client host and server host. */
export class Links {
  private readonly byClient = new Map<string, Map<string, readonly TopologyEdge[]>>();
  /** Client hosts by server host. */
  private readonly clients = new Map<string, Set<string>>();

  /** Replaces the edges of one pair of hosts; true where they differ in ends or certainty. */
  set(client: string, server: string, edges: readonly TopologyEdge[]): boolean {
    const servers = this.byClient.get(client) ?? new Map<string, readonly TopologyEdge[]>();
    const same = sameEdges(servers.get(server) ?? [], edges);
    if (edges.length > 0) {
      this.byClient.set(client, servers.set(server, edges));
      this.clients.set(server, (this.clients.get(server) ?? new Set()).add(client));
    } else {
      servers.delete(server);
      this.forget(client, server, servers.size);
    }
    return !same;
  }

  /** Whether anything leads from or to the host. */
  has(host: string): boolean {
    return this.byClient.has(host) || this.clients.has(host);
  }

  /** Hosts at either end of anything. */
  hosts(): Iterable<string> {
    return new Set([...this.byClient.keys(), ...this.clients.keys()]);
  }

  /** Edges whose dependent is on the host. */
  *from(host: string): Generator<TopologyEdge> {
    for (const edges of this.byClient.get(host)?.values() ?? []) {
      yield* edges;
    }
  }

  /** Edges whose dependency is on the host. */
  *into(host: string): Generator<TopologyEdge> {
    for (const client of this.clientsOf(host)) {
      yield* this.byClient.get(client)?.get(host) ?? [];
    }
  }

  /** Hosts that something on the host depends on. */
  serversOf(host: string): Iterable<string> {
    return this.byClient.get(host)?.keys() ?? [];
  }

  /** Hosts with a dependent of something on the host. */
  clientsOf(host: string): ReadonlySet<string> {
    return this.clients.get(host) ?? NOBODY;
  }

  private forget(client: string, server: string, serversLeft: number): void {
    if (serversLeft === 0) {
      this.byClient.delete(client);
    }
    const clients = this.clients.get(server);
    clients?.delete(client);
    if (clients?.size === 0) {
      this.clients.delete(server);
    }
  }
}

const NOBODY: ReadonlySet<string> = new Set();

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
