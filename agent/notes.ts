/** What a report says to people about what it could not see. */
import type { Tables } from "./tables.ts";
import type { UnixPairs } from "./unix-pairs.ts";

const BY_UNIT = "their sockets are known by unit only, or by name where all processes of the unit have the same";

/** Processes whose files may not be seen, and whether units of their sockets are known all the same. */
interface Unseen {
  readonly denied: number;
  readonly placed: boolean;
}

/** Notes of one look. */
export function notesOf(
  tables: Tables,
  { denied, placed }: Unseen,
  unix: UnixPairs,
  watching: readonly string[],
): string[] {
  const unread = tables.missing.filter((path) => !path.endsWith("6"));
  const notes = unread.map((path) => `/proc/${path} cannot be read`);
  if (tables.skipped > 0) {
    notes.push(`${tables.skipped} lines of /proc/net were not understood`);
  }
  if (denied > 0) {
    notes.push(
      `no right to see the files of ${denied} processes: ${placed ? BY_UNIT : "their sockets have no process name"}; ` +
        "run as root or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH",
    );
  }
  if (!unix.answered) {
    notes.push("ss did not answer: Unix sockets are not seen; install iproute2");
  } else if (unix.unseen > 0) {
    notes.push(`Unix sockets within ${unix.unseen} other network namespaces are not seen; that needs root`);
  }
  return [...notes, ...watching];
}
