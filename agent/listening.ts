/** The sockets that take connections, and what they tell of the connections beside them. */
import { compare, ownerKey } from "./owner.ts";
import { SOCKET_STATES, type Socket } from "./proc-net.ts";
import type { ReportListener, SocketOwner } from "./report.ts";

/** What is asked for beside the sockets. */
interface ListeningLook {
  readonly sockets: readonly Socket[];
  readonly ownerOf: (socket: Socket) => SocketOwner | undefined;
  readonly nobodyIn: (netns: string | null) => SocketOwner;
  readonly ephemeralFrom: number;
}

/** One end of a connection, as far as it tells who listens there. */
type LocalEnd = Pick<Socket, "proto" | "local" | "localPort" | "netns">;

/** Both ends. */
type Ends = LocalEnd & Pick<Socket, "remote" | "remotePort">;

/** The sockets that take connections, by port. */
export class Listening {
  readonly #rows = new Map<string, ReportListener>();
  readonly #byPort = new Map<string, ReportListener[]>();
  readonly #sockets: readonly Socket[];
  readonly #ephemeralFrom: number;
  /** Connections by their local end; counted when first asked for. */
  #sharing: ReadonlyMap<string, number> | undefined;
  /** Listening sockets whose process is not known. */
  unattributed = 0;

  constructor({ sockets, ownerOf, nobodyIn, ephemeralFrom }: ListeningLook) {
    this.#sockets = sockets;
    this.#ephemeralFrom = ephemeralFrom;
    for (const socket of sockets) {
      if (!isListening(socket, ephemeralFrom)) {
        continue;
      }
      const { proto, local, localPort, netns } = socket;
      const owner = ownerOf(socket);
      this.unattributed += owner?.process == null ? 1 : 0;
      this.#add({ proto, address: local, port: localPort, ...(owner ?? nobodyIn(netns)) });
    }
  }

  /**
   * `in` where the local end is a listening one, `out` where the remote one is. Where a service has closed its listener
   * and kept its connections (a reload, an orderly stop), a port below the range of clients facing one within it was
   * the service, or one that several connections share. Undefined where both ends are here and nothing tells them
   * apart: half of such edges would be wrong.
   */
  direction(socket: Ends): "in" | "out" | undefined {
    if (this.#at(socket) !== undefined) {
      return "in";
    }
    if (socket.local === socket.remote && this.#at(otherSide(socket)) !== undefined) {
      return "out";
    }
    const [low, remoteLow] = [socket.localPort < this.#ephemeralFrom, socket.remotePort < this.#ephemeralFrom];
    if (low !== remoteLow) {
      return low ? "in" : "out";
    }
    return this.#bySharedPort(socket);
  }

  #bySharedPort(socket: Ends): "in" | "out" | undefined {
    this.#sharing ??= countEnds(this.#sockets);
    const local = this.#sharing.get(endKey(socket)) ?? 1;
    const seen = this.#sharing.get(endKey(otherSide(socket)));
    const remote = seen ?? 1;
    // Of a closed connection within this host only the end that closed first is left.
    const bothHere = seen !== undefined || socket.local === socket.remote;
    if (local === remote && bothHere) {
      return undefined;
    }
    return local > remote ? "in" : "out";
  }

  /** Owner of the listener that took a connection: whose it was while it was open. */
  ownerOf(end: LocalEnd, direction: "in" | "out"): SocketOwner | undefined {
    const listener = direction === "in" ? this.#at(end) : undefined;
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
        compare(a.netns ?? "", b.netns ?? "") ||
        compare(ownerKey(a), ownerKey(b)),
    );
  }

  #add(row: ReportListener): void {
    const key = [row.proto, row.address, row.port, ownerKey(row)].join("\0");
    if (this.#rows.has(key)) {
      return;
    }
    this.#rows.set(key, row);
    const port = portKey(row.proto, row.port, row.netns);
    const others = this.#byPort.get(port);
    if (others === undefined) {
      this.#byPort.set(port, [row]);
    } else {
      others.push(row);
    }
  }

  /** The listener with exactly this address, else one for any address. */
  #at({ proto, local, localPort, netns }: LocalEnd): ReportListener | undefined {
    const listeners = this.#byPort.get(portKey(proto, localPort, netns));
    return (
      listeners?.find(({ address }) => address === local) ?? listeners?.find(({ address }) => takes(address, local))
    );
  }
}

function otherSide({ proto, local, localPort, remote, remotePort, netns }: Ends): Ends {
  return { proto, local: remote, localPort: remotePort, remote: local, remotePort: localPort, netns };
}

function countEnds(sockets: readonly Socket[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const socket of sockets) {
    if (hasPeer(socket)) {
      const key = endKey(socket);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

function endKey({ proto, local, localPort, netns }: LocalEnd): string {
  return `${proto} ${local} ${localPort} ${netns ?? ""}`;
}

function portKey(proto: string, port: number, netns: string | null): string {
  return `${proto}${port} ${netns ?? ""}`;
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
