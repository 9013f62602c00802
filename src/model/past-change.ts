/** What changed in the topology before a problem began. */

/** Kinds of changes. */
export type PastChangeKind =
  | "process-restarted"
  | "listener-new"
  | "listener-gone"
  | "connection-new"
  | "connection-gone";

/** One change. */
export interface PastChange {
  readonly kind: PastChangeKind;
  /** Host that saw it. */
  readonly host: string;
  /** Id of a service or process, or `FROM -> TO`. */
  readonly subject: string;
  /** ISO 8601, UTC: when it was seen first, or was last seen. */
  readonly at: string;
  /** Seconds from there to the beginning of the problem; below 0 a little after it. */
  readonly secondsBefore: number;
}
