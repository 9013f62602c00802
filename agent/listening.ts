/** The sockets that take connections, and what they tell of the connections beside them. */
import { compare, ownerKey, UNKNOWN_OWNER } from "./owner.ts";
import { SOCKET_STATES, type Socket } from "./proc-net.ts";
import type { ReportListener, SocketOwner } from "./report.ts";

/** What is asked for beside the sockets. */
interface ListeningLook {
  readonly sockets: readonly Socket[];
  readonly ownerOf: (inode: number) => SocketOwner | undefined;
  readonly ephemeralFrom: number;
}

/** The sockets that take connections, by port. */
export class Listening {
  readonly #rows = new Map<string, ReportListener>();
  readonly #byPort = new Map<string, ReportListener[]>();
  readonly #ephemeralFrom: number;
  /** Listening sockets whose process is not known. */
  unattributed = 0;

  constructor({ sockets, ownerOf, ephemeralFrom }: ListeningLook) {
    this.#ephemeralFrom = ephemeralFrom;
    for (const socket of sockets) {
      if (!isListening(socket, ephemeralFrom)) {
        continue;
      }
      const owner = ownerOf(socket.inode);
      this.unattributed += owner === undefined ? 1 : 0;
      this.#add({ proto: socket.proto, address: socket.local, port: socket.localPort, ...(owner ?? UNKNOWN_OWNER) });
    }
  }

  /**
   * `in` where the local end is a listening one. Where a service has closed its listener and kept its connections
   * (a reload, an orderly stop), a port below the range of clients facing one within it was the service.
   */
  direction(socket: Socket): "in" | "out" {
    if (this.#at(socket) !== undefined) {
      return "in";
    }
    return socket.localPort < this.#ephemeralFrom && socket.remotePort >= this.#ephemeralFrom ? "in" : "out";
  }

  /** Owner of the listener that took a connection: whose it was while it was open. */
  ownerOf(socket: Socket, direction: "in" | "out"): SocketOwner | undefined {
    const listener = direction === "in" ? this.#at(socket) : undefined;
    if (listener === undefined || (listener.process === null && listener.unit === null)) {
      return undefined;
    }
    const { process, unit, container, netns } = listener;
    return { process, unit, container, netns };
  }

  rows(): ReportListener[] {
    return [...this.#rows.values()].sort(
      (a, b) =>
        compare(a.proto, b.proto) ||
        a.port - b.port ||
        compare(a.address, b.address) ||
        compare(a.process ?? "", b.process ?? ""),
    );
  }

  #add(row: ReportListener): void {
    const key = [row.proto, row.address, row.port, ownerKey(row)].join("\0");
    if (this.#rows.has(key)) {
      return;
    }
    this.#rows.set(key, row);
    const port = `${row.proto}${row.port}`;
    const others = this.#byPort.get(port);
    if (others === undefined) {
      this.#byPort.set(port, [row]);
    } else {
      others.push(row);
    }
  }

  /** The listener with exactly this address, else one for any address. */
  #at({ proto, local, localPort }: Socket): ReportListener | undefined {
    const listeners = this.#byPort.get(`${proto}${localPort}`);
    return (
      listeners?.find(({ address }) => address === local) ?? listeners?.find(({ address }) => takes(address, local))
    );
  }
}

function isListening(socket: Socket, ephemeralFrom: number): boolean {
  if (socket.proto === "tcp") {
    return socket.state === SOCKET_STATES.listen;
  }
  // A UDP socket without a peer serves, or asks: resolvers and time clients get their port from the range of clients.
  return (
    socket.state === SOCKET_STATES.close && !hasPeer(socket) && socket.localPort > 0 && socket.localPort < ephemeralFrom
  );
}

/** Whether a socket has a remote end. */
export function hasPeer({ remotePort, localPort }: Socket): boolean {
  return remotePort !== 0 && localPort !== 0;
}

/** Whether a listener for any address takes what comes to `local`; `::` takes IPv4 too. */
function takes(address: string, local: string): boolean {
  return address === "::" || (address === "0.0.0.0" && !local.includes(":"));
}
