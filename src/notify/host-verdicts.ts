/** What is to be said of each host: what hits it from elsewhere, and what DOTM itself finds wrong there. Pure. */
import type { PassiveResult } from "../../nagios/passive-result.ts";
import { type Alarm, sortedAlarms } from "../model/alarm.ts";
import type { Changes } from "../model/changes.ts";
import { shortTitle } from "../model/ids.ts";
import type { AffectedRow, Degree, Impact } from "../model/impact.ts";
import { OWN_CHECKS, type OwnCheck } from "../model/own-checks.ts";
import { inOneGo } from "../model/pieces.ts";

/** A verdict, still without name and time. */
export type Verdict = Pick<PassiveResult, "state" | "output" | "details" | "figures">;

/** Lines of details at most: outputs are short, and the picture shows all. */
const MOST_DETAILS = 10;

/** What one problem does to one host. */
interface Hit {
  readonly problem: string;
  readonly root: boolean;
  readonly handled: boolean;
  readonly graph: string;
  readonly rows: readonly AffectedRow[];
}

/** Stands for the host in changes of alarms that belong to none. */
export const NO_HOST = "";

const GRAVITY: Readonly<Record<Degree, 0 | 1 | 2>> = { affected: 2, degraded: 1, potential: 1 };
const WORDS = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;

/** Follows the changes of the picture. */
export class HostVerdicts {
  private readonly hits = new Map<string, Map<string, Hit>>();
  /** Hosts that a problem hits, by its key. */
  private readonly hitBy = new Map<string, ReadonlySet<string>>();
  private readonly alarms = new Map<string, readonly Alarm[]>();

  /** Takes in what changed; returns the hosts of which something else is to be said. */
  take({ impacts, alarms }: Pick<Changes, "impacts" | "alarms">): Set<string> {
    const changed = new Set<string>();
    for (const [key, impact] of impacts) {
      this.replace(key, impact, changed);
    }
    for (const [host, list] of alarms) {
      changed.add(host);
      if (list === null) {
        this.alarms.delete(host);
      } else {
        this.alarms.set(host, list);
      }
    }
    return changed;
  }

  /** The verdict of a check of ours on a host; `base`: address of the pages, empty for none. */
  of(host: string, check: OwnCheck, base: string): Verdict {
    return check === OWN_CHECKS.impact
      ? impactVerdict([...(this.hits.get(host)?.values() ?? [])], base)
      : alarmVerdict(this.alarms.get(host) ?? []);
  }

  /** The verdict of the alarms of a host together with those that belong to none. */
  alarmsOfSite(host: string): Verdict {
    const all = [...(this.alarms.get(NO_HOST) ?? []), ...(this.alarms.get(host) ?? [])];
    return alarmVerdict(inOneGo(sortedAlarms(all)));
  }

  private replace(key: string, impact: Impact | null, changed: Set<string>): void {
    for (const host of this.hitBy.get(key) ?? []) {
      this.hits.get(host)?.delete(key);
      changed.add(host);
    }
    const byHost = impact === null ? new Map<string, AffectedRow[]>() : rowsByHost(impact);
    for (const [host, rows] of byHost) {
      const hits = this.hits.get(host) ?? new Map<string, Hit>();
      this.hits.set(host, hits.set(key, hitOf(impact as Impact, rows)));
      changed.add(host);
    }
    if (byHost.size === 0) {
      this.hitBy.delete(key);
    } else {
      this.hitBy.set(key, new Set(byHost.keys()));
    }
  }
}

/** What is hit elsewhere: a host's own problem is told by the check that found it. */
function rowsByHost({ problem, affected }: Impact): Map<string, AffectedRow[]> {
  const hosts = new Map<string, AffectedRow[]>();
  for (const row of affected) {
    if (row.port !== null && row.host !== problem.host) {
      const rows = hosts.get(row.host) ?? [];
      rows.push(row);
      hosts.set(row.host, rows);
    }
  }
  return hosts;
}

function hitOf({ problem, rootProblem, graph }: Impact, rows: readonly AffectedRow[]): Hit {
  return { problem: shortTitle(problem), root: rootProblem, handled: problem.handled, graph, rows };
}

function impactVerdict(hits: readonly Hit[], base: string): Verdict {
  const open = hits.filter(({ handled }) => !handled);
  const shown = open.length > 0 ? open : hits;
  const rows = new Map(shown.flatMap((hit) => hit.rows).map((row) => [row.id, row] as const));
  const figures = [["affected", rows.size] as const, ["causes", shown.length] as const];
  const [cause, ...others] = rootsFirst(shown);
  if (cause === undefined) {
    return { state: 0, output: "DOTM OK - no service is hit by a problem elsewhere", details: [], figures };
  }
  const state = open.length === 0 ? 0 : worst(open);
  const services = rows.size === 1 ? "1 service" : `${rows.size} services`;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const handled = open.length === 0 ? " (handled)" : "";
  const output = `DOTM ${WORDS[state]} - ${services} affected by ${cause.problem}${more}${handled}`;
  const link = base === "" ? [] : [`${base}${cause.graph.replace(/^\//, "")}`];
  const named = [...rows.values()].slice(0, MOST_DETAILS).map(rowText);
  return { state, output, details: [...named, ...link], figures };
}

function rootsFirst(hits: readonly Hit[]): Hit[] {
  const roots = hits.filter(({ root }) => root);
  return (roots.length > 0 ? roots : [...hits]).toSorted(
    (a, b) => worst([b]) - worst([a]) || order(a.problem, b.problem),
  );
}

function order(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

function worst(hits: readonly Hit[]): 0 | 1 | 2 {
  const all = hits.flatMap(({ rows }) => rows.map(({ degree }) => GRAVITY[degree]));
  return all.includes(2) ? 2 : 1;
}

function rowText({ id, process, degree, path }: AffectedRow): string {
  const through = path.slice(1).join(" > ");
  return `${id}${process === null ? "" : ` ${process}`} ${degree === "potential" ? "potentially affected" : degree} by ${through}`;
}

function alarmVerdict(alarms: readonly Alarm[]): Verdict {
  const grave = alarms.filter(({ severity }) => severity !== "INFO");
  const state = alarmState(grave);
  const figures = [["alarms", grave.length] as const];
  const [first, ...others] = grave;
  const text =
    first === undefined
      ? "nothing found wrong"
      : `${first.text}${others.length === 0 ? "" : ` and ${others.length} more`}`;
  const details = alarms.slice(0, MOST_DETAILS).map((alarm) => `${alarm.severity} ${alarm.text}`);
  return { state, output: `DOTM ${WORDS[state]} - ${text}`, details, figures };
}

function alarmState(alarms: readonly Alarm[]): 0 | 1 | 2 {
  if (alarms.length === 0) {
    return 0;
  }
  return alarms.some(({ severity }) => severity === "CRITICAL") ? 2 : 1;
}
