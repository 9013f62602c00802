/** How far a time zone is from UTC. */
import type { ZoneOffset } from "../../nagios/classic-date.ts";

/** Offsets change at full quarters of an hour. */
const QUARTER = 900;

/** The offset of a named zone (`Europe/Berlin`), which must be one; null for the zone of this machine. */
export function zoneOffset(zone: string | null): ZoneOffset {
  if (zone === null) {
    return (at) => -60 * new Date(at * 1000).getTimezoneOffset();
  }
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const known = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / QUARTER);
    const offset = known.get(quarter) ?? offsetText(format.format(quarter * QUARTER * 1000));
    known.set(quarter, offset);
    return offset;
  };
}

/** Seconds of `…GMT+02:00`. */
function offsetText(text: string): number {
  const [, sign = "+", hours = "0", minutes = "0"] = /GMT([+-])(\d{2}):(\d{2})/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
