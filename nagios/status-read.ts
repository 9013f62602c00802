/** What reading a `status.dat` gives. */
import type { CheckStatus } from "../src/model/monitoring.ts";
import type { ObjectName } from "./name-index.ts";
import type { StatusNotes } from "./status-notes.ts";
import type { Warning } from "./warnings.ts";

/**
 * Why a file must not be taken as the picture: it has no bytes; a block does not end (it is being written, or was
 * cut); it has no `info` block with a `created` line; it holds neither hosts nor services.
 */
export type StatusFault = "empty" | "cut" | "no header" | "no objects";

/** How many blocks of each kind a file has; damaged and refused ones are not counted. */
export interface StatusCounts {
  readonly hosts: number;
  readonly checks: number;
  readonly hostComments: number;
  readonly serviceComments: number;
  readonly hostDowntimes: number;
  readonly serviceDowntimes: number;
}

/** What one read of a status file says. */
export interface StatusRead extends StatusNotes {
  /** When the file was written, Unix seconds; 0 where it does not say. */
  readonly created: number;
  /** Version of the program that wrote it, as it calls itself. */
  readonly version: string;
  /** Whether the file is whole; where not, nothing of this read is remembered and it must not change the picture. */
  readonly complete: boolean;
  /** Why it is not complete, else null. */
  readonly fault: StatusFault | null;
  /** Whether `statuses` are all there are: true for the first complete read. */
  readonly full: boolean;
  /** Objects that are new or changed since the last complete read; `last_update` alone is no change. */
  readonly statuses: readonly CheckStatus[];
  /** Objects missing for the second time in a row. */
  readonly gone: readonly ObjectName[];
  readonly counts: StatusCounts;
  /** Findings among what this read looked at closely: refused names, and oddities of what changed. */
  readonly warnings: readonly Warning[];
}

/** How a status file is to be read. */
export interface StatusReaderOptions {
  /** Seconds of one unit of `check_interval`: `interval_length` of nagios.cfg, default 60. */
  readonly intervalLength?: number;
  /** Check commands with arguments by `checkKey`; where one is given it replaces the file's own. */
  readonly commands?: ReadonlyMap<string, string>;
  /** Seconds between two results at most by `checkKey`: how often passive ones are expected, which the file does not say. */
  readonly freshness?: ReadonlyMap<string, number>;
}
