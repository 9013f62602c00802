/** The clock of an agent, turned into ours by the age of what it saw. */
import type { Arrival } from "./arrival.ts";
import { timeOf } from "./report-fields.ts";

/** Clocks of two machines that both follow a time server differ by less. */
const CLOCK_TOLERANCE = 60;

/** How times of one report are read. */
export interface Clock {
  /** Our time of what a row says of its own; of the whole look where it says nothing we understand. */
  readonly seen: (lastSeen: unknown) => number;
  readonly warnings: readonly string[];
}

/** The clock of a report that tells `time` as the moment of its look. */
export function readClock(time: unknown, { sentHeader, receivedAt }: Arrival): Clock {
  const looked = timeOf(time);
  const sent = timeOf(sentHeader);
  // Without the moment of sending nothing tells how far the agent's clock is from ours.
  const ahead = (sent ?? receivedAt) - receivedAt;
  const ours = (lastSeen: unknown) => {
    const row = timeOf(lastSeen);
    // Nothing was seen after the look.
    const at = row === undefined ? looked : Math.min(row, looked ?? row);
    return at === undefined ? receivedAt : Math.max(0, Math.min(receivedAt, at - ahead));
  };
  const off = sent === undefined ? (looked ?? receivedAt) - receivedAt : Math.abs(ahead);
  const warnings = off > CLOCK_TOLERANCE ? [`the agent's clock is ${Math.round(off)} s off ours`] : [];
  return {
    seen: rememberingLast(ours),
    warnings: looked === undefined ? [...warnings, "the report does not tell when it was made"] : warnings,
  };
}

/** Nearly all rows of a report tell the same time. */
function rememberingLast(read: (value: unknown) => number): (value: unknown) => number {
  let last: unknown;
  let result = read(last);
  return (value) => {
    if (value !== last) {
      result = read(value);
      last = value;
    }
    return result;
  };
}
