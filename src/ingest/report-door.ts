/**
 * The door for agents' reports: bytes of a stranger in, a clean HostReport or a refusal out. Bounded in size, depth and
 * number of rows; nothing of it throws anything but ReportRefused.
 */
import { gunzipSync } from "node:zlib";
import { REPORT_MAX_BYTES, REPORT_VERSION } from "../../agent/report.ts";
import { messageOf } from "../errors.ts";
import { isLinkLocal, isLoopback, isWildcard, normalizeAddress } from "../model/address.ts";
import type { HostReport } from "../model/host-report.ts";
import { isDeeper, isTextDeeper } from "./nesting.ts";
import { countOf, type Fields, fieldsOf, hostNameFault, listOf, printable, timeOf } from "./report-fields.ts";
import { ReportRefused } from "./report-refused.ts";
import { readConnections, readListeners, readProcesses, readUnixPeers } from "./report-rows.ts";

/** How a report came. */
export interface Arrival {
  /** Content-Encoding; undefined or `identity` for plain JSON. */
  readonly encoding?: string | undefined;
  /** X-DOTM-Sent: the agent's clock when it sent this; undefined where nobody told. */
  readonly sentHeader?: string | undefined;
  /** Unix seconds, our clock. */
  readonly receivedAt: number;
  /** Most bytes after inflating; REPORT_MAX_BYTES where absent. */
  readonly maxBytes?: number;
  /** Seconds between two reports where the report does not say; 60 where absent. */
  readonly interval?: number;
}

/** A report that was taken, with what was left out of it. */
export interface ReadReport {
  readonly report: HostReport;
  /** Rows left out, for whatever reason. */
  readonly dropped: number;
  /** For the log and for the answer to the agent. */
  readonly warnings: readonly string[];
}

const MAX_DEPTH = 16;
/** Bytes of nothing but brackets that may be parsed. */
const LARGE = 262_144;
const MAX_IPS = 256;
const SMALLEST_PIECE = 1_024;
const LARGEST_PIECE = 1_048_576;
const DAY = 86_400;
const DEFAULT_INTERVAL = 60;
/** Clocks of two machines that both follow a time server differ by less. */
const CLOCK_TOLERANCE = 60;

/**
 * Reads one report. Times become ours by age: seen = received - (sent - last seen), never later than received. Without
 * X-DOTM-Sent the agent's clock is taken at its word, but never later than received. Throws ReportRefused.
 */
export function readReport(raw: Buffer, arrival: Arrival): ReadReport {
  const maxBytes = arrival.maxBytes ?? REPORT_MAX_BYTES;
  const fields = parseReport(inflateReport(raw, arrival.encoding, maxBytes));
  const warnings = checkVersion(fields["version"]);
  const host = checkHost(fields["host"]);
  checkLists(fields);
  const clock = readClock(fields["time"], arrival);
  const listeners = readListeners(fields["listeners"]);
  const connections = readConnections(fields["connections"], clock.seen);
  const unix = readUnixPeers(fields["unix"]);
  const bad = listeners.bad + connections.bad + unix.bad;
  const over = listeners.over + connections.over + unix.over;
  const leftOut = countOf(fieldsOf(fields["capture"])?.["dropped"]) ?? 0;
  const report: HostReport = {
    host,
    agent: printable(fields["agent"], 64),
    receivedAt: arrival.receivedAt,
    seenAt: clock.seen(undefined),
    interval: intervalOf(fields["interval"], arrival.interval ?? DEFAULT_INTERVAL),
    sequence: countOf(fields["sequence"]) ?? 0,
    boot: printable(fields["boot"], 128),
    ips: claimedIps(fields),
    listeners: listeners.rows,
    connections: connections.rows,
    unix: unix.rows,
    processes: readProcesses(fields["processes"], clock.seen).rows,
    partial: bad + over + leftOut > 0,
  };
  warnings.push(...clock.warnings, ...rowWarnings(bad, over));
  return { report, dropped: bad + over, warnings };
}

/** The JSON of a body; throws ReportRefused. */
export function inflateReport(raw: Buffer, encoding: string | undefined, maxBytes: number): Buffer {
  const name = (encoding ?? "").trim().toLowerCase();
  if (name !== "" && name !== "identity" && name !== "gzip" && name !== "x-gzip") {
    throw new ReportRefused(
      415,
      `content encoding "${printable(encoding, 64)}" is not understood`,
      "Send plain JSON or gzip.",
    );
  }
  if (raw.length > maxBytes) {
    throw tooLarge(maxBytes);
  }
  if (!name.endsWith("gzip")) {
    return raw;
  }
  try {
    return gunzipSync(raw, { maxOutputLength: maxBytes, chunkSize: pieceOf(raw) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw tooLarge(maxBytes);
    }
    throw new ReportRefused(
      400,
      `the body is no gzip: ${messageOf(error)}`,
      "Send it again; it was cut or damaged on the way.",
      {
        cause: error,
      },
    );
  }
}

/** Bytes inflated at once: all where the body is as long as its last four bytes (RFC 1952) say; half the time of many pieces. */
function pieceOf(raw: Buffer): number {
  const told = raw.length < 4 ? 0 : raw.readUInt32LE(raw.length - 4);
  return Math.min(Math.max(told, SMALLEST_PIECE), LARGEST_PIECE);
}

function tooLarge(maxBytes: number): ReportRefused {
  const message = `the report is larger than ${maxBytes} bytes`;
  return new ReportRefused(413, message, "Let the agent group its connections, or leave out the least used ones.");
}

/** The object that a body is, of which nothing is checked but its depth; throws ReportRefused. */
export function parseReport(json: Buffer): Fields {
  // Reading every byte takes as long as parsing, so only what could swell in memory is looked at before.
  if (json.length > LARGE && isTextDeeper(json, MAX_DEPTH)) {
    throw tooDeep();
  }
  let value: unknown;
  try {
    value = JSON.parse(json.toString("utf8"));
  } catch (error) {
    const next = "Look at what was sent with: dotm-agent once --print";
    throw new ReportRefused(400, `the report is not JSON: ${printable(messageOf(error), 120)}`, next, { cause: error });
  }
  if (isDeeper(value, MAX_DEPTH)) {
    throw tooDeep();
  }
  const fields = fieldsOf(value);
  if (fields === undefined) {
    throw new ReportRefused(400, "the report is not a JSON object", "Send a report of version 1.");
  }
  return fields;
}

function tooDeep(): ReportRefused {
  return new ReportRefused(400, `the report is nested deeper than ${MAX_DEPTH} levels`, "Send a report of version 1.");
}

/** Later versions are read as far as we know them; fields are only ever added. */
function checkVersion(version: unknown): string[] {
  if (typeof version !== "number") {
    throw new ReportRefused(400, "the report does not tell its version", 'Send "version": 1.');
  }
  if (!(version >= REPORT_VERSION)) {
    throw new ReportRefused(426, `report version ${version} is too old`, "Install the agent that came with this DOTM.");
  }
  return version > REPORT_VERSION
    ? [`report version ${version} is newer than ours: what we do not know is ignored`]
    : [];
}

function checkHost(host: unknown): string {
  const fault = hostNameFault(host);
  if (fault !== undefined) {
    throw new ReportRefused(
      400,
      `the host name of the report ${fault}`,
      "Give the agent the monitoring's name with --host NAME.",
    );
  }
  return host as string;
}

/** A report without these lists would say that all is gone; it is taken for what it is, a fragment. */
function checkLists(fields: Fields): void {
  const missing = ["listeners", "connections"].find((name) => !Array.isArray(fields[name]));
  if (missing !== undefined) {
    throw new ReportRefused(
      400,
      `the report has no list of ${missing}`,
      "Send empty lists where there is nothing to tell.",
    );
  }
}

interface Clock {
  /** Our time of what a row says of its own; of the whole look where it says nothing we understand. */
  readonly seen: (lastSeen: unknown) => number;
  readonly warnings: readonly string[];
}

function readClock(time: unknown, { sentHeader, receivedAt }: Arrival): Clock {
  const looked = timeOf(time);
  const sent = timeOf(sentHeader);
  // Without the moment of sending nothing tells how far the agent's clock is from ours.
  const ahead = (sent ?? receivedAt) - receivedAt;
  const ours = (lastSeen: unknown) => {
    const row = timeOf(lastSeen);
    // Nothing was seen after the look.
    const at = row === undefined ? looked : Math.min(row, looked ?? row);
    return at === undefined ? receivedAt : Math.max(0, Math.min(receivedAt, at - ahead));
  };
  const off = sent === undefined ? (looked ?? receivedAt) - receivedAt : Math.abs(ahead);
  const warnings = off > CLOCK_TOLERANCE ? [`the agent's clock is ${Math.round(off)} s off ours`] : [];
  return {
    seen: rememberingLast(ours),
    warnings: looked === undefined ? [...warnings, "the report does not tell when it was made"] : warnings,
  };
}

/** Nearly all rows of a report tell the same time. */
function rememberingLast(read: (value: unknown) => number): (value: unknown) => number {
  let last: unknown;
  let result = read(last);
  return (value) => {
    if (value !== last) {
      result = read(value);
      last = value;
    }
    return result;
  };
}

function intervalOf(value: unknown, preset: number): number {
  return typeof value === "number" && value > 0 && value <= DAY ? value : preset;
}

/** Addresses that others can reach; loopback and link-local ones say nothing about which host this is. */
function readIps(value: unknown): string[] {
  const ips = new Set<string>();
  for (const text of listOf(value).slice(0, MAX_IPS)) {
    const address = typeof text === "string" ? normalizeAddress(text) : undefined;
    if (address !== undefined && !isLoopback(address) && !isWildcard(address) && !isLinkLocal(address)) {
      ips.add(address);
    }
  }
  return [...ips];
}

/** Addresses of container bridges are the same on many hosts; they say nothing about which host this is. */
function claimedIps(fields: Fields): string[] {
  const inner = new Set(readIps(fields["innerIps"]));
  return readIps(fields["ips"]).filter((address) => !inner.has(address));
}

function rowWarnings(bad: number, over: number): string[] {
  const warnings = bad > 0 ? [`${bad} rows were no rows and were left out`] : [];
  return over > 0 ? [...warnings, `${over} rows were over the limit and were left out`] : warnings;
}
