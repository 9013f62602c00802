/** Under which name an agent's host is known to the monitoring. */
import { withoutSite } from "../model/ids.ts";
import type { MonitoredHost } from "../model/monitoring.ts";

/** What names are compared with. */
export interface KnownNames {
  /** `user_node_aliases`: alias to host name. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly monitored: ReadonlyMap<string, MonitoredHost>;
}

/**
 * The monitoring's name for a host that calls itself `name` and has `ips`: by alias, by name, by name without site,
 * case or domain, by address; each only where it fits exactly one host. Its own name where nothing fits.
 */
export function identifyHost(name: string, ips: readonly string[], known: KnownNames): string {
  const alias = known.aliases.get(name);
  if (alias !== undefined) {
    return alias;
  }
  if (known.monitored.has(name)) {
    return name;
  }
  const hosts = [...known.monitored.values()];
  const fold = name.toLowerCase();
  return (
    theOne(hosts, (host) => withoutSite(host.host) === name) ??
    theOne(hosts, (host) => withoutSite(host.host).toLowerCase() === fold || host.alias.toLowerCase() === fold) ??
    theOne(hosts, (host) => short(withoutSite(host.host)) === short(name)) ??
    theOne(hosts, (host) => ips.includes(host.address)) ??
    name
  );
}

function short(name: string): string {
  const address = /^[\d.]+$/.test(name) || name.includes(":");
  return (address ? name : (name.split(".")[0] ?? name)).toLowerCase();
}

function theOne(hosts: readonly MonitoredHost[], fits: (host: MonitoredHost) => boolean): string | undefined {
  const found = hosts.filter(fits);
  return found.length === 1 ? found[0]?.host : undefined;
}
