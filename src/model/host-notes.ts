/** What people and the configuration of the monitoring note at one host and its checks. Made by the engine, read by pages and lists. */
import type { MonitoringComment, MonitoringDowntime } from "./monitoring-notes.ts";

/** A custom variable; the value of one that looks like a secret is masked. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** What the configuration says of one check. */
export interface CheckNotes {
  readonly check: string;
  /** Service groups. */
  readonly groups: readonly string[];
  /** Link of the check, macros unexpanded; empty where it has none. */
  readonly actionUrl: string;
  readonly variables: readonly Variable[];
}

/** Everything noted at one host. */
export interface HostNotes {
  readonly host: string;
  readonly alias: string;
  readonly address: string;
  readonly actionUrl: string;
  readonly variables: readonly Variable[];
  /** Checks of which there is something to say, by name. */
  readonly checks: readonly CheckNotes[];
  /** The newest first. */
  readonly comments: readonly MonitoringComment[];
  /** The next to end first. */
  readonly downtimes: readonly MonitoringDowntime[];
}
