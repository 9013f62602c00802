/** What the monitoring says of all hosts, judged host by host, with what changed since. */
import type { ChangeEvent } from "../model/changes.ts";
import { Deadlines } from "../model/deadlines.ts";
import { fingerprint } from "../model/fingerprint.ts";
import { parseId } from "../model/ids.ts";
import type { Mapping } from "../model/mapping.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import type { CurrentProblem, ServiceState } from "../model/problem.ts";
import { isFuture } from "../model/set-back.ts";
import { isStaleSource } from "../model/stale-source.ts";
import { type HostChecks, judgeHost } from "./host-checks.ts";
import type { StatusTable } from "./status-table.ts";

/** What changes at every check without changing what a problem is. */
const PASSING: ReadonlySet<string> = new Set(["lastCheck", "attempt", "longOutput"]);

/** Judged hosts. */
export class HostJudge {
  private readonly hosts = new Map<string, HostChecks>();
  private readonly essence = new Map<string, number>();
  private readonly deadlines = new Deadlines();

  /** Judges a host anew. True where states, handling, mapping or problems differ; `events` gets what changed. */
  update(
    host: string,
    table: StatusTable,
    mappings: ReadonlyMap<string, Mapping>,
    everything: () => readonly string[],
    now: number,
    events: ChangeEvent[],
  ): boolean {
    const before = this.hosts.get(host);
    const judged = judgeHost(host, table.of(host), mappings, everything, table.sources(), now);
    const known = table.of(host).size > 0;
    if (!known) {
      return this.forget(host, before, judged, events);
    }
    this.hosts.set(host, judged);
    this.deadlines.note(host, judged.nextStale);
    const own = judged.host;
    const essence = fingerprint(
      JSON.stringify(
        [own?.handling, own?.status.state, own?.status.stateType, judged.problems, [...judged.services]],
        (key, value) => (PASSING.has(key) ? undefined : value),
      ),
    );
    if (this.essence.get(host) === essence) {
      return false;
    }
    this.essence.set(host, essence);
    noteStates(host, before, judged, events);
    return true;
  }

  /** Nobody speaks of a host any more, or nobody ever did: addresses and names come and go for ever. */
  private forget(host: string, before: HostChecks | undefined, nothing: HostChecks, events: ChangeEvent[]): boolean {
    this.hosts.delete(host);
    this.essence.delete(host);
    noteStates(host, before, nothing, events);
    return before !== undefined;
  }

  /** One host, undefined where no source speaks of it. */
  of(host: string): HostChecks | undefined {
    return this.hosts.get(host);
  }

  /** State of a service by its mapped checks, undefined where none is mapped. */
  stateOf(id: string): ServiceState | undefined {
    const host = parseId(id)?.host;
    return host === undefined ? undefined : this.hosts.get(host)?.services.get(id);
  }

  /** All current problems. */
  problems(): CurrentProblem[] {
    return [...this.hosts.values()].flatMap((host) => host.problems);
  }

  /** Hosts of which a result or its source has become stale by now; all where the clock was set back, as some are not any more. */
  overdue(sources: ReadonlyMap<string, SourceHealth>, now: number): string[] {
    const staleSources = [...sources].map(([name, source]) => `${name}:${isStaleSource(source, now)}`).join();
    const sourcesFlipped = staleSources !== this.staleSources;
    this.staleSources = staleSources;
    const wasSetBack = isFuture(this.lookedAt, now);
    this.lookedAt = now;
    if (sourcesFlipped || wasSetBack) {
      return [...this.hosts.keys()];
    }
    return this.deadlines.takeDue(now).filter((name) => {
      const next = this.hosts.get(name)?.nextStale ?? Number.POSITIVE_INFINITY;
      this.deadlines.note(name, next);
      return next < now;
    });
  }

  private staleSources = "";
  private lookedAt = 0;
}

function noteStates(host: string, before: HostChecks | undefined, after: HostChecks, events: ChangeEvent[]): void {
  const old = new Map(before?.checks.map((view) => [view.status.check, view.status.state]));
  if (before?.host?.status.state !== after.host?.status.state) {
    const [from, to] = [before?.host?.status.state ?? null, after.host?.status.state ?? null];
    events.push({ kind: "state", host, subject: null, from, to });
  }
  for (const { status } of after.checks) {
    const from = old.get(status.check) ?? null;
    if (from !== status.state) {
      events.push({ kind: "state", host, subject: status.check, from, to: status.state });
    }
    old.delete(status.check);
  }
  for (const [subject, from] of old) {
    events.push({ kind: "state", host, subject, from, to: null });
  }
}
