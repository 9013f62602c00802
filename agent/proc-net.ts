/**
 * Text of /proc/net/{tcp,tcp6,udp,udp6} to sockets. Written by the kernel's net/ipv4/tcp_ipv4.c (get_tcp4_sock),
 * net/ipv6/tcp_ipv6.c and udp: addresses are 32-bit words in the byte order of the machine, ports plain hexadecimal.
 */

/** TCP states as /proc/net/tcp numbers them (include/net/tcp_states.h); UDP uses two of them. */
export const SOCKET_STATES = Object.freeze({
  established: 1,
  synSent: 2,
  synReceived: 3,
  finWait1: 4,
  finWait2: 5,
  timeWait: 6,
  close: 7,
  closeWait: 8,
  lastAck: 9,
  listen: 10,
  closing: 11,
  newSynReceived: 12,
});

/** One row of a table. */
export interface Socket {
  readonly proto: "tcp" | "udp";
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  /** 0 where there is no remote end. */
  readonly remotePort: number;
  /** One of SOCKET_STATES. */
  readonly state: number;
  /** 0 where the kernel alone holds it (TIME_WAIT, connections not yet accepted by a handshake). */
  readonly inode: number;
  /** Both ends as the kernel writes them: the same as long as the connection is the same, within its namespace. */
  readonly ends: string;
  /** Network namespace as reports name it; null for the agent's own. */
  readonly netns: string | null;
  /** `ends`, told apart by protocol and namespace. */
  readonly key: string;
}

/** The rows of a table, and how many lines were none. */
export interface SocketTable {
  readonly sockets: readonly Socket[];
  readonly skipped: number;
}

/** Turns the kernel's hexadecimal words into an address; v4-mapped ones become IPv4. */
export type AddressDecoder = (hex: string) => string;

// Both ends as one group: it tells the connection, and a slice costs less than joining its parts again.
const END = "([\\dA-F]{8}|[\\dA-F]{32}):([\\dA-F]{4})";
// The blank after the inode is asked for so that a line cut within the number does not give another socket's inode.
const ROW = new RegExp(
  `^ *\\d+: (${END} ${END}) ([\\dA-F]{2}) [\\dA-F]{8}:[\\dA-F]{8} [\\dA-F]{2}:[\\dA-F]{8,16} [\\dA-F]{8} +\\d+ +-?\\d+ (\\d+) `,
);
const KEPT_ADDRESSES = 65_536;

/** A decoder for a machine's byte order; it remembers the addresses it has seen. */
export function createAddressDecoder(endianness: "LE" | "BE"): AddressDecoder {
  const known = new Map<string, string>();
  return (hex) => {
    const seen = known.get(hex);
    if (seen !== undefined) {
      return seen;
    }
    if (known.size >= KEPT_ADDRESSES) {
      known.clear();
    }
    const address = addressOf(bytesOf(hex, endianness));
    known.set(hex, address);
    return address;
  };
}

/**
 * The sockets of one table; lines that are no row are skipped and counted, whatever they hold. `known` are sockets of
 * the look before by inode: where one is unchanged it is handed out again, which saves most of the work.
 */
export function parseProcNet(
  text: string,
  proto: Socket["proto"],
  decode: AddressDecoder,
  netns: string | null = null,
  known: ReadonlyMap<number, Socket> = NONE,
): SocketTable {
  const sockets: Socket[] = [];
  let skipped = 0;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const socket =
      knownAt(text, start, end, known, proto, netns) ?? parseLine(text.slice(start, end), proto, decode, netns);
    if (socket !== undefined) {
      sockets.push(socket);
    } else if (!isNoRow(text.slice(start, end))) {
      skipped++;
    }
    start = end + 1;
  }
  return { sockets, skipped };
}

const NONE: ReadonlyMap<number, Socket> = new Map();

function isNoRow(line: string): boolean {
  return line.trim() === "" || line.includes("local_address");
}

function parseLine(line: string, proto: Socket["proto"], decode: AddressDecoder, netns: string | null) {
  const row = ROW.exec(line);
  return row === null ? undefined : socketOf(row, proto, decode, netns);
}

/** The known socket whose ends, state and inode stand in the line from `start` to `end`. */
function knownAt(
  text: string,
  start: number,
  end: number,
  known: ReadonlyMap<number, Socket>,
  proto: Socket["proto"],
  netns: string | null,
): Socket | undefined {
  if (known.size === 0) {
    return undefined;
  }
  const ends = text.indexOf(": ", start) + 2;
  const stateAt = ends + (text[ends + 8] === ":" ? V4_ENDS : V6_ENDS) + 1;
  const socket = known.get(inodeAfter(text, stateAt));
  const same =
    socket !== undefined &&
    ends < end &&
    isDigit(text.charCodeAt(ends - 3)) &&
    socket.proto === proto &&
    socket.netns === netns &&
    text.startsWith(socket.ends, ends) &&
    Number.parseInt(text.slice(stateAt, stateAt + 2), 16) === socket.state;
  return same ? socket : undefined;
}

/** Digits of two ends with their colons and the blank between them. */
const V4_ENDS = 27;
const V6_ENDS = 75;
/** State, queues, timer, retransmissions, uid, timeout. */
const WORDS_BEFORE_INODE = 6;
const [BLANK, ZERO] = [32, 48];

function isDigit(code: number): boolean {
  return code >= ZERO && code < ZERO + 10;
}

/** The inode of the line whose state stands at `at`; -1 where it is cut. */
function inodeAfter(text: string, at: number): number {
  let next = at;
  for (let word = 0; word < WORDS_BEFORE_INODE; word++) {
    while (text.charCodeAt(next) > BLANK) {
      next++;
    }
    while (text.charCodeAt(next) === BLANK) {
      next++;
    }
  }
  let inode = 0;
  for (; isDigit(text.charCodeAt(next)); next++) {
    inode = inode * 10 + text.charCodeAt(next) - ZERO;
  }
  return text.charCodeAt(next) === BLANK ? inode : -1;
}

function socketOf(
  row: RegExpExecArray,
  proto: Socket["proto"],
  decode: AddressDecoder,
  netns: string | null,
): Socket | undefined {
  const [, ends = "", local = "", localPort = "", remote = "", remotePort = "", state = "", inode = ""] = row;
  if (local.length !== remote.length) {
    return undefined;
  }
  const key = proto === "tcp" ? ends : `udp ${ends}`;
  return {
    proto,
    local: decode(local),
    localPort: Number.parseInt(localPort, 16),
    remote: decode(remote),
    remotePort: Number.parseInt(remotePort, 16),
    state: Number.parseInt(state, 16),
    inode: Number(inode),
    ends,
    netns,
    key: netns === null ? key : `${netns} ${key}`,
  };
}

/** Both ends of a connection, as the kernel writes them. */
export interface HexEnds {
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
}

/** Socket.ends of a connection. */
export function endsKey({ local, localPort, remote, remotePort }: HexEnds): string {
  return `${local}:${portHex(localPort)} ${remote}:${portHex(remotePort)}`;
}

function portHex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}

function bytesOf(hex: string, endianness: "LE" | "BE"): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < hex.length; i += 2) {
    // Byte 0 of a little-endian word stands last in its eight digits.
    const at = endianness === "LE" ? (i & ~7) + (6 - (i & 7)) : i;
    bytes.push(Number.parseInt(hex.slice(at, at + 2), 16));
  }
  return bytes;
}

function addressOf(bytes: readonly number[]): string {
  const mapped = bytes.length === 16 && bytes.slice(0, 12).join() === "0,0,0,0,0,0,0,0,0,0,255,255";
  if (bytes.length === 4 || mapped) {
    return bytes.slice(-4).join(".");
  }
  const groups: string[] = [];
  for (let i = 0; i < bytes.length; i += 2) {
    groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  }
  return shortened(groups);
}

/** IPv6 as people write it: the longest run of zero groups becomes `::`. */
function shortened(groups: readonly string[]): string {
  let start = -1;
  let length = 1;
  for (let i = 0; i < groups.length; i++) {
    let run = 0;
    while (groups[i + run] === "0") {
      run++;
    }
    if (run > length) {
      start = i;
      length = run;
    }
  }
  if (start < 0) {
    return groups.join(":");
  }
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}
