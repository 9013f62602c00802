/** The row of the Livestatus table `status`: the monitoring program about itself. */
import { CellReader } from "./livestatus-cells.ts";
import type { Column } from "./livestatus-columns.ts";
import type { LivestatusRow } from "./livestatus-rows.ts";

/** A running monitoring program. */
export interface LivestatusProgram {
  /** When it was started or has read its configuration again, Unix seconds. */
  readonly started: number;
  /** As it calls itself. */
  readonly version: string;
  /** Whether it is Icinga 2, which does not wait when it is asked to. */
  readonly isIcinga2: boolean;
  /** Seconds of one unit of `check_interval`. */
  readonly intervalLength: number;
  /** How many hosts and service checks it has; null where it does not say. */
  readonly hosts: number | null;
  readonly checks: number | null;
}

const DEFAULT_INTERVAL_LENGTH = 60;

/** Reads the row; undefined where it tells no start. */
export function readProgram(columns: readonly Column<"program">[], row: LivestatusRow): LivestatusProgram | undefined {
  const cells = new CellReader(columns).at(row);
  const version = cells.text("program_version");
  const number = (column: Column<"program">): number | null => {
    const value = cells.number(column, -1);
    return value < 0 ? null : value;
  };
  const started = number("program_start");
  return started === null
    ? undefined
    : {
        started,
        version,
        isIcinga2: /icinga2/i.test(version),
        intervalLength: number("interval_length") || DEFAULT_INTERVAL_LENGTH,
        hosts: number("num_hosts"),
        checks: number("num_services"),
      };
}
