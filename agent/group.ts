/** Sockets to rows of a report: listeners told from connections, connections given a direction and grouped. */
import { ConnectionRows } from "./connection-rows.ts";
import { hasPeer, Listening } from "./listening.ts";
import { SOCKET_STATES, type Socket } from "./proc-net.ts";
import type { KnownProcess } from "./process.ts";
import type { ReportConnection, ReportListener, SocketOwner } from "./report.ts";
import type { Opened, Watched } from "./watch.ts";

/** Direction of each connection seen in the look before, by the key of its socket. */
export type SeenConnections = ReadonlyMap<string, "in" | "out">;

/** What grouping is given. */
export interface Look {
  readonly sockets: readonly Socket[];
  /** Owner of a socket; undefined where nobody is known. */
  readonly ownerOf: (socket: Socket) => SocketOwner | undefined;
  /** A process as owner of a socket. */
  readonly ownerFor: (process: KnownProcess) => SocketOwner;
  /** Owner of a socket of that namespace of which nobody is known. */
  readonly nobodyIn: (netns: string | null) => SocketOwner;
  /** First port the system gives to clients (net.ipv4.ip_local_port_range). */
  readonly ephemeralFrom: number;
  /** Connections of the look before; empty at the first. */
  readonly before: SeenConnections;
  /** What events told since the look before. */
  readonly watched: Watched;
  /** ISO 8601. */
  readonly time: string;
}

/** Rows of one look. */
export interface GroupedSockets {
  readonly listeners: readonly ReportListener[];
  /** Busiest first. */
  readonly connections: readonly ReportConnection[];
  /** Sockets that somebody must hold, but nobody we may see, and connections that events told of without a process. */
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
 * that a forgotten CLOSE_WAIT does not keep an edge fresh for days. What events told is counted by them alone.
 */
export function groupSockets(look: Look): GroupedSockets {
  const { watched } = look;
  const listening = new Listening(look);
  const rows = new ConnectionRows(look.time, look.nobodyIn);
  const work = { look, listening, rows, seen: new Map<string, "in" | "out">(), live: new Map(watched.live) };
  let unattributed = listening.unattributed;
  for (const socket of look.sockets) {
    // The kernel may show one twice when its table changes while it is read.
    if (isConnection(socket) && !work.seen.has(socket.key) && !addFound(socket, work)) {
      unattributed++;
    }
  }
  for (const opened of [...watched.opened, ...work.live.values()]) {
    tell(opened, look, listening, rows);
  }
  const connections = rows.busiestFirst(watched.complete);
  return { listeners: listening.rows(), connections, unattributed: unattributed + rows.ownerless, seen: work.seen };
}

/** Grouping under way. */
interface Work {
  readonly look: Look;
  readonly listening: Listening;
  readonly rows: ConnectionRows;
  readonly seen: Map<string, "in" | "out">;
  /** Open by the word of events, and not found yet. */
  readonly live: Map<string, Opened>;
}

/** Adds a connection that was found; false where somebody must hold it, but nobody we may see. */
function addFound(socket: Socket, { look, listening, rows, seen, live }: Work): boolean {
  const known = look.before.get(socket.key);
  const opened = socket.proto === "tcp" ? live.get(socket.ends) : undefined;
  const direction = known ?? opened?.direction ?? listening.direction(socket);
  if (direction === undefined) {
    return true;
  }
  seen.set(socket.key, direction);
  // Its process may have ended since the tables were read; events have seen it.
  const opener = opened?.owner && look.ownerFor(opened.owner);
  const owner = look.ownerOf(socket) ?? opener ?? listening.ownerOf(socket, direction);
  rows.add(socket, direction, owner, known === undefined && !isTold(socket, look.watched));
  if (opened !== undefined && opened.times > 0) {
    rows.tell(socket, direction, owner, opened.times);
  }
  live.delete(opened?.ends ?? "");
  return owner?.process != null || socket.inode === 0;
}

function tell(opened: Opened, { before, ownerFor }: Look, listening: Listening, rows: ConnectionRows): void {
  // Only such events say no direction that come when a connection ends: it was counted when it was first found.
  const counted = opened.direction === undefined && before.has(opened.ends);
  const owner = opened.owner && ownerFor(opened.owner);
  const end = { ...opened, proto: "tcp", netns: owner?.netns ?? null } as const;
  const direction = opened.direction ?? listening.direction(end);
  if (opened.times === 0 || counted || direction === undefined) {
    return;
  }
  rows.tell(end, direction, owner ?? listening.ownerOf(end, direction), opened.times);
}

/** Whether events have told, or will tell, of a connection that a look finds anew. */
function isTold({ proto, netns, state, inode }: Socket, { level, complete }: Watched): boolean {
  if (!complete || proto !== "tcp") {
    return false;
  }
  // ss tells when a socket is destroyed, of its own namespace; what is left of it then is a timer in the kernel.
  const left = state === SOCKET_STATES.timeWait || (state === SOCKET_STATES.finWait2 && inode === 0);
  return level === "tracefs" || (netns === null && left);
}

function isConnection(socket: Socket): boolean {
  return hasPeer(socket) && (socket.state === SOCKET_STATES.established || HALF_CLOSED.has(socket.state));
}
