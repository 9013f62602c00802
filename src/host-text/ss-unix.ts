/**
 * Pairs of connected Unix sockets from `ss -xp`: `u_str ESTAB 0 0 /run/php/fpm.sock 1301 * 1302 users:((…))`. The
 * accepted end carries the path, the other one `*`; only pairs of which both ends are in the text prove anything.
 */
import { firstUser } from "./first-user.ts";
import type { UnixRow } from "./socket-row.ts";

const LINE = /^u_(?:str|seq|dgr) /;
/** Every service writes its output there, whether it knows of it or not: plumbing, not dependency. */
const PLUMBING = "/run/systemd/journal/";
const NO_PATH = "*";

interface End {
  readonly path: string;
  readonly peer: string;
  readonly process: string | null;
}

/** Whether a line is a row about Unix sockets. */
export function isUnixLine(line: string): boolean {
  return LINE.test(line);
}

/** Pairs with both processes known, one row for each pair. */
export function readUnix(lines: readonly string[]): UnixRow[] {
  const ends = new Map<string, End>();
  const listening = new Set<string>();
  for (const line of lines) {
    const row = rowOf(line);
    if (row?.state === "ESTAB") {
      ends.set(row.inode, row);
    } else if (row?.state === "LISTEN") {
      listening.add(row.path);
    }
  }
  return [...ends].flatMap(([inode, end]) => pairOf(inode, end, ends, listening) ?? []);
}

/** Words from both ends of the line, as a path may hold blanks. */
function rowOf(line: string): (End & { readonly state: string; readonly inode: string }) | undefined {
  const users = line.indexOf(" users:");
  const words = (users < 0 ? line : line.slice(0, users)).trim().split(/ +/);
  const [kind, state = "", received = "", sent = ""] = words;
  const [inode = "", , peer = ""] = words.slice(-3);
  const path = words.slice(4, -3).join(" ");
  const isRow = (kind === "u_str" || kind === "u_seq") && path !== "";
  if (!isRow || ![received, sent, inode, peer].every((word) => /^\d+$/.test(word))) {
    return undefined;
  }
  return { state, path, inode, peer, process: users < 0 ? null : firstUser(line.slice(users)) };
}

function pairOf(
  inode: string,
  { path, peer, process: server }: End,
  ends: ReadonlyMap<string, End>,
  listening: ReadonlySet<string>,
): UnixRow | undefined {
  const other = ends.get(peer);
  if (other?.peer !== inode || path === NO_PATH || path.startsWith(PLUMBING)) {
    return undefined;
  }
  // A client may have bound a name of its own; then only the listening one tells who serves.
  const isServer = other.path === NO_PATH || (listening.has(path) && !listening.has(other.path));
  const client = other.process;
  return isServer && server !== null && client !== null && server !== client ? { path, server, client } : undefined;
}
