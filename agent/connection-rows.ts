/** Connections grouped to rows of a report. */
import { compare, ownerKey, UNKNOWN_OWNER } from "./owner.ts";
import { SOCKET_STATES, type Socket } from "./proc-net.ts";
import type { ReportConnection, SocketOwner } from "./report.ts";

type Row = { -readonly [K in keyof ReportConnection]: ReportConnection[K] };

/** Rows that grow with every socket added. */
export class ConnectionRows {
  readonly #time: string;
  readonly #rows = new Map<string, Row>();
  /** Closed connections that nobody holds any more. */
  readonly #ownerless: Row[] = [];
  /** Keys of owners, made once for each: there are many sockets and few owners. */
  readonly #ownerKeys = new Map<SocketOwner, string>();

  constructor(time: string) {
    this.#time = time;
  }

  /** Adds one connection; `fresh` where the look before had not seen it. */
  add(socket: Socket, direction: "in" | "out", owner: SocketOwner | undefined, fresh: boolean): void {
    const count = socket.state === SOCKET_STATES.established ? 1 : 0;
    const opened = fresh ? 1 : 0;
    if (count === 0 && opened === 0) {
      return;
    }
    if (count === 0 && owner === undefined) {
      this.#ownerless.push({ ...this.#row(socket, direction, UNKNOWN_OWNER), opened });
      return;
    }
    const key = this.#key(socket, direction, owner ?? UNKNOWN_OWNER);
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = this.#row(socket, direction, owner ?? UNKNOWN_OWNER);
      this.#rows.set(key, row);
    }
    row.count += count;
    row.opened += opened;
  }

  /** The rows, those with most connections first; the same sockets give the same order. */
  busiestFirst(): ReportConnection[] {
    const rows = new Map(this.#rows);
    this.#addOwnerless(rows);
    const keyed = [...rows].sort(
      ([a, one], [b, other]) => other.count - one.count || other.opened - one.opened || compare(a, b),
    );
    return keyed.map(([, row]) => row);
  }

  /**
   * Closed connections have no process any more. Where exactly one process has live connections to the same service,
   * they were most likely its own; that adds to an edge that is proven, and never makes one.
   */
  #addOwnerless(rows: Map<string, Row>): void {
    const users = new Map<string, Row | null>();
    for (const row of rows.values()) {
      const endpoint = endpointKey(row);
      users.set(endpoint, users.has(endpoint) ? null : row);
    }
    for (const row of this.#ownerless) {
      const endpoint = endpointKey(row);
      const known = users.get(endpoint) ?? rows.get(endpoint);
      if (known === undefined) {
        rows.set(endpoint, row);
      } else {
        known.opened += row.opened;
      }
    }
  }

  #key(socket: Socket, direction: "in" | "out", owner: SocketOwner): string {
    let ownerPart = this.#ownerKeys.get(owner);
    if (ownerPart === undefined) {
      ownerPart = ownerKey(owner);
      this.#ownerKeys.set(owner, ownerPart);
    }
    const port = direction === "in" ? socket.localPort : socket.remotePort;
    return `${direction} ${socket.proto} ${port} ${socket.remote}\0${ownerPart}`;
  }

  #row(socket: Socket, direction: "in" | "out", owner: SocketOwner): Row {
    return {
      direction,
      proto: socket.proto,
      process: owner.process,
      unit: owner.unit,
      container: owner.container,
      netns: owner.netns,
      localAddress: socket.local,
      localPort: direction === "in" ? socket.localPort : null,
      remoteAddress: socket.remote,
      remotePort: direction === "out" ? socket.remotePort : null,
      count: 0,
      opened: 0,
      lastSeen: this.#time,
    };
  }
}

function endpointKey(row: Row): string {
  return `${row.direction} ${row.proto} ${row.localPort ?? row.remotePort} ${row.remoteAddress}`;
}
