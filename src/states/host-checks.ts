/** One host's checks with their handling, the states of its services, and its problems. */
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import { checkKey } from "../model/ids.ts";
import type { Mapping } from "../model/mapping.ts";
import type { CheckStatus, SourceHealth } from "../model/monitoring.ts";
import { type CheckView, type CurrentProblem, isHandled, type ServiceState } from "../model/problem.ts";
import { isStaleSource } from "../model/stale-source.ts";
import { type Handling, isProblem, worse } from "../model/state.ts";
import type { Told } from "./status-table.ts";

/** Everything the monitoring says of one host. */
export interface HostChecks {
  /** The host's own check, undefined where no source knows it. */
  readonly host: CheckView | undefined;
  /** Its service checks, by name. */
  readonly checks: readonly CheckView[];
  /** By service id. */
  readonly services: ReadonlyMap<string, ServiceState>;
  readonly problems: readonly CurrentProblem[];
  /** Unix seconds when the next of its results becomes stale; Infinity where none will. */
  readonly nextStale: number;
}

/** From which age, in expected intervals, a result is stale (SEMANTICS 8). */
const STALE_INTERVALS = 1.5;

/** Seconds a result may be late because the source writes only now and then (Nagios: additional_freshness_latency, 15). */
const GRACE = 15;

/**
 * Judges one host. `everything` lists the ids of all its services and processes, which fail with it.
 * A service is as bad as its worst check, and handled only where every failing check is.
 */
export function judgeHost(
  host: string,
  told: ReadonlyMap<string, Told>,
  mappings: ReadonlyMap<string, Mapping>,
  everything: () => readonly string[],
  sources: ReadonlyMap<string, SourceHealth>,
  now: number,
): HostChecks {
  const own = told.get(checkKey(host, null));
  const hostView = own === undefined ? undefined : viewOf(own, 0, null, sources, now);
  const hostDepth = own?.status.downtimeDepth ?? 0;
  const checks = [...told.values()]
    .filter(({ status }) => status.check !== null)
    .map((each) => viewOf(each, hostDepth, mappings.get(each.status.check ?? "") ?? null, sources, now))
    .sort((a, b) => compareIds(a.status.check ?? "", b.status.check ?? ""));
  return {
    host: hostView,
    checks,
    services: serviceStates(checks),
    problems: problemsOf(host, hostView, checks, everything),
    nextStale: nextStale(told, now),
  };
}

function nextStale(told: ReadonlyMap<string, Told>, now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { status } of told.values()) {
    const at = staleAt(status);
    if (at >= now && at < next) {
      next = at;
    }
  }
  return next;
}

/** When a result becomes stale by its age; Infinity where no interval is known or it was never checked. */
function staleAt(status: CheckStatus): number {
  return status.interval > 0 && status.lastCheck > 0
    ? status.lastCheck + STALE_INTERVALS * status.interval + GRACE
    : Number.POSITIVE_INFINITY;
}

function viewOf(
  told: Told,
  hostDepth: number,
  mapping: Mapping | null,
  sources: ReadonlyMap<string, SourceHealth>,
  now: number,
): CheckView {
  const { status, source } = told;
  return { status, source, mapping, handling: handlingOf(status, hostDepth, sources.get(source), now) };
}

function handlingOf(status: CheckStatus, hostDepth: number, source: SourceHealth | undefined, now: number): Handling {
  const problem = isProblem(status.state);
  return {
    acknowledged: status.acknowledgement !== "none",
    inDowntime: status.downtimeDepth + hostDepth > 0,
    flapping: status.flapping,
    soft: problem && status.stateType === "SOFT",
    stale: staleAt(status) < now || (source !== undefined && isStaleSource(source, now)),
  };
}

function serviceStates(checks: readonly CheckView[]): Map<string, ServiceState> {
  const pairs = checks.flatMap((view) => (view.mapping?.services ?? []).map((id) => ({ id, view })));
  const mapped = grouped(pairs, ({ id }) => id);
  return new Map([...mapped].map(([id, views]) => [id, serviceState(views.map(({ view }) => view))]));
}

function serviceState(views: readonly CheckView[]): ServiceState {
  const state = views.map((view) => view.status.state).reduce(worse);
  const worst = views.filter((view) => view.status.state === state);
  const failing = views.filter((view) => isProblem(view.status.state));
  return {
    state,
    stateType: worst.some((view) => view.status.stateType === "HARD") ? "HARD" : "SOFT",
    handling: together(failing.length === 0 ? views : failing),
    checks: views.map((view) => view.status.check ?? ""),
  };
}

/** Handling of several checks together: acknowledged, soft, in downtime only where all are; flapping or stale where one is. */
function together(views: readonly CheckView[]): Handling {
  const all = (test: (handling: Handling) => boolean) => views.every((view) => test(view.handling));
  const some = (test: (handling: Handling) => boolean) => views.some((view) => test(view.handling));
  const handled = all(isHandled);
  return {
    acknowledged: handled && some((handling) => handling.acknowledged),
    inDowntime: handled && some((handling) => handling.inDowntime),
    flapping: some((handling) => handling.flapping),
    soft: all((handling) => handling.soft),
    stale: some((handling) => handling.stale),
  };
}

function problemsOf(
  host: string,
  hostView: CheckView | undefined,
  checks: readonly CheckView[],
  everything: () => readonly string[],
): CurrentProblem[] {
  const problems: CurrentProblem[] = [];
  if (hostView !== undefined && isProblem(hostView.status.state)) {
    problems.push({ key: checkKey(host, null), view: hostView, failed: [...everything()].sort() });
  }
  for (const view of checks) {
    if (isProblem(view.status.state)) {
      const failed = [...(view.mapping?.services ?? [])].sort();
      problems.push({ key: checkKey(host, view.status.check), view, failed });
    }
  }
  return problems;
}
