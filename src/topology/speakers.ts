/** Which hosts speak of which addresses: who is concerned where an address gets another owner. */
import type { HostMemory } from "./host-memory.ts";

/** Hosts whose memory names an address, by address. */
export class Speakers {
  private readonly byAddress = new Map<string, Set<string>>();

  /** Notes the addresses that a host remembers. */
  note(host: string, { edges }: HostMemory): void {
    for (const { remote } of edges.values()) {
      const known = this.byAddress.get(remote);
      if (known === undefined) {
        this.byAddress.set(remote, new Set([host]));
      } else {
        known.add(host);
      }
    }
  }

  /** Hosts that speak of one of the addresses. */
  *of(addresses: Iterable<string>): Generator<string> {
    for (const address of addresses) {
      yield* this.byAddress.get(address) ?? [];
    }
  }
}
