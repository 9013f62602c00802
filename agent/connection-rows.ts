/** Connections grouped to rows of a report. */
import { compare, ownerKey } from "./owner.ts";
import { SOCKET_STATES, type Socket } from "./proc-net.ts";
import type { ReportConnection, SocketOwner } from "./report.ts";

interface Row extends Omit<ReportConnection, "count" | "opened"> {
  count: number;
  /** Opened, as the look found it. */
  found: number;
  /** Opened, as events told it. */
  told: number;
}

/** A connection with its ends and its direction. */
type Ends = Pick<Socket, "proto" | "local" | "localPort" | "remote" | "remotePort" | "netns">;

/** Rows that grow with every socket added. */
export class ConnectionRows {
  readonly #time: string;
  readonly #nobodyIn: (netns: string | null) => SocketOwner;
  /** By owner, remote address, and port with direction and protocol. */
  readonly #rows = new Map<SocketOwner, Map<string, Map<number, Row>>>();
  /** Closed connections that nobody holds any more. */
  readonly #ownerless: Row[] = [];
  #unknown = 0;

  constructor(time: string, nobodyIn: (netns: string | null) => SocketOwner) {
    this.#time = time;
    this.#nobodyIn = nobodyIn;
  }

  /** Adds one connection; `fresh` where the look before had not seen it. */
  add(socket: Socket, direction: "in" | "out", owner: SocketOwner | undefined, fresh: boolean): void {
    const count = socket.state === SOCKET_STATES.established ? 1 : 0;
    if (count === 0 && !fresh) {
      return;
    }
    const row = this.#at(socket, direction, owner, count === 0);
    row.count += count;
    row.found += fresh ? 1 : 0;
  }

  /** Adds connections that events told of. */
  tell(ends: Ends, direction: "in" | "out", owner: SocketOwner | undefined, times: number): void {
    this.#at(ends, direction, owner, true).told += times;
  }

  /** Connections that events told of and of which nobody is known; right after `busiestFirst`. */
  get ownerless(): number {
    return this.#unknown;
  }

  /**
   * The rows, those with most connections first; the same sockets give the same order. `complete` where events told
   * of all connections that the look did not find anew; else the two may speak of the same ones.
   */
  busiestFirst(complete: boolean): ReportConnection[] {
    const rows = this.#merged();
    this.#addOwnerless(rows);
    const keyed = [...rows].map(([key, { found, told, ...row }]) => {
      const opened = complete ? found + told : Math.max(found, told);
      return [key, { ...row, opened }] as const;
    });
    keyed.sort(([a, one], [b, other]) => other.count - one.count || other.opened - one.opened || compare(a, b));
    return keyed.map(([, row]) => row);
  }

  /** Rows by text; owners that say the same are one, also where they are two objects. */
  #merged(): Map<string, Row> {
    const rows = new Map<string, Row>();
    for (const row of [...this.#rows.values()].flatMap((byRemote) => [...byRemote.values()].flatMap(valuesOf))) {
      const key = `${endpointKey(row)}\0${ownerKey(row)}`;
      const same = rows.get(key);
      if (same === undefined) {
        rows.set(key, row);
      } else {
        addUp(same, row);
      }
    }
    return rows;
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
      this.#unknown += known?.process == null ? row.told : 0;
      if (known === undefined) {
        rows.set(endpoint, row);
      } else {
        addUp(known, row);
      }
    }
  }

  /** The row a connection belongs to; one of its own where it is closed and nobody knows whose it was. */
  #at(ends: Ends, direction: "in" | "out", owner: SocketOwner | undefined, closed: boolean): Row {
    const holder = owner ?? this.#nobodyIn(ends.netns);
    if (closed && owner === undefined) {
      const row = this.#row(ends, direction, holder);
      this.#ownerless.push(row);
      return row;
    }
    const [port, code] = direction === "in" ? [ends.localPort, 0] : [ends.remotePort, 1];
    const rows = this.#rowsOf(holder, ends.remote);
    const key = port * 4 + code * 2 + (ends.proto === "tcp" ? 0 : 1);
    let row = rows.get(key);
    if (row === undefined) {
      row = this.#row(ends, direction, holder);
      rows.set(key, row);
    }
    return row;
  }

  /** Maps within maps, as there are many sockets and building a text for each would take most of the time. */
  #rowsOf(owner: SocketOwner, remote: string): Map<number, Row> {
    const byRemote = this.#rows.get(owner) ?? new Map<string, Map<number, Row>>();
    const rows = byRemote.get(remote) ?? new Map<number, Row>();
    if (rows.size === 0) {
      this.#rows.set(owner, byRemote.set(remote, rows));
    }
    return rows;
  }

  #row(ends: Ends, direction: "in" | "out", owner: SocketOwner): Row {
    return {
      direction,
      proto: ends.proto,
      process: owner.process,
      unit: owner.unit,
      container: owner.container,
      netns: owner.netns,
      localAddress: ends.local,
      localPort: direction === "in" ? ends.localPort : null,
      remoteAddress: ends.remote,
      remotePort: direction === "out" ? ends.remotePort : null,
      count: 0,
      found: 0,
      told: 0,
      lastSeen: this.#time,
    };
  }
}

function valuesOf(rows: ReadonlyMap<number, Row>): Row[] {
  return [...rows.values()];
}

function addUp(row: Row, { count, found, told }: Row): void {
  row.count += count;
  row.found += found;
  row.told += told;
}

function endpointKey({ direction, proto, localPort, remotePort, remoteAddress, netns }: Row): string {
  return `${direction} ${proto} ${localPort ?? remotePort} ${remoteAddress} ${netns ?? ""}`;
}
