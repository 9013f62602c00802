/**
 * Rows of a report, each checked by itself: a bad one is left out and counted, the others stay. Rows that mean the
 * same after their addresses are normalised (`0.0.0.0` and `::`, IPv4 and v4-mapped) are made one.
 */
import { REPORT_LIMITS } from "../../agent/report.ts";
import { isWildcard, normalizeAddress } from "../model/address.ts";
import type { Connection, Listener, Owner, UnixPeer } from "../model/host-report.ts";
import type { Protocol } from "../model/ids.ts";
import {
  countOf,
  type Fields,
  fieldsOf,
  listOf,
  ownerName,
  portOf,
  printable,
  processName,
  timeOf,
} from "./report-fields.ts";

/** Rows of one kind. */
export interface Rows<T> {
  readonly rows: readonly T[];
  /** Rows left out because they are no rows. */
  readonly bad: number;
  /** Rows left out because there were too many. */
  readonly over: number;
}

const ANY = "0.0.0.0";
const PATH_LENGTH = 256;

/** Listening sockets. */
export function readListeners(value: unknown): Rows<Listener> {
  return readRows(value, REPORT_LIMITS.listeners, readListener, (row) => [
    row.proto,
    row.address,
    row.port,
    ...owner(row),
  ]);
}

/** Connections; `seen` turns a row's own time (undefined where it has none) into our clock. */
export function readConnections(value: unknown, seen: (lastSeen: number | undefined) => number): Rows<Connection> {
  return readRows(value, REPORT_LIMITS.connections, (row) => readConnection(row, seen), connectionKey, sumOf);
}

/** Connections over Unix sockets. */
export function readUnixPeers(value: unknown): Rows<UnixPeer> {
  const key = (row: UnixPeer) => [row.path, ...owner(row.server), ...owner(row.client)];
  return readRows(value, REPORT_LIMITS.unix, readUnixPeer, key, (a, b) => ({ ...a, count: a.count + b.count }));
}

function readRows<T>(
  value: unknown,
  limit: number,
  read: (fields: Fields) => T | undefined,
  keyOf: (row: T) => readonly unknown[],
  merge: (known: T, row: T) => T = (known) => known,
): Rows<T> {
  const list = listOf(value);
  const rows = new Map<string, T>();
  let bad = 0;
  for (let i = 0; i < Math.min(list.length, limit); i++) {
    const fields = fieldsOf(list[i]);
    const row = fields && read(fields);
    if (row === undefined) {
      bad++;
      continue;
    }
    const key = keyOf(row).join("\0");
    const known = rows.get(key);
    rows.set(key, known === undefined ? row : merge(known, row));
  }
  return { rows: [...rows.values()], bad, over: Math.max(0, list.length - limit) };
}

function readListener(fields: Fields): Listener | undefined {
  const proto = protocolOf(fields["proto"]);
  const address = fields["address"] === "*" ? ANY : addressOf(fields["address"]);
  const port = portOf(fields["port"]);
  if (proto === undefined || address === undefined || port === undefined) {
    return undefined;
  }
  return { proto, address: isWildcard(address) ? ANY : address, port, ...ownerOf(fields) };
}

function readConnection(fields: Fields, seen: (lastSeen: number | undefined) => number): Connection | undefined {
  const ends = readEnds(fields);
  const proto = protocolOf(fields["proto"]);
  const count = countOf(fields["count"]);
  const opened = countOf(fields["opened"]);
  if (ends === undefined || proto === undefined || count === undefined || opened === undefined) {
    return undefined;
  }
  return { ...ends, proto, ...ownerOf(fields), count, opened, lastSeen: seen(timeOf(fields["lastSeen"])) };
}

type Ends = Pick<Connection, "direction" | "localAddress" | "localPort" | "remoteAddress" | "remotePort">;

/** Both ends; of their ports only the service's is kept, the other one says nothing. */
function readEnds(fields: Fields): Ends | undefined {
  const { direction } = fields;
  const localAddress = addressOf(fields["localAddress"]);
  const remoteAddress = addressOf(fields["remoteAddress"]);
  const port = portOf(direction === "in" ? fields["localPort"] : fields["remotePort"]);
  if (localAddress === undefined || remoteAddress === undefined || port === undefined || isWildcard(remoteAddress)) {
    return undefined;
  }
  if (direction === "in") {
    return { direction, localAddress, localPort: port, remoteAddress, remotePort: null };
  }
  return direction === "out"
    ? { direction, localAddress, localPort: null, remoteAddress, remotePort: port }
    : undefined;
}

function readUnixPeer(fields: Fields): UnixPeer | undefined {
  const path = printable(fields["path"], PATH_LENGTH);
  const count = countOf(fields["count"]);
  const server = sideOf(fields, "server");
  const client = sideOf(fields, "client");
  if (path === "" || count === undefined || server.process === null || client.process === null) {
    return undefined;
  }
  return { path, server, client, count };
}

function ownerOf(fields: Fields): Owner {
  return {
    process: processName(fields["process"]),
    unit: ownerName(fields["unit"]),
    container: ownerName(fields["container"]),
    netns: ownerName(fields["netns"]),
  };
}

function sideOf(fields: Fields, side: "server" | "client"): Owner {
  return {
    process: processName(fields[side]),
    unit: ownerName(fields[`${side}Unit`]),
    container: ownerName(fields[`${side}Container`]),
    netns: ownerName(fields[`${side}Netns`]),
  };
}

function owner({ process, unit, container, netns }: Owner): readonly unknown[] {
  return [process, unit, container, netns];
}

/** The local address is left out: one process reached by two of our addresses is still one connection of it. */
function connectionKey(row: Connection): readonly unknown[] {
  return [row.direction, row.proto, row.remoteAddress, row.localPort, row.remotePort, ...owner(row)];
}

function sumOf(a: Connection, b: Connection): Connection {
  return { ...a, count: a.count + b.count, opened: a.opened + b.opened, lastSeen: Math.max(a.lastSeen, b.lastSeen) };
}

function protocolOf(value: unknown): Protocol | undefined {
  return value === "tcp" || value === "udp" ? value : undefined;
}

function addressOf(value: unknown): string | undefined {
  return typeof value === "string" ? normalizeAddress(value) : undefined;
}
