/** What the cases do to a monitoring server, whichever it is. */
import type { Deviation } from "./picture.ts";
import type { Target } from "./site.ts";

/** Who says something and what. */
export interface Remark {
  readonly author: string;
  readonly text: string;
}

/** A running server that watches the site. */
export interface MonitoringServer {
  /** Where the server itself is unlike Nagios 4, whose ways the cases are written in. */
  readonly deviations: readonly Deviation[];
  /** A passive result: exit code, and output as a plugin prints it, with further lines and performance data. */
  result(on: Target, code: number, output: string): Promise<void>;
  /** Has an active check run now. */
  checkNow(on: Target): Promise<void>;
  acknowledge(on: Target, kind: "normal" | "sticky", remark: Remark): Promise<void>;
  comment(on: Target, remark: Remark): Promise<void>;
  /** A fixed downtime from now to `end`, Unix seconds. */
  scheduleDowntime(on: Target, end: number, remark: Remark): Promise<void>;
  /** Ends all downtimes of this one. */
  endDowntimes(on: Target): Promise<void>;
  stop(): Promise<void>;
}
