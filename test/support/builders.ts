/** Short ways to write reports and statuses in tests. */
import type { Connection, HostReport, Listener, UnixPeer } from "../../src/model/host-report.ts";
import type {
  CheckStatus,
  MonitoredHost,
  ObjectsObserved,
  SourceHealth,
  StatesObserved,
} from "../../src/model/monitoring.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../src/model/settings.ts";

/** A moment for tests, Unix seconds. */
export const NOON = 1_795_348_800;

/** A TCP listener on any address; `process` may carry `@unit`. */
export function listener(process: string, port: number, address = "0.0.0.0"): Listener {
  return { proto: "tcp", address, port, ...owner(process) };
}

/** Connections a process opened. */
export function out(
  process: string,
  remoteAddress: string,
  remotePort: number,
  count = 1,
  lastSeen = NOON,
): Connection {
  const local = { localAddress: "10.0.0.1", localPort: null };
  return {
    direction: "out",
    proto: "tcp",
    ...owner(process),
    ...local,
    remoteAddress,
    remotePort,
    count,
    opened: 0,
    lastSeen,
  };
}

/** Connections a process accepted. */
export function accepted(
  process: string,
  localPort: number,
  remoteAddress: string,
  count = 1,
  lastSeen = NOON,
): Connection {
  const ends = { localAddress: "10.0.0.1", localPort, remoteAddress, remotePort: null };
  return { direction: "in", proto: "tcp", ...owner(process), ...ends, count, opened: 0, lastSeen };
}

/** Unix connections between two processes. */
export function unixPeer(client: string, server: string, path: string): UnixPeer {
  return { path, server: owner(server), client: owner(client), count: 1 };
}

/** A report; `seenAt` defaults to noon. */
export function report(host: string, ip: string, parts: Partial<HostReport> = {}): HostReport {
  const seenAt = parts.seenAt ?? NOON;
  return {
    host,
    agent: "test",
    receivedAt: seenAt,
    seenAt,
    interval: 60,
    sequence: 1,
    boot: "b",
    ips: [ip],
    listeners: [],
    connections: [],
    unix: [],
    processes: [],
    partial: false,
    ...parts,
  };
}

/** A status, OK and HARD unless said otherwise; `check` null is the host itself. */
export function status(host: string, check: string | null, parts: Partial<CheckStatus> = {}): CheckStatus {
  return {
    host,
    check,
    state: check === null ? "UP" : "OK",
    stateType: "HARD",
    attempt: 1,
    maxAttempts: 3,
    lastCheck: NOON,
    lastChange: NOON - 60,
    lastHardChange: NOON - 60,
    output: "",
    longOutput: "",
    acknowledgement: "none",
    downtimeDepth: 0,
    flapping: false,
    interval: 0,
    command: null,
    reachable: true,
    active: true,
    ...parts,
  };
}

/** Statuses of one source, all it says. */
export function states(statuses: readonly CheckStatus[], source = "nagios"): StatesObserved {
  return { kind: "states", source, full: true, asOf: NOON, statuses, gone: [] };
}

/** What the configuration says of a host. */
export function monitored(host: string, address: string, parts: Partial<MonitoredHost> = {}): MonitoredHost {
  const nothing = { alias: "", parents: [], groups: [], actionUrl: "", customVariables: new Map<string, string>() };
  return { host, address, ...nothing, ...parts };
}

/** The configuration of one source. */
export function objects(hosts: readonly MonitoredHost[], source = "nagios"): ObjectsObserved {
  return { kind: "objects", source, hosts, checks: [] };
}

/** A source in good health. */
export function health(source = "nagios", asOf = NOON): SourceHealth {
  const counts = { hosts: 1, checks: 1, lag: 0, errors: 0 };
  return { kind: "health", source, type: "status-file", ok: true, error: null, asOf, staleAfter: 60, ...counts };
}

/** Rules of an engine with the given settings over the defaults. */
export function rules(settings: Partial<Settings> = {}) {
  return { settings: { ...DEFAULT_SETTINGS, ...settings }, dependencies: [], exclude: [], groups: [] };
}

function owner(process: string) {
  const [name = "", unit] = process.split("@");
  return { process: name, unit: unit ?? null, container: null, netns: null };
}
