/** Rows of the Livestatus tables `comments` and `downtimes`. */
import { COMMENT_ORIGINS, type MonitoringComment, type MonitoringDowntime } from "../src/model/monitoring-notes.ts";
import { CellReader } from "./livestatus-cells.ts";
import type { Column } from "./livestatus-columns.ts";
import type { LivestatusRow } from "./livestatus-rows.ts";
import type { ObjectName } from "./name-index.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";

/** Reads comments; undefined for one at an object whose name is refused. */
export function commentReader(
  columns: readonly Column<"comments">[],
): (row: LivestatusRow) => MonitoringComment | undefined {
  const reader = new CellReader(columns);
  return (row) => {
    const cells = reader.at(row);
    const name = noted(cells);
    return name === undefined
      ? undefined
      : {
          host: name.host,
          check: name.check,
          ...written(cells),
          origin: COMMENT_ORIGINS[cells.number("entry_type", 1) - 1] ?? "user",
          expires: cells.flag("expires") ? cells.time("expire_time") : 0,
          persistent: cells.flag("persistent"),
        };
  };
}

/**
 * Reads downtimes as they are at `now`, Unix seconds; undefined for one at an object whose name is refused. Icinga 2
 * says which are in effect. Of others a flexible one counts as in effect where `isInDowntime` says so of its object.
 */
export function downtimeReader(
  columns: readonly Column<"downtimes">[],
  now: number,
  isInDowntime: (name: ObjectName) => boolean,
): (row: LivestatusRow) => MonitoringDowntime | undefined {
  const reader = new CellReader(columns);
  return (row) => {
    const cells = reader.at(row);
    const name = noted(cells);
    if (name === undefined) {
      return;
    }
    const [start, end, fixed] = [cells.time("start_time"), cells.time("end_time"), cells.number("fixed", 1) > 0];
    const isDue = start <= now && (fixed ? now < end : isInDowntime(name));
    // Where Icinga 2 says 1 for "in effect", others say 1 for "pending", and not reliably.
    const inEffect = cells.isBoolean("fixed") ? cells.flag("type") : isDue;
    const { host, check } = name;
    return { host, check, ...written(cells), start, end, fixed, duration: cells.time("duration"), inEffect };
  };
}

type NoteColumn = "host_name" | "service_description" | "id" | "author" | "comment" | "entry_time";

/** What a note is about: the host where the service's name is null or empty. */
function noted(cells: CellReader<NoteColumn>): ObjectName | undefined {
  const host = cells.text("host_name");
  const check = cells.text("service_description") || null;
  const refused = hostRefusal(host) ?? (check === null ? undefined : checkRefusal(check));
  return refused === undefined ? { host, check } : undefined;
}

function written(cells: CellReader<NoteColumn>): Pick<MonitoringComment, "id" | "author" | "text" | "entered"> {
  return {
    id: cells.text("id"),
    author: cells.text("author"),
    text: cells.text("comment"),
    entered: cells.time("entry_time"),
  };
}
