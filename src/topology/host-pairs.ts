/** Pairs of hosts, each once: client and server, of which the dependencies are to be found anew. */

/** The pairs. */
export class HostPairs {
  private readonly servers = new Map<string, Set<string>>();

  /** Adds a client with each of the servers. */
  add(client: string, servers: Iterable<string>): void {
    const known = this.servers.get(client) ?? new Set();
    for (const server of servers) {
      known.add(server);
    }
    if (known.size > 0) {
      this.servers.set(client, known);
    }
  }

  /** All clients. */
  clients(): Set<string> {
    return new Set(this.servers.keys());
  }

  /** All pairs, client by client. */
  *[Symbol.iterator](): Generator<readonly [client: string, server: string]> {
    for (const [client, servers] of this.servers) {
      for (const server of servers) {
        yield [client, server];
      }
    }
  }
}
