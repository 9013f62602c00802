/** What we ourselves find wrong, beside what the monitoring says: the shape Redis, the command line and the API share. */
import { compareIds } from "./compare.ts";
import { grouped } from "./grouped.ts";
import type { Pieces } from "./pieces.ts";

/** All kinds, by what they are about. */
export const ALARM_KINDS = [
  "source-stale",
  "host-unmonitored",
  "agent-silent",
  "connection-gone",
  "service-without-check",
  "check-unmapped",
  "service-unused",
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** How grave an alarm is, gravest first; CRITICAL and WARNING as the monitoring means them. */
export const SEVERITIES = ["CRITICAL", "WARNING", "INFO"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One alarm. Its text says nothing that changes from one look to the next. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** Where it was found; null for a source. */
  readonly host: string | null;
  /** What it is about: a service's id, a check's name, `FROM -> TO` of a connection, a host, a source. */
  readonly object: string;
  /** The host at the other end of a connection, else null. */
  readonly peer: string | null;
  /** Unix seconds; null where nobody knows. */
  readonly since: number | null;
  readonly severity: Severity;
  readonly text: string;
  /** Figures behind it, by name; times are Unix seconds. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** Alarms in their order: gravest first, then by kind, host and object. A site may have tens of thousands. */
export function* sortedAlarms(alarms: Iterable<Alarm>): Pieces<Alarm[]> {
  const classes = grouped(alarms, classOf);
  yield;
  const sorted: Alarm[][] = [];
  for (const [, same] of [...classes].sort(([a], [b]) => a - b)) {
    sorted.push(same.sort((a, b) => compareIds(a.host ?? "", b.host ?? "") || compareIds(a.object, b.object)));
    yield;
  }
  return sorted.flat();
}

function classOf({ severity, kind }: Alarm): number {
  return SEVERITIES.indexOf(severity) * ALARM_KINDS.length + ALARM_KINDS.indexOf(kind);
}
