/** What a plugin answers with: its exit code is the place of the word. */
import { alerts, type Range } from "./range.ts";

/** By exit code. */
export const STATUSES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;
export type Status = (typeof STATUSES)[number];

/** Thresholds as asked for; null where none was given. */
export interface Thresholds {
  readonly warning: Range | null;
  readonly critical: Range | null;
}

const BY_BADNESS: readonly Status[] = ["OK", "WARNING", "UNKNOWN", "CRITICAL"];

/** The worst of them; OK where there is none. */
export function worst(statuses: readonly Status[]): Status {
  return statuses.reduce<Status>((a, b) => (BY_BADNESS.indexOf(b) > BY_BADNESS.indexOf(a) ? b : a), "OK");
}

/** The status of a value by its thresholds; where none was given, `otherwise`. */
export function judged(value: number, { warning, critical }: Thresholds, otherwise: Status): Status {
  if (warning === null && critical === null) {
    return otherwise;
  }
  if (critical !== null && alerts(critical, value)) {
    return "CRITICAL";
  }
  return warning !== null && alerts(warning, value) ? "WARNING" : "OK";
}
