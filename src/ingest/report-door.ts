/**
 * The door for agents' reports: bytes of a stranger in, a clean HostReport or a refusal out. Bounded in size, depth and
 * number of rows; nothing of it throws anything but ReportRefused.
 */
import { REPORT_MAX_BYTES, REPORT_VERSION } from "../../agent/report.ts";
import { isLinkLocal, isLoopback, isWildcard, normalizeAddress } from "../model/address.ts";
import type { Connection, HostReport, ReportFrame } from "../model/host-report.ts";
import type { Arrival } from "./arrival.ts";
import { inflateReport, parseReport } from "./report-body.ts";
import { type Clock, readClock } from "./report-clock.ts";
import { countOf, type Fields, fieldsOf, hostNameFault, listOf, printable } from "./report-fields.ts";
import { ReportRefused } from "./report-refused.ts";
import { type Rows, readConnections, readListeners, readProcesses, readUnixPeers } from "./report-rows.ts";

/** A report that was taken, with what was left out of it. */
export interface ReadReport {
  readonly report: HostReport;
  /** Rows left out, for whatever reason. */
  readonly dropped: number;
  /** For the log and for the answer to the agent. */
  readonly warnings: readonly string[];
}

const MAX_IPS = 256;
const DAY = 86_400;
const DEFAULT_INTERVAL = 60;

/**
 * Reads one report. Times become ours by age: seen = received - (sent - last seen), never later than received. Without
 * X-DOTM-Sent the agent's clock is taken at its word, but never later than received. Throws ReportRefused.
 */
export function readReport(raw: Buffer, arrival: Arrival): ReadReport {
  return readWhole(parseReport(bodyOf(raw, arrival)), arrival).read;
}

/** The JSON of a body; throws ReportRefused. */
export function bodyOf(raw: Buffer, { encoding, maxBytes = REPORT_MAX_BYTES }: Arrival): Buffer {
  return inflateReport(raw, encoding, maxBytes);
}

/** Reads a parsed report, and tells what became of the rows of its connections. Throws ReportRefused. */
export function readWhole(
  fields: Fields,
  arrival: Arrival,
): { readonly read: ReadReport; readonly rows: Rows<Connection> } {
  const head = readHead(fields, arrival);
  const rows = readConnections(fields["connections"], head.clock.seen);
  const { frame, ...read } = readFrame(fields, head, rows);
  return { read: { report: { connections: rows.rows, ...frame }, ...read }, rows };
}

/** What must be right before a report is looked at further. */
export interface ReportHead {
  readonly arrival: Arrival;
  readonly host: string;
  readonly clock: Clock;
  readonly warnings: readonly string[];
}

/** Reads the head of a parsed report; throws ReportRefused. */
export function readHead(fields: Fields, arrival: Arrival): ReportHead {
  const warnings = checkVersion(fields["version"]);
  const host = checkHost(fields["host"]);
  checkLists(fields);
  return { arrival, host, clock: readClock(fields["time"], arrival), warnings };
}

/** Everything of a report but its connections, of which so many rows were left out. */
export function readFrame(
  fields: Fields,
  { arrival, host, clock, warnings }: ReportHead,
  connections: Pick<Rows<unknown>, "bad" | "over">,
): Omit<ReadReport, "report"> & { readonly frame: ReportFrame } {
  const listeners = readListeners(fields["listeners"]);
  const unix = readUnixPeers(fields["unix"]);
  const bad = listeners.bad + connections.bad + unix.bad;
  const over = listeners.over + connections.over + unix.over;
  const leftOut = countOf(fieldsOf(fields["capture"])?.["dropped"]) ?? 0;
  const frame: ReportFrame = {
    host,
    agent: printable(fields["agent"], 64),
    receivedAt: arrival.receivedAt,
    seenAt: clock.seen(undefined),
    interval: intervalOf(fields["interval"], arrival.interval ?? DEFAULT_INTERVAL),
    sequence: countOf(fields["sequence"]) ?? 0,
    boot: printable(fields["boot"], 128),
    ips: claimedIps(fields),
    listeners: listeners.rows,
    unix: unix.rows,
    processes: readProcesses(fields["processes"], clock.seen).rows,
    partial: bad + over + leftOut > 0,
  };
  return { frame, dropped: bad + over, warnings: [...warnings, ...clock.warnings, ...rowWarnings(bad, over)] };
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
