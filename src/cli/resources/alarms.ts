/** The alarms of `dotm report`: what DOTM itself finds wrong. */
import type { Alarm, AlarmKind } from "../../model/alarm.ts";
import type { Listing } from "../listing.ts";
import { ageText, cell, isoTime } from "../words.ts";

/** Which alarms are wanted; empty lists want all. */
export interface AlarmChoice {
  /** At either end of a connection. */
  readonly hosts: readonly string[];
  readonly kinds: readonly AlarmKind[];
}

/** Those of the alarms that are wanted. */
export function chosenAlarms(alarms: readonly Alarm[], { hosts, kinds }: AlarmChoice): Alarm[] {
  const wanted = new Set(hosts);
  return alarms.filter(
    ({ kind, host, peer }) =>
      (kinds.length === 0 || kinds.includes(kind)) &&
      (wanted.size === 0 || [host, peer].some((end) => end !== null && wanted.has(end))),
  );
}

/** Lists alarms; ages as of `now` (Unix seconds). */
export function alarmListing(alarms: readonly Alarm[], now: number): Listing {
  return {
    kind: "AlarmList",
    items: alarms.map(alarmItem),
    columns: [
      ...[{ head: "SEVERITY" }, { head: "KIND" }, { head: "HOST" }, { head: "OBJECT" }, { head: "SINCE" }],
      { head: "TEXT", wide: true },
    ],
    rows: alarms.map(({ severity, kind, host, object, since, text }) => [
      ...[severity, kind, cell(host), object, ageText(since ?? 0, now)],
      text,
    ]),
    names: alarms.map(({ object }) => object),
  };
}

/** An alarm as programs read it. */
function alarmItem(alarm: Alarm) {
  return { ...alarm, since: isoTime(alarm.since ?? 0) };
}
