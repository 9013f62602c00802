/** What all sources say of hosts and service checks, merged: of two that speak of one, the newer result counts. */
import { checkKey } from "../model/ids.ts";
import type {
  CheckStatus,
  MonitoredHost,
  SourceHealth,
  SourceObservation,
  StatesObserved,
} from "../model/monitoring.ts";
import { isFuture } from "../model/set-back.ts";
import { WaitingHosts } from "../model/waiting-hosts.ts";
import { HostNames } from "./host-names.ts";

/** A status, under the host's name in the picture, and who said so. */
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
  /** Sources that were silent for so long that what they said counts no more. */
  private readonly expired = new Set<string>();
  private readonly changedHosts = new Set<string>();
  /** Hosts of which only checks were made again that found what was found before: nearly all that sources ever tell. */
  private readonly checkedAgain = new WaitingHosts();
  private names = new HostNames(new Map());

  /** Takes in what a source says. */
  observe(observation: SourceObservation): void {
    if (observation.kind === "states") {
      this.observeStates(observation);
    } else if (observation.kind === "objects") {
      const before = this.monitored.get(observation.source) ?? [];
      this.monitored.set(observation.source, observation.hosts);
      this.allMonitored = undefined;
      for (const { host } of [...before, ...observation.hosts]) {
        this.changedHosts.add(this.names.of(host));
      }
    } else if (observation.kind === "health") {
      this.health.set(observation.source, this.continued(observation));
    }
  }

  /** A source that was made anew has said nothing yet: what it said before stands, and is as old as it was. */
  private continued(health: SourceHealth): SourceHealth {
    const before = this.health.get(health.source);
    if (before === undefined || before.asOf === 0 || health.asOf > 0) {
      return health;
    }
    const { asOf, hosts, checks, lag } = before;
    return { ...health, asOf, hosts, checks, lag };
  }

  /** What sources told by a clock that was ahead and is set back they told now, at the latest: nothing is fresh for longer. */
  setRight(now: number): void {
    for (const [source, health] of this.health) {
      if (isFuture(health.asOf, now)) {
        this.health.set(source, { ...health, asOf: now });
      }
    }
  }

  /** Calls hosts otherwise from now on, those told of before, too. */
  rename(names: HostNames): void {
    const before = this.names;
    this.names = names;
    for (const statuses of this.bySource.values()) {
      for (const { host, check } of statuses.values()) {
        if (before.of(host) !== names.of(host)) {
          this.choose(before.of(host), check);
          this.choose(names.of(host), check);
        }
      }
    }
    this.allMonitored = undefined;
  }

  /** Forgets how a source is; it must have taken back all it said. */
  forget(source: string): void {
    this.health.delete(source);
    this.bySource.delete(source);
    this.expired.delete(source);
    this.monitored.delete(source);
  }

  /**
   * Lets the states of sources that have been silent for longer than `silence` seconds count no more, until they speak
   * again: sources tell only what is new, so what they said is kept for that time.
   */
  expire(silence: number, now: number): void {
    for (const [source, { asOf }] of this.health) {
      const isExpired = asOf > 0 && now - asOf > silence;
      if (isExpired !== this.expired.has(source)) {
        this.count(source, !isExpired);
      }
    }
  }

  private count(source: string, counts: boolean): void {
    if (counts) {
      this.expired.delete(source);
    } else {
      this.expired.add(source);
    }
    for (const { host, check } of this.bySource.get(source)?.values() ?? []) {
      this.choose(this.names.of(host), check);
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
        const name = this.names.of(host.host);
        const alias = name === host.host ? host.alias : host.host;
        hosts.set(name, { ...host, host: name, alias, parents: host.parents.map(this.names.of) });
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
    for (const host of changed) {
      this.checkedAgain.drop(host);
    }
    return changed;
  }

  /** The next hosts that were only checked again, at least one, with at most so many checks together: nobody waits for them. */
  takeCheckedAgain(most: number): Set<string> {
    return this.checkedAgain.take(most, (host) => this.of(host).size);
  }

  /** Whether there are more of them. */
  get hasCheckedAgain(): boolean {
    return this.checkedAgain.size > 0;
  }

  private observeStates(observed: StatesObserved): void {
    const known = this.bySource.get(observed.source) ?? new Map<string, CheckStatus>();
    this.bySource.set(observed.source, known);
    const gone = new Map(observed.gone.map((each) => [checkKey(each.host, each.check), each]));
    if (observed.full) {
      for (const [key, status] of known) {
        gone.set(key, status);
      }
    }
    for (const status of observed.statuses) {
      const key = checkKey(status.host, status.check);
      known.set(key, status);
      gone.delete(key);
      this.choose(this.names.of(status.host), status.check);
    }
    for (const [key, { host, check }] of gone) {
      known.delete(key);
      this.choose(this.names.of(host), check);
    }
  }

  /** The newest of what sources say under this key, and of `best`. */
  private newest(key: string, best: Told | undefined): Told | undefined {
    let newest = best;
    for (const [source, statuses] of this.bySource) {
      const status = this.expired.has(source) ? undefined : statuses.get(key);
      if (status !== undefined && (newest === undefined || newer(status, source, newest))) {
        newest = { status, source };
      }
    }
    return newest;
  }

  /** Chooses among the sources that speak of one check of the host that is called `host` in the picture. */
  private choose(host: string, check: string | null): void {
    const key = checkKey(host, check);
    let best: Told | undefined;
    for (const told of this.names.toldAs(host)) {
      best = this.newest(told === host ? key : checkKey(told, check), best);
    }
    if (best !== undefined && best.status.host !== host) {
      best = { ...best, status: { ...best.status, host } };
    }
    const checks = this.byHost.get(host) ?? new Map<string, Told>();
    const isSame = isSameResult(checks.get(key), best);
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
    (isSame ? this.checkedAgain : this.changedHosts).add(host);
  }
}

/** What a check that was made again may tell otherwise while it finds the same. */
const OF_THE_LOOK: ReadonlySet<string> = new Set<keyof CheckStatus>(["lastCheck", "attempt", "output", "longOutput"]);

function isSameResult(before: Told | undefined, now: Told | undefined): boolean {
  if (before === undefined || now === undefined || before.source !== now.source) {
    return false;
  }
  const fields = Object.keys(now.status) as (keyof CheckStatus)[];
  return fields.every((field) => before.status[field] === now.status[field] || OF_THE_LOOK.has(field));
}

function newer(status: CheckStatus, source: string, than: Told): boolean {
  if (status.lastCheck !== than.status.lastCheck) {
    return status.lastCheck > than.status.lastCheck;
  }
  return source < than.source;
}
