/** Changes of TCP sockets, in the order of time, to connections that were opened, and whose they were. */
import { type AddressDecoder, endsKey, type HexEnds, SOCKET_STATES } from "./proc-net.ts";
import type { KnownProcess } from "./process.ts";
import type { SocketEvent } from "./trace-events.ts";
import type { Opened } from "./watch.ts";

/** What was opened. */
export interface OpenedConnections {
  readonly opened: readonly Opened[];
  readonly live: ReadonlyMap<string, Opened>;
}

const { synSent, synReceived, established, finWait1, lastAck, close } = SOCKET_STATES;
/** Bounds of what is kept between two looks; beyond them a look finds what is open. */
const MOST_ATTEMPTS = 65_536;
const MOST_LIVE = 65_536;

/**
 * Who connects is the thread that sends the first packet; who serves is the one that closes, as the network itself
 * makes the connection. Attempts that came to nothing open no connection.
 */
export class ConnectionLog {
  readonly #ownerOf: (thread: number) => KnownProcess | undefined;
  readonly #decode: AddressDecoder;
  /** Owner of the one that tries to connect, by its socket. */
  readonly #attempts = new Map<number, KnownProcess | undefined>();
  #live = new Map<number, Opened>();
  #opened = new Map<string, Opened & { times: number }>();

  constructor(ownerOf: (thread: number) => KnownProcess | undefined, decode: AddressDecoder) {
    this.#ownerOf = ownerOf;
    this.#decode = decode;
  }

  /** Takes the next event. */
  add({ socket, thread, oldState, newState, ends }: SocketEvent): void {
    if (newState === synSent) {
      this.#attempts.set(socket, this.#ownerOf(thread));
      drop(this.#attempts, MOST_ATTEMPTS);
    } else if (oldState === synSent) {
      const owner = this.#attempts.get(socket);
      this.#attempts.delete(socket);
      if (newState === established && ends !== undefined) {
        this.#count(this.#connection("out", ends, owner, 1));
        this.#keep(socket, this.#connection("out", ends, owner, 0));
      }
    } else if (oldState === synReceived && newState === established && ends !== undefined) {
      this.#keep(socket, this.#connection("in", ends, undefined, 1));
    } else if (newState === finWait1 || newState === lastAck) {
      this.#end(socket, thread);
    } else if (newState === close) {
      this.#end(socket, undefined);
    }
  }

  /** What was opened since it was asked before. */
  take(): OpenedConnections {
    const live = new Map([...this.#live.values()].map((connection) => [connection.ends, connection]));
    const opened = [...this.#opened.values()];
    this.#live = new Map();
    this.#opened = new Map();
    return { opened, live };
  }

  #keep(socket: number, connection: Opened): void {
    this.#live.set(socket, connection);
    drop(this.#live, MOST_LIVE, (lost) => this.#count(lost));
  }

  /** The connection of a socket is over; a reset comes from the network and tells no thread. */
  #end(socket: number, thread: number | undefined): void {
    const live = this.#live.get(socket);
    this.#live.delete(socket);
    if (live?.direction === "in") {
      this.#count({ ...live, owner: thread === undefined ? undefined : this.#ownerOf(thread) });
    }
  }

  #connection(direction: "in" | "out", hex: HexEnds, owner: KnownProcess | undefined, times: number): Opened {
    const { local, localPort, remote, remotePort } = hex;
    return {
      direction,
      local: this.#decode(local),
      localPort,
      remote: this.#decode(remote),
      remotePort,
      ends: endsKey(hex),
      owner,
      times,
    };
  }

  #count(connection: Opened): void {
    if (connection.times === 0) {
      return;
    }
    const { direction, local, localPort, remote, remotePort, owner } = connection;
    const port = direction === "in" ? localPort : remotePort;
    const key = [direction, local, port, remote, owner?.name, owner?.unit, owner?.container, owner?.netns].join("\0");
    const known = this.#opened.get(key);
    if (known === undefined) {
      this.#opened.set(key, { ...connection });
    } else {
      known.times += connection.times;
    }
  }
}

/** Drops the eldest entry of a map that has grown beyond its bound. */
function drop<Value>(map: Map<number, Value>, most: number, last: (value: Value) => void = () => undefined): void {
  if (map.size <= most) {
    return;
  }
  const [eldest] = map;
  if (eldest !== undefined) {
    map.delete(eldest[0]);
    last(eldest[1]);
  }
}
