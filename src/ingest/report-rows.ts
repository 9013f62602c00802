/**
 * Rows of a report, each checked by itself: a bad one is left out and counted, the others stay. Rows that mean the
 * same after their addresses are normalised (`0.0.0.0` and `::`, IPv4 and v4-mapped) are made one.
 */
import { REPORT_LIMITS } from "../../agent/report.ts";
import { normalizeAddress } from "../model/address.ts";
import type { Connection, Listener, Owner, ProcessSeen, UnixPeer } from "../model/host-report.ts";
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
  /** For each row as it came where it is among `rows`, -1 where it is no row. */
  readonly places: readonly number[];
  /** Rows left out because they are no rows. */
  readonly bad: number;
  /** Rows left out because there were too many. */
  readonly over: number;
}

const ANY = "0.0.0.0";
const ANY_V6 = "0:0:0:0:0:0:0:0";
const PATH_LENGTH = 256;

/** Listening sockets. */
export function readListeners(value: unknown): Rows<Listener> {
  const key = (row: Listener) => `${row.proto} ${row.address} ${row.port}\0${ownerKey(row)}`;
  return readRows(value, REPORT_LIMITS.listeners, readListener, key);
}

/** Connections; `seen` turns what a row says of its time into our clock. */
export function readConnections(value: unknown, seen: (lastSeen: unknown) => number): Rows<Connection> {
  const ownerOf = rememberingOwner();
  return readRows(value, REPORT_LIMITS.connections, (row) => readConnection(row, ownerOf, seen), connectionKey, sumOf);
}

/** Connections over Unix sockets. */
export function readUnixPeers(value: unknown): Rows<UnixPeer> {
  const key = (row: UnixPeer) => `${row.path}\0${ownerKey(row.server)}\0${ownerKey(row.client)}`;
  return readRows(value, REPORT_LIMITS.unix, readUnixPeer, key, (a, b) => ({ ...a, count: a.count + b.count }));
}

/** Processes that hold a socket; one that started at an unknown time tells nothing and is no bad row. */
export function readProcesses(value: unknown, seen: (started: unknown) => number): Rows<ProcessSeen> {
  const read = (fields: Fields) => readProcess(fields, seen);
  const eldest = (a: ProcessSeen, b: ProcessSeen) => ((a.started ?? Infinity) <= (b.started ?? Infinity) ? a : b);
  return readRows(value, REPORT_LIMITS.processes, read, ownerKey, eldest);
}

function readRows<T>(
  value: unknown,
  limit: number,
  read: (fields: Fields) => T | undefined,
  keyOf: (row: T) => string,
  merge: (known: T, row: T) => T = (known) => known,
): Rows<T> {
  const list = listOf(value);
  const rows: T[] = [];
  const places: number[] = [];
  const known = new Map<string, number>();
  let bad = 0;
  for (let i = 0; i < Math.min(list.length, limit); i++) {
    const fields = fieldsOf(list[i]);
    const row = fields && read(fields);
    if (row === undefined) {
      bad++;
      places.push(-1);
      continue;
    }
    const key = keyOf(row);
    const place = known.get(key);
    if (place === undefined) {
      known.set(key, rows.length);
      places.push(rows.length);
      rows.push(row);
    } else {
      places.push(place);
      rows[place] = merge(rows[place] as T, row);
    }
  }
  return { rows, places, bad, over: Math.max(0, list.length - limit) };
}

function readListener(fields: Fields): Listener | undefined {
  const proto = protocolOf(fields["proto"]);
  const address = fields["address"] === "*" ? ANY : addressOf(fields["address"]);
  const port = portOf(fields["port"]);
  if (proto === undefined || address === undefined || port === undefined) {
    return undefined;
  }
  return { proto, address: isAny(address) ? ANY : address, port, ...ownerOf(fields) };
}

function readConnection(
  fields: Fields,
  ownerOf: (fields: Fields) => Owner,
  seen: (lastSeen: unknown) => number,
): Connection | undefined {
  const direction = directionOf(fields["direction"]);
  const proto = protocolOf(fields["proto"]);
  const localAddress = addressOf(fields["localAddress"]);
  const remoteAddress = addressOf(fields["remoteAddress"]);
  const count = countOf(fields["count"]);
  const opened = countOf(fields["opened"]);
  // Of both ports only the service's is kept, the other one says nothing.
  const port = portOf(direction === "in" ? fields["localPort"] : fields["remotePort"]);
  if (direction === undefined || proto === undefined || localAddress === undefined || remoteAddress === undefined) {
    return undefined;
  }
  if (count === undefined || opened === undefined || port === undefined || isAny(remoteAddress)) {
    return undefined;
  }
  const { process, unit, container, netns } = ownerOf(fields);
  // Written out, as spreading parts of it takes longer than all the rest and there are many rows.
  return {
    direction,
    proto,
    process,
    unit,
    container,
    netns,
    localAddress,
    localPort: direction === "in" ? port : null,
    remoteAddress,
    remotePort: direction === "out" ? port : null,
    count,
    opened,
    lastSeen: seen(fields["lastSeen"]),
  };
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

function readProcess(fields: Fields, seen: (started: unknown) => number): ProcessSeen | undefined {
  const owner = ownerOf({ ...fields, process: fields["name"] });
  const started = timeOf(fields["started"]) === undefined ? null : seen(fields["started"]);
  return owner.process === null ? undefined : { started, ...owner };
}

function ownerOf(fields: Fields): Owner {
  return {
    process: processName(fields["process"]),
    unit: ownerName(fields["unit"]),
    container: ownerName(fields["container"]),
    netns: ownerName(fields["netns"]),
  };
}

/** Most rows of a report have the owner of the row before: it is cleaned once. */
function rememberingOwner(): (fields: Fields) => Owner {
  let last: Fields = {};
  let owner = ownerOf(last);
  return (fields) => {
    const same =
      fields["process"] === last["process"] &&
      fields["unit"] === last["unit"] &&
      fields["container"] === last["container"] &&
      fields["netns"] === last["netns"];
    if (!same) {
      owner = ownerOf(fields);
      last = fields;
    }
    return owner;
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

/** Names hold no control characters and are never empty, so this is another text for every other owner. */
function ownerKey({ process, unit, container, netns }: Owner): string {
  return `${process ?? ""}\0${unit ?? ""}\0${container ?? ""}\0${netns ?? ""}`;
}

/** The local address is left out: one process reached by two of our addresses is still one connection of it. */
function connectionKey(row: Connection): string {
  return `${row.direction} ${row.proto} ${row.localPort ?? row.remotePort} ${row.remoteAddress}\0${ownerKey(row)}`;
}

function sumOf(a: Connection, b: Connection): Connection {
  return { ...a, count: a.count + b.count, opened: a.opened + b.opened, lastSeen: Math.max(a.lastSeen, b.lastSeen) };
}

function directionOf(value: unknown): Connection["direction"] | undefined {
  return value === "in" || value === "out" ? value : undefined;
}

function protocolOf(value: unknown): Protocol | undefined {
  return value === "tcp" || value === "udp" ? value : undefined;
}

function isAny(address: string): boolean {
  return address === ANY || address === ANY_V6;
}

function addressOf(value: unknown): string | undefined {
  return typeof value === "string" ? normalizeAddress(value) : undefined;
}
