/** Under which name an agent's host is known to the monitoring. */
import { withoutSite } from "../model/ids.ts";
import type { MonitoredHost } from "../model/monitoring.ts";

/** What names are compared with. */
export interface KnownNames {
  /** `user_node_aliases`: alias to host name. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Never changed once it was handed in: what is found in it is kept with it. */
  readonly monitored: ReadonlyMap<string, MonitoredHost>;
}

/** The one host that a name or address fits; null where it fits several. */
type Fits = Map<string, string | null>;

/** The hosts by all that they can be found by. */
interface HostIndexes {
  readonly bare: Fits;
  readonly folded: Fits;
  readonly short: Fits;
  readonly address: Fits;
}

/** Looking through all hosts for each report and each event would hold up everything else at a large site. */
const INDEXES = new WeakMap<KnownNames["monitored"], HostIndexes>();

/**
 * The monitoring's name for a host that calls itself `name` and has `ips`: by alias, by name, by name without site,
 * case or domain, by address; each only where it fits exactly one host. Its own name where nothing fits.
 */
export function identifyHost(name: string, ips: readonly string[], known: KnownNames): string {
  return namedHost(name, known) ?? addressedHost(ips, known) ?? name;
}

/** The host that a name alone means; undefined where it means none. */
export function namedHost(name: string, { aliases, monitored }: KnownNames): string | undefined {
  const alias = aliases.get(name);
  if (alias !== undefined) {
    return alias;
  }
  if (monitored.has(name)) {
    return name;
  }
  const by = indexesOf(monitored);
  return by.bare.get(name) ?? by.folded.get(name.toLowerCase()) ?? by.short.get(short(name)) ?? undefined;
}

/** The host that has one of the addresses, where all that have one are the same; undefined where there is none. */
export function addressedHost(
  ips: readonly string[],
  { monitored }: Pick<KnownNames, "monitored">,
): string | undefined {
  const { address } = indexesOf(monitored);
  const found = new Set(ips.map((ip) => address.get(ip)).filter((host) => host !== undefined));
  const [only] = found;
  return found.size === 1 ? (only ?? undefined) : undefined;
}

function indexesOf(monitored: KnownNames["monitored"]): HostIndexes {
  const known = INDEXES.get(monitored);
  if (known !== undefined) {
    return known;
  }
  const by: HostIndexes = { bare: new Map(), folded: new Map(), short: new Map(), address: new Map() };
  for (const { host, alias, address } of monitored.values()) {
    const bare = withoutSite(host);
    note(by.bare, bare, host);
    note(by.folded, bare.toLowerCase(), host);
    note(by.folded, alias.toLowerCase(), host);
    note(by.short, short(bare), host);
    note(by.address, address, host);
  }
  INDEXES.set(monitored, by);
  return by;
}

function note(fits: Fits, name: string, host: string): void {
  const before = fits.get(name);
  fits.set(name, before === undefined || before === host ? host : null);
}

function short(name: string): string {
  const address = /^[\d.]+$/.test(name) || name.includes(":");
  return (address ? name : (name.split(".")[0] ?? name)).toLowerCase();
}
