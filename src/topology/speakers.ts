/** Which hosts speak of which addresses: who is concerned where an address gets another owner. */
import type { HostMemory } from "./host-memory.ts";

/** Hosts whose memory names an address, by address. */
export class Speakers {
  private readonly byAddress = new Map<string, Set<string>>();
  private readonly ofHost = new Map<string, ReadonlySet<string>>();

  /** Notes the addresses that a host remembers, in place of those it remembered before. */
  note(host: string, { edges }: Pick<HostMemory, "edges">): void {
    const before = this.ofHost.get(host);
    const now = new Set<string>();
    for (const { remote } of edges.values()) {
      now.add(remote);
    }
    this.ofHost.set(host, now);
    for (const address of now) {
      if (before?.has(address) !== true) {
        this.byAddress.set(address, (this.byAddress.get(address) ?? new Set()).add(host));
      }
    }
    for (const address of before ?? []) {
      if (!now.has(address)) {
        this.forget(host, address);
      }
    }
  }

  /** Hosts that speak of one of the addresses. */
  *of(addresses: Iterable<string>): Generator<string> {
    for (const address of addresses) {
      yield* this.byAddress.get(address) ?? [];
    }
  }

  private forget(host: string, address: string): void {
    const hosts = this.byAddress.get(address);
    hosts?.delete(host);
    if (hosts?.size === 0) {
      this.byAddress.delete(address);
    }
  }
}
