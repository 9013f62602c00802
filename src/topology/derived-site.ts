/** What was derived of all hosts and of what is between them, until it is derived anew. */
import type { PortName } from "../model/ids.ts";
import { type SpokenOf, spokenOf } from "./assemble-host.ts";
import type { DerivedHost } from "./derive-host.ts";
import type { HostPairs } from "./host-pairs.ts";
import { linkHosts, mergeParallel } from "./link-hosts.ts";
import { Links } from "./links.ts";
import type { WrittenEdges } from "./written-edges.ts";

/** Hosts with their services and processes, and the dependencies between each two of them. */
export class DerivedSite {
  readonly links = new Links();
  private readonly hosts = new Map<string, DerivedHost>();
  /** What edges say of a host, as long as neither it nor one of them was derived anew. */
  private readonly spoken = new Map<string, SpokenOf>();

  /** A host; undefined where it was not derived yet. */
  of(host: string): DerivedHost | undefined {
    return this.hosts.get(host);
  }

  /** Puts a host as it is now; true where its open ports or the programs behind them differ. */
  put(derived: DerivedHost): boolean {
    const { host } = derived;
    const before = this.hosts.get(host);
    this.hosts.set(host, derived);
    this.spoken.delete(host);
    return before === undefined || openPorts(before) !== openPorts(derived);
  }

  /** Forgets a host of which nothing is left. */
  drop(host: string): void {
    this.hosts.delete(host);
    this.spoken.delete(host);
  }

  /** Adds all pairs of hosts that a host takes part in. */
  addPairsOf(host: string, pairs: HostPairs): void {
    const derived = this.hosts.get(host);
    pairs.add(host, [host, ...(derived?.outTo.keys() ?? []), ...this.links.serversOf(host)]);
    for (const client of [...(derived?.inFrom.keys() ?? []), ...this.links.clientsOf(host)]) {
      pairs.add(client, [host]);
    }
  }

  /** Finds the edges of one pair anew, `aging` in seconds; true where they differ in ends or certainty. */
  link(client: string, server: string, written: WrittenEdges, aging: number, now: number): boolean {
    const from = this.hosts.get(client) ?? { host: client };
    const to = this.hosts.get(server) ?? { host: server };
    const found = linkHosts(from, to, aging, now);
    const local = client === server ? (this.hosts.get(client)?.local ?? []) : [];
    const edges = mergeParallel([...found, ...local, ...written.between(client, server, now)]).filter(
      (edge) => !written.excludes(edge),
    );
    this.spoken.delete(client);
    this.spoken.delete(server);
    return this.links.set(client, server, edges);
  }

  /** What the edges say of a host. */
  spokenOf(host: string): SpokenOf {
    const known = this.spoken.get(host);
    if (known !== undefined) {
      return known;
    }
    const spoken = spokenOf(host, this.hosts.get(host), this.links);
    this.spoken.set(host, spoken);
    return spoken;
  }

  /** Whether somebody is known to listen at a host's port. */
  listens(host: string, port: PortName): boolean {
    return this.hosts.get(host)?.services.has(port) === true;
  }

  /** The process behind a service, null where unknown. */
  processAt(host: string, port: PortName): string | null {
    return this.hosts.get(host)?.services.get(port)?.process ?? null;
  }
}

function openPorts(host: DerivedHost): string {
  return JSON.stringify([...host.services.values()].map(({ port, process }) => [port, process]).sort());
}
