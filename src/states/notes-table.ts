/** What all sources note at hosts: comments, downtimes, and what the configuration says beyond states. */

import { compareIds } from "../model/compare.ts";
import type { CheckNotes, HostNotes, Variable } from "../model/host-notes.ts";
import type { MonitoredCheck, MonitoredHost, SourceObservation } from "../model/monitoring.ts";
import type { MonitoringComment, MonitoringDowntime } from "../model/monitoring-notes.ts";
import { renameHosts } from "../model/rename-hosts.ts";
import { looksSecret } from "../model/secret-name.ts";
import { HostNames } from "./host-names.ts";

/** What one source's configuration says of a host. */
interface Configured {
  readonly host: MonitoredHost | undefined;
  readonly checks: readonly MonitoredCheck[];
}

/** What one source's people note at a host. */
interface Noted {
  readonly comments: readonly MonitoringComment[];
  readonly downtimes: readonly MonitoringDowntime[];
}

const MASK = "***";

/** The notes, by host. */
export class NotesTable {
  readonly #configured = new Map<string, ReadonlyMap<string, Configured>>();
  readonly #noted = new Map<string, ReadonlyMap<string, Noted>>();
  readonly #changed = new Set<string>();
  /** What each source said last, under its own names. */
  readonly #said = new Map<string, SourceObservation>();
  #names = new HostNames(new Map());

  /** Takes in what a source says; states and health are not its business. */
  observe(observation: SourceObservation): void {
    if (observation.kind === "objects" || observation.kind === "notes") {
      this.#said.set(`${observation.kind} ${observation.source}`, observation);
      this.#observe(renameHosts(observation, this.#names.of));
    }
  }

  /** Calls hosts otherwise from now on, those told of before, too. */
  rename(names: HostNames): void {
    this.#names = names;
    for (const observation of this.#said.values()) {
      this.#observe(renameHosts(observation, names.of));
    }
  }

  #observe(observation: SourceObservation): void {
    if (observation.kind === "objects") {
      this.#replace(this.#configured, observation.source, configuredByHost(observation.hosts, observation.checks));
    } else if (observation.kind === "notes") {
      this.#replace(this.#noted, observation.source, notedByHost(observation.comments, observation.downtimes));
    }
  }

  /** What is noted at a host; undefined where nothing is. */
  of(host: string): HostNotes | undefined {
    const configured = partsOf(this.#configured, host);
    const noted = partsOf(this.#noted, host);
    const [first] = configured.flatMap((part) => part.host ?? []);
    if (first === undefined && noted.length === 0 && configured.length === 0) {
      return undefined;
    }
    return {
      host,
      alias: first?.alias ?? "",
      address: first?.address ?? "",
      actionUrl: first?.actionUrl ?? "",
      variables: variablesOf(first?.customVariables ?? new Map()),
      checks: configured.flatMap(({ checks }) => checks.map(checkNotes)).sort((a, b) => compareIds(a.check, b.check)),
      comments: noted.flatMap(({ comments }) => comments).sort((a, b) => b.entered - a.entered),
      downtimes: noted.flatMap(({ downtimes }) => downtimes).sort((a, b) => a.end - b.end),
    };
  }

  /** All hosts at which something is noted. */
  hosts(): Set<string> {
    const tables = [...this.#configured.values(), ...this.#noted.values()];
    return new Set(tables.flatMap((hosts) => [...hosts.keys()]));
  }

  /** Hosts whose notes may be others since the last call. */
  takeChanged(): Set<string> {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    return changed;
  }

  #replace<T>(table: Map<string, ReadonlyMap<string, T>>, source: string, hosts: ReadonlyMap<string, T>): void {
    for (const host of table.get(source)?.keys() ?? []) {
      this.#changed.add(host);
    }
    for (const host of hosts.keys()) {
      this.#changed.add(host);
    }
    table.set(source, hosts);
  }
}

/** What each source, in the order of their names, says of a host. */
function partsOf<T>(table: ReadonlyMap<string, ReadonlyMap<string, T>>, host: string): T[] {
  return [...table.keys()].sort().flatMap((source) => table.get(source)?.get(host) ?? []);
}

function configuredByHost(hosts: readonly MonitoredHost[], checks: readonly MonitoredCheck[]): Map<string, Configured> {
  const byHost = new Map<string, { host: MonitoredHost | undefined; checks: MonitoredCheck[] }>();
  for (const host of hosts) {
    byHost.set(host.host, { host, checks: [] });
  }
  for (const check of checks) {
    const known = byHost.get(check.host);
    if (known === undefined) {
      byHost.set(check.host, { host: undefined, checks: [check] });
    } else {
      known.checks.push(check);
    }
  }
  return byHost;
}

function notedByHost(
  comments: readonly MonitoringComment[],
  downtimes: readonly MonitoringDowntime[],
): Map<string, Noted> {
  const byHost = new Map<string, { comments: MonitoringComment[]; downtimes: MonitoringDowntime[] }>();
  const at = (host: string) => {
    const known = byHost.get(host) ?? { comments: [], downtimes: [] };
    byHost.set(host, known);
    return known;
  };
  for (const comment of comments) {
    at(comment.host).comments.push(comment);
  }
  for (const downtime of downtimes) {
    at(downtime.host).downtimes.push(downtime);
  }
  return byHost;
}

function checkNotes({ check, groups, actionUrl, customVariables }: MonitoredCheck): CheckNotes {
  return { check, groups, actionUrl, variables: variablesOf(customVariables) };
}

function variablesOf(variables: ReadonlyMap<string, string>): Variable[] {
  return [...variables].map(([name, value]) => ({ name, value: looksSecret(name) ? MASK : value }));
}
