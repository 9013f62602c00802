/**
 * Pairs of connected Unix sockets from `ss -xp`: `u_str ESTAB 0 0 /run/php/fpm.sock 1301 * 1302 users:((…))`. The
 * accepted end carries the path, the other one `*`; only pairs of which both ends are in the text prove anything.
 */
import { programName } from "./netstat-words.ts";
import type { UnixRow } from "./socket-row.ts";

const ROW = /^u_(?:str|seq) +(\S+) +\d+ +\d+ +(.+?) +(\d+) +(\S.*?) +(\d+)(?: +(users:.*?))? *$/;
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
    const [, state, path = "", inode = "", , peer = "", users = ""] = ROW.exec(line) ?? [];
    if (state === "ESTAB") {
      const name = /users:\(\("(.*?)",pid=\d+/.exec(users)?.[1];
      ends.set(inode, { path, peer, process: name === undefined ? null : programName(name) });
    } else if (state === "LISTEN") {
      listening.add(path);
    }
  }
  return [...ends].flatMap(([inode, end]) => pairOf(inode, end, ends, listening) ?? []);
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
