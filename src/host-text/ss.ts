/**
 * Rows of `ss -tunap` and `ss -xp`, with or without heading; `ss` is never translated. What `-i`, `-e`, `-m` and `-o`
 * add is passed over. `tcp ESTAB 0 0 10.0.0.11:41000 10.0.0.21:3306 users:(("php-fpm",pid=602,fd=9))`
 */
import { firstUser } from "./first-user.ts";
import { endpointOf, isAddress, type SocketListing, type SocketPhase, type SocketRow, serves } from "./socket-row.ts";
import { isUnixLine, readUnix } from "./ss-unix.ts";

const ROW =
  /^(?:(tcp|udp) +)?(LISTEN|ESTAB|TIME-WAIT|SYN-SENT|SYN-RECV|NEW-SYN-RECV|FIN-WAIT-1|FIN-WAIT-2|CLOSE-WAIT|LAST-ACK|CLOSING|UNCONN|UNKNOWN|CLOSED?) +\d+ +\d+ +(\S+) +(\S+)(.*)$/;

const PHASES: ReadonlyMap<string, SocketPhase> = new Map([
  ["LISTEN", "listening"],
  ["UNCONN", "listening"],
  ["ESTAB", "established"],
  ["SYN-SENT", "opening"],
  ["SYN-RECV", "opening"],
  ["NEW-SYN-RECV", "opening"],
]);

/** `silent`: a socket that says nothing; undefined: no row after all. */
type Read = SocketRow | "silent" | undefined;

/** Whether a line is a row of ss. */
export function isSsLine(line: string): boolean {
  return ROW.test(line) || isUnixLine(line);
}

/** Reads lines; those that are no rows are passed over. */
export function readSs(lines: readonly string[]): SocketListing {
  const rows: SocketRow[] = [];
  let skipped = 0;
  for (const line of lines) {
    const match = ROW.exec(line);
    if (match === null) {
      continue;
    }
    const row = rowOf(match);
    if (row === undefined) {
      skipped++;
    } else if (row !== "silent") {
      rows.push(row);
    }
  }
  return { tool: "ss", rows, unix: readUnix(lines), skipped, unsure: 0, unknownStates: 0 };
}

function rowOf([, netid, state = "", from = "", to = "", rest = ""]: RegExpExecArray): Read {
  const proto = netid === "udp" || (netid === undefined && state === "UNCONN") ? "udp" : "tcp";
  const local = endpointOf(from);
  const remote = endpointOf(to);
  if (local === undefined || remote === undefined || !isAddress(local.address) || !isAddress(remote.address)) {
    return undefined;
  }
  const here = { proto, local: local.address, localPort: local.port, process: firstUser(rest) } as const;
  const phase = PHASES.get(state) ?? "closing";
  if (phase === "listening") {
    return remote.port === 0 && takes(proto, local.port, state)
      ? { phase, remote: "::", remotePort: 0, ...here }
      : "silent";
  }
  const whole = local.port !== 0 && remote.port !== 0;
  return whole ? { phase, remote: remote.address, remotePort: remote.port, ...here } : undefined;
}

/** A TCP socket without a connection that does not listen is only bound. */
function takes(proto: "tcp" | "udp", port: number, state: string): boolean {
  return serves(proto, port) && (proto === "udp" || state === "LISTEN");
}
