/**
 * Who talks to whom over Unix sockets. /proc/net/unix knows no peers, `ss -x` (sock_diag) does. Its rows:
 * `u_str ESTAB 0 0 /run/php/fpm.sock 1301 * 1302`, where the accepted end carries the path and the other end `*`.
 */
import { askProgram } from "./ask-program.ts";

/** Both ends of one connection over a Unix socket, as inodes. */
export interface UnixPair {
  readonly path: string;
  readonly server: number;
  readonly client: number;
}

/** Peers found and lines that were no row. */
export interface UnixTable {
  readonly pairs: readonly UnixPair[];
  readonly skipped: number;
}

/** One end of a connection. */
interface End {
  readonly path: string;
  readonly peer: number;
}

const ROW = /^u_(?:str|seq) +(ESTAB|LISTEN) +\d+ +\d+ +(.+?) +(\d+) +(\S.*?) +(\d+)(?: +users:.*)? *$/;
/** Every service writes its output there, whether it knows of it or not: plumbing, not dependency. */
const PLUMBING = "/run/systemd/journal/";
const NO_PATH = "*";
const LIST = ["ss", "-xanH"];

/**
 * What `ss` says of connected Unix sockets in our network namespace, or in that of a process, which takes root;
 * undefined where it is missing or does not answer in time.
 */
export function listUnixSockets(pid?: number): Promise<string | undefined> {
  if (pid !== undefined && process.getuid?.() !== 0) {
    return Promise.resolve(undefined);
  }
  // ss -p would search the whole of /proc for names; we know the owners of inodes better.
  return askProgram(pid === undefined ? LIST : ["nsenter", `--net=/proc/${pid}/ns/net`, "--", ...LIST]);
}

/** Pairs of an `ss -xanH` text, with or without `-p`: only those of which both ends are in it, each once. */
export function parseUnixSockets(text: string): UnixTable {
  const ends = new Map<number, End>();
  const listening = new Set<string>();
  let skipped = 0;
  for (const line of text.split("\n")) {
    const [, state, name = "", inode, , peer] = ROW.exec(line) ?? [];
    const path = unpadded(name);
    if (state === "ESTAB") {
      ends.set(Number(inode), { path, peer: Number(peer) });
    } else if (state === "LISTEN") {
      listening.add(path);
    } else if (!/^(?:u_(?:dgr|str|seq) .*|\s*)$/.test(line)) {
      skipped++;
    }
  }
  return { pairs: pairsOf(ends, listening), skipped };
}

/** Some programs fill an abstract name up with zeros, which ss shows as `@`. */
function unpadded(name: string): string {
  return name.startsWith("@") ? name.replace(/(?<=[^@])@+$/, "") : name;
}

function pairsOf(ends: ReadonlyMap<number, End>, listening: ReadonlySet<string>): UnixPair[] {
  const pairs: UnixPair[] = [];
  for (const [server, { path, peer }] of ends) {
    const other = ends.get(peer);
    // A text that was cut gives ends without the other: those prove nothing.
    if (other?.peer !== server || path === NO_PATH || path.startsWith(PLUMBING)) {
      continue;
    }
    // A client may have bound a name of its own; then only the listening one tells who serves.
    if (other.path === NO_PATH || (listening.has(path) && !listening.has(other.path))) {
      pairs.push({ path, server, client: peer });
    }
  }
  return pairs;
}
