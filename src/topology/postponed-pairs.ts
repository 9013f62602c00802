/** Pairs of hosts of which one still waits to be derived: linked before that, they would be linked once more after it. */
import type { HostPairs } from "./host-pairs.ts";

/** The pairs, by the host that each waits for. */
export class PostponedPairs {
  private readonly clients = new Map<string, Set<string>>();
  private readonly servers = new Map<string, Set<string>>();

  /** Puts a pair off until one of its hosts, `until`, is derived. */
  put(until: string, client: string, server: string): void {
    if (until === client) {
      add(this.servers, until, server);
    } else {
      add(this.clients, until, client);
    }
  }

  /** Takes what was put off until this host is derived. */
  take(host: string, pairs: HostPairs): void {
    pairs.add(host, this.servers.get(host) ?? []);
    for (const client of this.clients.get(host) ?? []) {
      pairs.add(client, [host]);
    }
    this.servers.delete(host);
    this.clients.delete(host);
  }
}

function add(all: Map<string, Set<string>>, host: string, other: string): void {
  const others = all.get(host);
  if (others === undefined) {
    all.set(host, new Set([other]));
  } else {
    others.add(other);
  }
}
