/** What a file or a server says as a source of monitoring states, read once. */
import type { Warning } from "../../nagios/warnings.ts";
import type { CheckStatus, MonitoredCheck, MonitoredHost } from "../model/monitoring.ts";
import type { MonitoringComment, MonitoringDowntime } from "../model/monitoring-notes.ts";

/** A reading. Times are Unix seconds. */
export interface SourceReading {
  /** `Nagios status.dat`, `Livestatus`, … */
  readonly format: string;
  /** Version of the program that wrote it, as it calls itself; empty where it does not say. */
  readonly version: string;
  /** When it was written, 0 where it does not say. */
  readonly asOf: number;
  /** False where it is cut or broken: what is told then is only what was whole. */
  readonly complete: boolean;
  readonly statuses: readonly CheckStatus[];
  readonly hosts: readonly MonitoredHost[];
  readonly checks: readonly MonitoredCheck[];
  readonly comments: readonly MonitoringComment[];
  readonly downtimes: readonly MonitoringDowntime[];
  /** What it holds beyond states, counted: objects of a configuration, lines of a log. */
  readonly contents: ReadonlyMap<string, number>;
  /** What was odd in it. */
  readonly warnings: readonly Warning[];
}

/** A reading that says nothing. */
export const NOTHING_READ: SourceReading = {
  ...{ format: "", version: "", asOf: 0, complete: true, statuses: [], hosts: [], checks: [] },
  ...{ comments: [], downtimes: [], contents: new Map(), warnings: [] },
};
