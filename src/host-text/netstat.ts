/**
 * Rows of `netstat -antp`, of net-tools 1.60 and later in any language, and of BusyBox:
 * `tcp   0   0 10.0.0.20:3306   10.0.0.5:41000   ESTABLISHED 2211/mysqld`.
 * What listens is told by its peer `*`, not by a word; states are words that may be two (`POSLEDNÍ ACK`).
 */
import type { OwnAddress } from "./ip-addr.ts";
import { type CutRule, cutRuleOf, isOwnWhole, mayBeCut, ownWhole } from "./netstat-cut.ts";
import { phaseOf, programName } from "./netstat-words.ts";
import { type Endpoint, endpointOf, isAddress, type SocketListing, type SocketRow, serves } from "./socket-row.ts";

const ROW = /^((tcp|udp)[46]? +\d+ +\d+ +)(\S+)( +)(\S+)(.*)$/;

interface Printed {
  readonly proto: "tcp" | "udp";
  readonly local: string;
  readonly remote: string;
  /** From the beginning of one address to the beginning of the other. */
  readonly stride: number;
  /** State and program. */
  readonly tail: string;
}

/** Whether a line is a row of netstat. */
export function isNetstatLine(line: string): boolean {
  return ROW.test(line);
}

/** Reads lines; those that are no rows are passed over. `own` are the addresses that `ip addr` told. */
export function readNetstat(lines: readonly string[], own: readonly OwnAddress[]): SocketListing {
  const printed = lines.flatMap((line) => printedOf(line) ?? []);
  const rule = cutRuleOf(printed, own);
  const rows: SocketRow[] = [];
  const counts = { skipped: 0, unsure: 0, unknownStates: 0 };
  for (const line of printed) {
    const row = rowOf(line, rule);
    if (row === "skipped" || row === "unsure") {
      counts[row]++;
    } else if (row !== "silent") {
      rows.push(row.row);
      counts.unknownStates += row.known ? 0 : 1;
    }
  }
  return { tool: "netstat", rows, unix: [], ...counts };
}

function printedOf(line: string): Printed | undefined {
  const [, , proto, local = "", gap = "", remote = "", tail = ""] = ROW.exec(line) ?? [];
  if (proto !== "tcp" && proto !== "udp") {
    return undefined;
  }
  return { proto, local, remote, stride: local.length + gap.length, tail };
}

type Read = { readonly row: SocketRow; readonly known: boolean } | "skipped" | "unsure" | "silent";

function rowOf(printed: Printed, rule: CutRule): Read {
  const local = endpointOf(printed.local);
  const remote = endpointOf(printed.remote);
  if (local === undefined || remote === undefined) {
    return cutAnywhere(printed, rule) ? "unsure" : "skipped";
  }
  const { state, process } = tailOf(printed.tail);
  const address = localAddress(printed.local, local, rule);
  if (address === undefined) {
    return mayBeCut(printed.local, local, rule) ? "unsure" : "skipped";
  }
  const here = { proto: printed.proto, local: address, localPort: local.port, process };
  return remote.port === 0 ? listenerOf(here, state) : connectionOf(here, state, printed.remote, remote, rule);
}

type Here = Pick<SocketRow, "proto" | "local" | "localPort" | "process">;

function listenerOf(here: Here, state: string): Read {
  const phase = phaseOf(state);
  // A socket that is bound and does nothing has no peer either.
  const idle = here.proto === "tcp" && phase !== undefined && phase !== "listening";
  if (idle || !serves(here.proto, here.localPort)) {
    return "silent";
  }
  return { row: { phase: "listening", remote: "::", remotePort: 0, ...here }, known: true };
}

function connectionOf(here: Here, state: string, text: string, remote: Endpoint, rule: CutRule): Read {
  if (here.localPort === 0) {
    return "skipped";
  }
  if (!isPeer(text, remote, rule)) {
    return mayBeCut(text, remote, rule) ? "unsure" : "skipped";
  }
  const phase = here.proto === "udp" && state === "" ? "established" : phaseOf(state);
  const row = { phase: phase ?? "closing", remote: remote.address, remotePort: remote.port, ...here };
  return row.phase === "listening" ? "skipped" : { row, known: phase !== undefined };
}

/** The local address in whole; undefined where nobody can know it. */
function localAddress(text: string, local: Endpoint, rule: CutRule): string | undefined {
  const whole = isAddress(local.address);
  if (whole && (!mayBeCut(text, local, rule) || rule.own.some(({ address }) => address === local.address))) {
    return local.address;
  }
  if (!mayBeCut(text, local, rule)) {
    return undefined;
  }
  return ownWhole(text, local, rule) ?? (whole && rule.own.length === 0 ? local.address : undefined);
}

function isPeer(text: string, remote: Endpoint, rule: CutRule): boolean {
  return isAddress(remote.address) && (!mayBeCut(text, remote, rule) || isOwnWhole(remote.address, rule));
}

/** BusyBox may leave no port at all. */
function cutAnywhere({ local, remote }: Printed, { width }: CutRule): boolean {
  return [local, remote].some((text) => text.length === width && text.includes(":"));
}

/** State and program; both may be missing, and a program may hold blanks, slashes and dashes. */
function tailOf(tail: string): { readonly state: string; readonly process: string | null } {
  const [owner, , program] = / (?:(\d+)\/(.*)|-) *$/.exec(tail) ?? [];
  const before = owner === undefined ? tail : tail.slice(0, tail.length - owner.length);
  // With -e the user and the inode stand between.
  const state = before
    .trim()
    .replace(/ +/g, " ")
    .replace(/(?: \d+){2}$/, "");
  return { state, process: program === undefined ? null : programName(program) };
}
