/**
 * A text captured on a host: `hostname=NAME`, what `netstat` or `ss` printed, what `ip addr` printed. It is what the
 * original agent sends on port 4848 and what DOTM asks for over SSH; pasted parts of it work, too. Every line is told
 * by its own shape, so that titles in any language, CR LF, missing blank lines and noise in front do no harm.
 */
import { globalAddresses, isAddrLine, type OwnAddress, readAddresses } from "./ip-addr.ts";
import { isNetstatLine, readNetstat } from "./netstat.ts";
import type { SocketListing } from "./socket-row.ts";
import { isSsLine, readSs } from "./ss.ts";
import { textLines } from "./text-lines.ts";

/** A part that a text should have. */
export type TextFault =
  /** No `hostname=` in it. */
  | "no hostname"
  /** Several of them: texts of several hosts in one. */
  | "several hosts"
  /** Neither netstat nor ss spoke. */
  | "no listing"
  /** `ip addr` did not speak. */
  | "no addresses"
  /** It ends in the middle of a line, which is left out. */
  | "cut"
  /** It has more lines than are read. */
  | "too long";

/** What a text told. */
export interface HostText {
  /** As the host calls itself; null where the text does not tell. */
  readonly host: string | null;
  readonly listing: SocketListing;
  readonly addresses: readonly OwnAddress[];
  readonly faults: readonly TextFault[];
}

const HOSTNAME = /^hostname=(.*)$/;
/** The heading of netstat in every language, and those of ss. */
const HEADING = /^(?:Proto |Netid |State +Recv-Q )/;
const ROW_LIKE = /^(?:tcp|udp)[46]?\s/;

/** Reads a text; never throws, whatever it is. */
export function readHostText(text: string): HostText {
  const { lines, leftOut, cut } = textLines(text);
  const names = new Set(lines.flatMap((line) => HOSTNAME.exec(line.trim())?.[1]?.trim() || []));
  const { sockets, addr, headings, strays, ss } = sorted(lines);
  const addresses = readAddresses(addr);
  const read = ss ? readSs(sockets) : readNetstat(sockets, addresses);
  const listing = { ...read, skipped: read.skipped + strays + leftOut };
  const told: readonly [boolean, TextFault][] = [
    [names.size === 0, "no hostname"],
    [names.size > 1, "several hosts"],
    [sockets.length + headings === 0, "no listing"],
    [globalAddresses(addresses).length === 0, "no addresses"],
    [cut, "cut"],
    [leftOut > 0, "too long"],
  ];
  const [host = null] = names;
  return { host, listing, addresses, faults: told.flatMap(([is, fault]) => (is ? [fault] : [])) };
}

interface Sorted {
  readonly sockets: readonly string[];
  readonly addr: readonly string[];
  readonly headings: number;
  /** Lines that begin like a row of sockets and are none. */
  readonly strays: number;
  readonly ss: boolean;
}

function sorted(lines: readonly string[]): Sorted {
  const of: Record<Kind, string[]> = { netstat: [], ss: [], addr: [], heading: [], stray: [], other: [] };
  for (const line of lines) {
    of[kindOf(line)].push(line);
  }
  // Nobody prints both; what is fewer is taken for what it is not.
  const ss = of.ss.length > 0 && of.netstat.length === 0;
  const strays = of.stray.length + (ss ? 0 : of.ss.length);
  return { sockets: ss ? of.ss : of.netstat, addr: of.addr, headings: of.heading.length, strays, ss };
}

type Kind = "netstat" | "ss" | "addr" | "heading" | "stray" | "other";

function kindOf(line: string): Kind {
  if (isNetstatLine(line)) {
    return "netstat";
  }
  if (isSsLine(line)) {
    return "ss";
  }
  if (isAddrLine(line)) {
    return "addr";
  }
  if (HEADING.test(line)) {
    return "heading";
  }
  return ROW_LIKE.test(line) ? "stray" : "other";
}
