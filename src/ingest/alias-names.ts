/** Calls hosts by the names people gave them in the monitoring beside their own (Nagios' `alias`). */
import type { SourceObservation } from "../model/monitoring.ts";
import { renameHosts } from "../model/rename-hosts.ts";

/** A name that a host can be called by: aliases often are whole phrases. */
const HOST_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

/**
 * The names that hosts are called by instead of their own: other names that are fit to be one and belong to one host
 * only. Hosts in `keep` are not renamed.
 */
export function aliasNames(
  hosts: Iterable<string>,
  otherNames: ReadonlyMap<string, string>,
  keep: ReadonlySet<string>,
): Map<string, string> {
  const taken = new Set(hosts);
  const owners = new Map<string, number>();
  for (const other of otherNames.values()) {
    owners.set(other, (owners.get(other) ?? 0) + 1);
  }
  const isFit = (host: string, other: string) =>
    HOST_NAME.test(other) && owners.get(other) === 1 && !taken.has(other) && !keep.has(host);
  return new Map([...otherNames].filter(([host, other]) => isFit(host, other)));
}

/** The observation with hosts called by these names; their own name is their alias then, so that agents are found by it. */
export function withAliases(observation: SourceObservation, names: ReadonlyMap<string, string>): SourceObservation {
  const named = renameHosts(observation, (host) => names.get(host) ?? host);
  if (named.kind !== "objects") {
    return named;
  }
  const own = new Map([...names].map(([host, name]) => [name, host]));
  return { ...named, hosts: named.hosts.map((host) => ({ ...host, alias: own.get(host.host) ?? host.alias })) };
}
