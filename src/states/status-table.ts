/** What all sources say of hosts and service checks, merged: of two that speak of one, the newer result counts. */
import { checkKey } from "../model/ids.ts";
import type {
  CheckStatus,
  MonitoredHost,
  SourceHealth,
  SourceObservation,
  StatesObserved,
} from "../model/monitoring.ts";

/** A status and who said so. */
export interface Told {
  readonly status: CheckStatus;
  readonly source: string;
}

/** The merged statuses, by host and check. */
export class StatusTable {
  private readonly bySource = new Map<string, Map<string, CheckStatus>>();
  private readonly byHost = new Map<string, Map<string, Told>>();
  private readonly health = new Map<string, SourceHealth>();
  private readonly monitored = new Map<string, readonly MonitoredHost[]>();
  private allMonitored: ReadonlyMap<string, MonitoredHost> | undefined;
  private readonly changedHosts = new Set<string>();

  /** Takes in what a source says. */
  observe(observation: SourceObservation): void {
    if (observation.kind === "states") {
      this.observeStates(observation);
    } else if (observation.kind === "objects") {
      const before = this.monitored.get(observation.source) ?? [];
      this.monitored.set(observation.source, observation.hosts);
      this.allMonitored = undefined;
      for (const { host } of [...before, ...observation.hosts]) {
        this.changedHosts.add(host);
      }
    } else if (observation.kind === "health") {
      this.health.set(observation.source, observation);
    }
  }

  /** Statuses of a host by `checkKey`; empty where no source knows it. */
  of(host: string): ReadonlyMap<string, Told> {
    return this.byHost.get(host) ?? new Map();
  }

  /** Whether a source knows the host. */
  knows(host: string): boolean {
    return this.of(host).size > 0 || this.monitoredHosts().has(host);
  }

  /** Whether any source knows any host. */
  get knowsAny(): boolean {
    return this.byHost.size > 0 || this.monitoredHosts().size > 0;
  }

  /** Names of all hosts that sources speak of. */
  hosts(): Iterable<string> {
    return this.byHost.keys();
  }

  /** All hosts of all sources' configurations, by name; the source first in the alphabet wins. */
  monitoredHosts(): ReadonlyMap<string, MonitoredHost> {
    this.allMonitored ??= this.mergeMonitored();
    return this.allMonitored;
  }

  private mergeMonitored(): Map<string, MonitoredHost> {
    const hosts = new Map<string, MonitoredHost>();
    for (const source of [...this.monitored.keys()].sort().reverse()) {
      for (const host of this.monitored.get(source) ?? []) {
        hosts.set(host.host, host);
      }
    }
    return hosts;
  }

  /** How each source is. */
  sources(): ReadonlyMap<string, SourceHealth> {
    return this.health;
  }

  /** Hosts of which something changed since the last call. */
  takeChanged(): Set<string> {
    const changed = new Set(this.changedHosts);
    this.changedHosts.clear();
    return changed;
  }

  private observeStates(observed: StatesObserved): void {
    const known = this.bySource.get(observed.source) ?? new Map<string, CheckStatus>();
    this.bySource.set(observed.source, known);
    const gone = new Map(observed.gone.map((each) => [checkKey(each.host, each.check), each.host]));
    if (observed.full) {
      for (const [key, status] of known) {
        gone.set(key, status.host);
      }
    }
    for (const status of observed.statuses) {
      const key = checkKey(status.host, status.check);
      known.set(key, status);
      gone.delete(key);
      this.choose(status.host, key);
    }
    for (const [key, host] of gone) {
      known.delete(key);
      this.choose(host, key);
    }
  }

  /** Chooses among the sources that speak of one check. */
  private choose(host: string, key: string): void {
    let best: Told | undefined;
    for (const [source, statuses] of this.bySource) {
      const status = statuses.get(key);
      if (status !== undefined && (best === undefined || newer(status, source, best))) {
        best = { status, source };
      }
    }
    const checks = this.byHost.get(host) ?? new Map<string, Told>();
    if (best === undefined) {
      checks.delete(key);
    } else {
      checks.set(key, best);
    }
    if (checks.size === 0) {
      this.byHost.delete(host);
    } else {
      this.byHost.set(host, checks);
    }
    this.changedHosts.add(host);
  }
}

function newer(status: CheckStatus, source: string, than: Told): boolean {
  if (status.lastCheck !== than.status.lastCheck) {
    return status.lastCheck > than.status.lastCheck;
  }
  return source < than.source;
}
