/** Pairs of hosts of which one still waits to be derived: linked before that, they would be linked once more after it. */
import { addToSet } from "../model/sets-by-key.ts";
import type { HostPairs } from "./host-pairs.ts";

/** The pairs, by the host that each waits for. */
export class PostponedPairs {
  private readonly clients = new Map<string, Set<string>>();
  private readonly servers = new Map<string, Set<string>>();

  /** Puts a pair off until one of its hosts, `until`, is derived. */
  put(until: string, client: string, server: string): void {
    if (until === client) {
      addToSet(this.servers, until, server);
    } else {
      addToSet(this.clients, until, client);
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
