/** Which host has which address. A claim that two hosts make is believed of neither: no wrong edges. */
import { isLinkLocal, isLoopback, isWildcard } from "../model/address.ts";
import { addToSet } from "../model/sets-by-key.ts";

/** Addresses claimed by agents and told by the monitoring. */
export class AddressBook {
  private readonly claims = new Map<string, Set<string>>();
  private readonly told = new Map<string, Set<string>>();
  private readonly ofHost = new Map<string, readonly string[]>();

  /** The host of an address; undefined where nobody or more than one has it. The monitoring's word goes first. */
  hostOf(address: string): string | undefined {
    return only(this.told.get(address)) ?? only(this.claims.get(address));
  }

  /** Hosts whose agents say that the address is theirs. */
  claimants(address: string): Iterable<string> {
    return this.claims.get(address) ?? [];
  }

  /** Notes an agent's own addresses; returns those whose owner changed. */
  claim(host: string, addresses: readonly string[]): string[] {
    const before = this.ofHost.get(host) ?? [];
    const now = addresses.filter(usable);
    this.ofHost.set(host, now);
    return this.changing([...before, ...now], () => replace(this.claims, host, before, now));
  }

  /** Notes what the monitoring says of its hosts' addresses, replacing all it said; returns those whose owner changed. */
  tell(addresses: ReadonlyMap<string, string>): string[] {
    const all = [...this.told.keys(), ...addresses.values()];
    return this.changing(all, () => {
      this.told.clear();
      for (const [host, address] of addresses) {
        if (usable(address)) {
          addToSet(this.told, address, host);
        }
      }
    });
  }

  private changing(addresses: readonly string[], change: () => void): string[] {
    const unique = [...new Set(addresses)];
    const before = unique.map((address) => this.hostOf(address));
    change();
    return unique.filter((address, i) => this.hostOf(address) !== before[i]);
  }
}

function usable(address: string): boolean {
  return !isLoopback(address) && !isWildcard(address) && !isLinkLocal(address);
}

function only(hosts: ReadonlySet<string> | undefined): string | undefined {
  return hosts?.size === 1 ? hosts.values().next().value : undefined;
}

function replace(claims: Map<string, Set<string>>, host: string, before: readonly string[], now: readonly string[]) {
  for (const address of before) {
    const hosts = claims.get(address);
    hosts?.delete(host);
    if (hosts?.size === 0) {
      claims.delete(address);
    }
  }
  for (const address of now) {
    addToSet(claims, address, host);
  }
}
