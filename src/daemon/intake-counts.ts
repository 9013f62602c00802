/** What became of the reports that came in, since the daemon started. */

/** Why a report was not taken. */
export type RefusalReason =
  | "missing token"
  | "wrong token"
  | "malformed"
  | "too large"
  | "too old a version"
  | "another host"
  | "second machine"
  | "too often"
  | "too many hosts"
  | "not stored";

/** Numbers of reports. */
export interface IntakeCounts {
  accepted: number;
  /** Sent again or replayed: acknowledged without effect. */
  repeated: number;
  readonly refused: Record<RefusalReason, number>;
}

/** All at 0. */
export function newIntakeCounts(): IntakeCounts {
  return {
    accepted: 0,
    repeated: 0,
    refused: {
      "missing token": 0,
      "wrong token": 0,
      malformed: 0,
      "too large": 0,
      "too old a version": 0,
      "another host": 0,
      "second machine": 0,
      "too often": 0,
      "too many hosts": 0,
      "not stored": 0,
    },
  };
}

/** The reason behind an HTTP status of a refusal. */
export function reasonOf(status: number): RefusalReason {
  switch (status) {
    case 409:
      return "another host";
    case 413:
      return "too large";
    case 422:
      return "second machine";
    case 426:
      return "too old a version";
    case 429:
      return "too often";
    case 503:
      return "not stored";
    case 507:
      return "too many hosts";
    default:
      return "malformed";
  }
}

/** In one line: `812 reports, 3 repeated, refused: 2 wrong token`. */
export function countsText({ accepted, repeated, refused }: IntakeCounts): string {
  const bad = Object.entries(refused).flatMap(([reason, count]) => (count > 0 ? [`${count} ${reason}`] : []));
  const again = repeated > 0 ? `, ${repeated} repeated` : "";
  return `${accepted} reports${again}${bad.length > 0 ? `, refused: ${bad.join(", ")}` : ""}`;
}
