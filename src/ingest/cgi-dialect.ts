/** What a source of CGIs needs of a dialect: one reading of everything the server says. */
import type { StatusNotes } from "../../nagios/status-notes.ts";
import type { Warning } from "../../nagios/warnings.ts";
import type { CheckStatus, MonitoredCheck, MonitoredHost } from "../model/monitoring.ts";

/** Everything a server says. */
export interface CgiReading {
  /** When the monitoring wrote it, Unix seconds. */
  readonly asOf: number;
  readonly statuses: readonly CheckStatus[];
  /** The configuration; undefined where it is as it was at the last reading, or the server does not tell it. */
  readonly objects:
    | { readonly hosts: readonly MonitoredHost[]; readonly checks: readonly MonitoredCheck[] }
    | undefined;
  /** Comments and downtimes; undefined where the server does not tell them. */
  readonly notes: StatusNotes | undefined;
  /** Other names of hosts, by host. */
  readonly otherNames: ReadonlyMap<string, string>;
  readonly warnings: readonly Warning[];
  /** False where a part could not be read: what is missing then is not gone. */
  readonly complete: boolean;
}

/** A way to ask. */
export interface CgiDialect {
  /**
   * Asks everything; undefined where the monitoring has written nothing since the last time.
   * @throws CgiFault where the server gives no whole answer
   */
  read(): Promise<CgiReading | undefined>;
  /** Forgets what was read: the next reading is of everything. */
  forget(): void;
}
