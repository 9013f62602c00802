/** Sockets to rows of a report: listeners told from connections, connections given a direction and grouped. */
import { hasPeer, Listening } from "./listening.ts";
import { compare, ownerKey, UNKNOWN_OWNER } from "./owner.ts";
import { SOCKET_STATES, type Socket } from "./proc-net.ts";
import type { ReportConnection, ReportListener, SocketOwner } from "./report.ts";

/** Direction of each connection seen in the look before, by the key of its socket. */
export type SeenConnections = ReadonlyMap<string, "in" | "out">;

/** What grouping is given. */
export interface Look {
  readonly sockets: readonly Socket[];
  /** Owner of a socket by inode; undefined where nobody is known. */
  readonly ownerOf: (inode: number) => SocketOwner | undefined;
  /** First port the system gives to clients (net.ipv4.ip_local_port_range). */
  readonly ephemeralFrom: number;
  /** Connections of the look before; empty at the first. */
  readonly before: SeenConnections;
  /** ISO 8601. */
  readonly time: string;
}

/** Rows of one look. */
export interface GroupedSockets {
  readonly listeners: readonly ReportListener[];
  /** Busiest first. */
  readonly connections: readonly ReportConnection[];
  /** Sockets that somebody must hold, but nobody we may see. */
  readonly unattributed: number;
  /** For the next look. */
  readonly seen: SeenConnections;
}

type Row = { -readonly [K in keyof ReportConnection]: ReportConnection[K] };

/** States in which data went both ways, or could have. Attempts (SYN_SENT) are no connections yet. */
const HALF_CLOSED: ReadonlySet<number> = new Set([
  SOCKET_STATES.finWait1,
  SOCKET_STATES.finWait2,
  SOCKET_STATES.timeWait,
  SOCKET_STATES.closeWait,
  SOCKET_STATES.lastAck,
  SOCKET_STATES.closing,
]);

/**
 * Groups the sockets of one look. `count` is what is ESTABLISHED. A connection that is half closed or in TIME_WAIT
 * proves that it was: it counts as `opened` once, where the look before had not seen it, and not again after that, so
 * that a forgotten CLOSE_WAIT does not keep an edge fresh for days.
 */
export function groupSockets(look: Look): GroupedSockets {
  const listening = new Listening(look);
  const rows = new Map<string, Row>();
  const ownerless: Row[] = [];
  const seen = new Map<string, "in" | "out">();
  let unattributed = listening.unattributed;
  for (const socket of connectionsOf(look.sockets)) {
    const known = look.before.get(socket.key);
    const direction = known ?? listening.direction(socket);
    seen.set(socket.key, direction);
    const owner = look.ownerOf(socket.inode) ?? listening.ownerOf(socket, direction);
    const row = rowOf(socket, direction, owner ?? UNKNOWN_OWNER, look.time);
    row.opened = known === undefined ? 1 : 0;
    if (owner === undefined) {
      ownerless.push(row);
      unattributed += Math.sign(socket.inode);
    } else {
      add(rows, row);
    }
  }
  addOwnerless(rows, ownerless);
  return { listeners: listening.rows(), connections: busiestFirst(rows), unattributed, seen };
}

/** Sockets with a peer, each once: the kernel may show one twice when its table changes while it is read. */
function connectionsOf(sockets: readonly Socket[]): Iterable<Socket> {
  const connections = new Map<string, Socket>();
  for (const socket of sockets) {
    if (hasPeer(socket) && (socket.state === SOCKET_STATES.established || HALF_CLOSED.has(socket.state))) {
      connections.set(socket.key, socket);
    }
  }
  return connections.values();
}

function rowOf(socket: Socket, direction: "in" | "out", owner: SocketOwner, lastSeen: string): Row {
  return {
    direction,
    proto: socket.proto,
    ...owner,
    localAddress: socket.local,
    localPort: direction === "in" ? socket.localPort : null,
    remoteAddress: socket.remote,
    remotePort: direction === "out" ? socket.remotePort : null,
    count: socket.state === SOCKET_STATES.established ? 1 : 0,
    opened: 0,
    lastSeen,
  };
}

function add(rows: Map<string, Row>, row: Row): void {
  if (row.count === 0 && row.opened === 0) {
    return;
  }
  const key = [endpointKey(row), ownerKey(row)].join("\0");
  const known = rows.get(key);
  if (known === undefined) {
    rows.set(key, row);
  } else {
    known.count += row.count;
    known.opened += row.opened;
  }
}

/**
 * Closed connections have no process any more. Where exactly one process has live connections to the same service,
 * they were most likely its own; that adds to an edge that is proven, and never makes one.
 */
function addOwnerless(rows: Map<string, Row>, ownerless: readonly Row[]): void {
  const users = new Map<string, Row | null>();
  for (const row of rows.values()) {
    const endpoint = endpointKey(row);
    users.set(endpoint, users.has(endpoint) ? null : row);
  }
  for (const row of ownerless) {
    const user = row.count === 0 ? users.get(endpointKey(row)) : undefined;
    if (user) {
      user.opened += row.opened;
    } else {
      add(rows, row);
    }
  }
}

function endpointKey(row: Row): string {
  return [row.direction, row.proto, row.remoteAddress, row.localPort ?? row.remotePort].join("\0");
}

function busiestFirst(rows: Map<string, Row>): ReportConnection[] {
  const keyed = [...rows].sort(
    ([a, one], [b, other]) => other.count - one.count || other.opened - one.opened || compare(a, b),
  );
  return keyed.map(([, row]) => row);
}
