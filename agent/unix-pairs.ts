/** Connections over Unix sockets in every network namespace: `ss` shows those of one. */
import type { Namespace } from "./namespaces.ts";
import { attempt, type ProcFiles } from "./proc-files.ts";
import { parseUnixSockets, type UnixPair } from "./unix-peers.ts";

/** What was found, and where it could not be looked. */
export interface UnixPairs {
  readonly pairs: readonly UnixPair[];
  /** Lines that were not understood. */
  readonly skipped: number;
  /** Whether `ss` answered in the agent's own namespace. */
  readonly answered: boolean;
  /** Other namespaces in which it did not. */
  readonly unseen: number;
}

/** Each is a process started: of more namespaces than these the eldest are asked. */
const NAMESPACES_ASKED = 64;
/** A connected stream with a name, as /proc/net/unix writes it: type 1 or 5, state 3. */
const NAMED_PAIR = /^\S+ \S+ \S+ \S+ 000[15] 03 +\d+ \S/m;

/**
 * Asks `list` in every namespace whose table `net/unix` shows that there is something to ask for; without a pid it
 * lists the agent's own.
 */
export async function readUnixPairs(
  files: ProcFiles,
  namespaces: readonly Namespace[],
  list: (pid?: number) => Promise<string | undefined>,
): Promise<UnixPairs> {
  // A file's inode is of the whole machine, so a pair that two namespaces show is one.
  const pairs = new Map<number, UnixPair>();
  const asked = namespaces.filter(({ label, folder }) => label === null || mayHavePairs(files, folder));
  let skipped = 0;
  let answered = false;
  let unseen = Math.max(0, asked.length - NAMESPACES_ASKED);
  for (const { label, pid } of asked.slice(0, NAMESPACES_ASKED)) {
    const text = await list(pid);
    const table = parseUnixSockets(text ?? "");
    skipped += table.skipped;
    answered ||= label === null && text !== undefined;
    unseen += label !== null && text === undefined ? 1 : 0;
    for (const pair of table.pairs) {
      pairs.set(pair.server, pair);
    }
  }
  return { pairs: [...pairs.values()], skipped, answered, unseen };
}

function mayHavePairs(files: ProcFiles, folder: string): boolean {
  const table = attempt(() => files.read(`${folder}/unix`));
  return table === undefined || NAMED_PAIR.test(table);
}
