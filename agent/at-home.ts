/**
 * Addresses of containers mean something on their own machine only: every Docker host has a 172.17.0.2. Rows that name
 * one are told as what they are, connections within this host, and a published port as the one service it is.
 */
import type { HomeOf } from "./home-addresses.ts";
import { PROXY, type PublishedPort } from "./published-ports.ts";
import type { ReportConnection, ReportListener } from "./report.ts";

/** Rows that name addresses. */
export interface HomeRows {
  readonly listeners: readonly ReportListener[];
  readonly connections: readonly ReportConnection[];
}

/** What is known of this machine. */
export interface Home {
  readonly homeOf: HomeOf;
  /** The container whose network a namespace is, by label; null where it is none's. */
  readonly containerOf: (netns: string) => string | null;
  readonly published: readonly PublishedPort[];
}

/** Rows with everything of this machine brought home. */
export function bringHome({ listeners, connections }: HomeRows, home: Home): HomeRows {
  const { homeOf, published } = home;
  const doors = new Doors(listeners, published, homeOf);
  const services = listeners.flatMap((row) => doors.listener(row));
  const places = placesByPort(services);
  const placed = connections.map((row) => inItsNamespace(row, home));
  const rows = placed.filter((row) => !doors.isProxys(row)).map((row) => doors.incoming(row));
  return { listeners: services, connections: rows.map((row) => withRemote(row, homeOf, doors, places)) };
}

/** Of a program that has ended before anybody looked at it only its address tells in which namespace it was. */
function inItsNamespace(row: ReportConnection, { homeOf, containerOf }: Home): ReportConnection {
  const netns = row.netns === null ? homeOf(row.localAddress) : null;
  return typeof netns === "string" ? { ...row, netns, container: row.container ?? containerOf(netns) } : row;
}

/** Ports of the host that lead to a port of a container whose listener was seen. */
class Doors {
  readonly #inside = new Map<string, PublishedPort[]>();
  readonly #outside = new Map<string, PublishedPort>();

  constructor(listeners: readonly ReportListener[], published: readonly PublishedPort[], homeOf: HomeOf) {
    const listening = new Set(listeners.map(({ proto, port, netns }) => `${proto}${port} ${netns}`));
    for (const door of published) {
      const netns = homeOf(door.address);
      const inside = `${door.proto}${door.port} ${netns}`;
      if (typeof netns === "string" && listening.has(inside)) {
        this.#open(inside, door);
      }
    }
  }

  /** A port of the host may be published at several of its addresses: it is one door, the first one. */
  #open(inside: string, door: PublishedPort): void {
    const doors = this.#inside.get(inside) ?? [];
    if (!doors.some(({ hostPort }) => hostPort === door.hostPort)) {
      this.#inside.set(inside, [...doors, door]);
      this.#outside.set(`${door.proto}${door.hostPort}`, door);
    }
  }

  /** The port, or the first of those, by which a port of a namespace is reached from outside. */
  at(proto: string, port: number | null, netns: string | null | undefined): PublishedPort | undefined {
    return this.#inside.get(`${proto}${port} ${netns}`)?.[0];
  }

  /** A listener as others see it; nothing for the proxy's, which only stands for another. */
  listener(row: ReportListener): ReportListener[] {
    if (row.process === PROXY && this.#outside.has(`${row.proto}${row.port}`)) {
      return [];
    }
    const doors = this.#inside.get(`${row.proto}${row.port} ${row.netns}`);
    return (
      doors?.map(({ hostAddress, hostPort }) => ({ ...row, address: hostAddress, port: hostPort, netns: null })) ?? [
        row,
      ]
    );
  }

  /** Connections of the proxy only pass on what its client and the container tell themselves. */
  isProxys({ process, direction, proto, localPort, remoteAddress, remotePort }: ReportConnection): boolean {
    const passed = [...this.#outside.values()].some(
      ({ address, port }) => address === remoteAddress && port === remotePort,
    );
    return process === PROXY && (direction === "in" ? this.#outside.has(`${proto}${localPort}`) : passed);
  }

  incoming(row: ReportConnection): ReportConnection {
    const door = row.direction === "in" ? this.at(row.proto, row.localPort, row.netns) : undefined;
    return door === undefined ? row : { ...row, localAddress: door.hostAddress, localPort: door.hostPort, netns: null };
  }
}

function placesByPort(listeners: readonly ReportListener[]): Map<string, Set<string | null>> {
  const places = new Map<string, Set<string | null>>();
  for (const { proto, port, netns } of listeners) {
    const key = `${proto}${port}`;
    places.set(key, (places.get(key) ?? new Set()).add(netns));
  }
  return places;
}

/** The remote end as loopback where it is of this machine and its port leads to one service. */
function withRemote(
  row: ReportConnection,
  homeOf: HomeOf,
  doors: Doors,
  places: ReadonlyMap<string, ReadonlySet<string | null>>,
): ReportConnection {
  const home = homeOf(row.remoteAddress);
  if (home === undefined) {
    return row;
  }
  const remoteAddress = row.remoteAddress.includes(":") ? "::1" : "127.0.0.1";
  if (row.direction === "in") {
    return { ...row, remoteAddress };
  }
  const door = doors.at(row.proto, row.remotePort, home);
  if (door !== undefined) {
    return { ...row, remoteAddress, remotePort: door.hostPort };
  }
  // Where several containers listen at one port, its number alone would name the wrong one.
  const there = places.get(`${row.proto}${row.remotePort}`);
  return there?.size === 1 && there.has(home) ? { ...row, remoteAddress } : row;
}
