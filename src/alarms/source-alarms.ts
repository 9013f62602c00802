/** Alarms about monitoring sources: what we hold of them is old, or they cannot be read. */
import type { Alarm } from "../model/alarm.ts";
import { compareIds } from "../model/compare.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import { isOutdated } from "../model/stale-source.ts";

/** The alarms of all sources as of `now` (Unix seconds), by name. */
export function sourceAlarms(sources: Iterable<SourceHealth>, now: number): Alarm[] {
  return [...sources].flatMap((source) => sourceAlarm(source, now)).sort((a, b) => compareIds(a.object, b.object));
}

function sourceAlarm({ source, type, ok, error, asOf, staleAfter }: SourceHealth, now: number): Alarm[] {
  const stale = isOutdated({ asOf, staleAfter }, now);
  if (ok && (!stale || asOf === 0)) {
    return [];
  }
  const said = asOf === 0 ? "has said nothing yet" : "is stale: states may have changed since it last said something";
  const why = error === null ? "" : ` (${error})`;
  return [
    {
      kind: "source-stale",
      host: null,
      object: source,
      peer: null,
      since: asOf > 0 ? asOf : null,
      severity: stale ? "CRITICAL" : "WARNING",
      text: stale ? `source ${source} ${said}${why}` : `source ${source} could not be read the last time${why}`,
      details: { type, staleAfter },
    },
  ];
}
