/** Sockets to rows of a report: listeners told from connections, connections given a direction and grouped. */
import { ConnectionRows } from "./connection-rows.ts";
import { hasPeer, Listening } from "./listening.ts";
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
  const rows = new ConnectionRows(look.time);
  const seen = new Map<string, "in" | "out">();
  let unattributed = listening.unattributed;
  for (const socket of look.sockets) {
    // The kernel may show one twice when its table changes while it is read.
    if (!isConnection(socket) || seen.has(socket.key)) {
      continue;
    }
    const known = look.before.get(socket.key);
    const direction = known ?? listening.direction(socket);
    seen.set(socket.key, direction);
    const owner = look.ownerOf(socket.inode) ?? listening.ownerOf(socket, direction);
    if (owner === undefined && socket.inode !== 0) {
      unattributed++;
    }
    rows.add(socket, direction, owner, known === undefined);
  }
  return { listeners: listening.rows(), connections: rows.busiestFirst(), unattributed, seen };
}

function isConnection(socket: Socket): boolean {
  return hasPeer(socket) && (socket.state === SOCKET_STATES.established || HALF_CLOSED.has(socket.state));
}
