/**
 * The report an agent sends, version 1: the one file of the agent that the server imports. `docs/report.schema.json`
 * is REPORT_SCHEMA, word for word.
 */

/** Version of the format below. Fields may be added without raising it; readers ignore what they do not know. */
export const REPORT_VERSION = 1;

/** Rows a report may hold; an agent leaves the least used ones out, the server takes no more. */
export const REPORT_LIMITS = Object.freeze({ listeners: 4_096, connections: 20_000, unix: 4_096, processes: 4_096 });

/** Bytes a report may have after it is inflated. */
export const REPORT_MAX_BYTES = 8 * 1024 * 1024;

/** Path, below the address of the server, that takes reports by POST. */
export const REPORT_PATH = "/api/v1/agents/report";

/** Header with the agent's clock at the moment of sending, ISO 8601: ages then need no common clock. */
export const SENT_HEADER = "X-DOTM-Sent";

/** Whose a socket is; all null where the agent has no right to know. */
export interface SocketOwner {
  /** Name the kernel gives the process, at most 15 characters; never its arguments. */
  readonly process: string | null;
  /** systemd unit. */
  readonly unit: string | null;
  /** Container: name where the runtime tells it, else the first 12 characters of its id. */
  readonly container: string | null;
  /** Network namespace where it is not the agent's own. */
  readonly netns: string | null;
}

/** A socket that takes connections (tcp) or datagrams (udp). */
export interface ReportListener extends SocketOwner {
  readonly proto: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

/** Connections of one process with one remote address and one service port. */
export interface ReportConnection extends SocketOwner {
  /** `out`: the local process opened them; `in`: the remote end did. */
  readonly direction: "in" | "out";
  readonly proto: "tcp" | "udp";
  readonly localAddress: string;
  /** The service port for `in`, null for `out`. */
  readonly localPort: number | null;
  readonly remoteAddress: string;
  /** The service port for `out`, null for `in`. */
  readonly remotePort: number | null;
  /** Established at the time of the report; half-closed ones are not counted. */
  readonly count: number;
  /** First seen since the report before, those that are closed again included. */
  readonly opened: number;
  /** ISO 8601, in the agent's clock. */
  readonly lastSeen: string;
}

/** A client process connected with a server process over a Unix socket. */
export interface ReportUnixPeer {
  /** Path, or `@name` in the abstract namespace. */
  readonly path: string;
  readonly server: string | null;
  readonly serverUnit: string | null;
  readonly serverContainer: string | null;
  readonly serverNetns: string | null;
  readonly client: string | null;
  readonly clientUnit: string | null;
  readonly clientContainer: string | null;
  readonly clientNetns: string | null;
  readonly count: number;
}

/** Processes of one name, unit and container that hold a socket named above. */
export interface ReportProcess {
  readonly name: string;
  readonly unit: string | null;
  readonly container: string | null;
  /** ISO 8601: when the eldest of them started; null where unknown. */
  readonly started: string | null;
  readonly instances: number;
}

/** How the agent looked, and what it could not see. */
export interface ReportCapture {
  readonly level: "proc" | "ss" | "tracefs";
  /** Events known to be lost. */
  readonly lost: number;
  /** Sockets whose process is not known. */
  readonly unattributed: number;
  /** Lines that were not understood and rows left out for the limits. */
  readonly dropped: number;
  /** For people: what is missing, and what to do about it. */
  readonly notes: readonly string[];
}

/** One look at one host. */
export interface Report {
  readonly version: typeof REPORT_VERSION;
  readonly host: string;
  /** Program and version. */
  readonly agent: string;
  /** ISO 8601, in the agent's clock. */
  readonly time: string;
  /** Seconds between two reports. */
  readonly interval: number;
  /** Grows by one with each report of one `boot`. */
  readonly sequence: number;
  /** Opaque: a new one begins a new count of `sequence`. */
  readonly boot: string;
  /** Addresses by which others reach this host. */
  readonly ips: readonly string[];
  /** Those of `ips` that only mean something on this host: bridges of containers, the same on many hosts. */
  readonly innerIps?: readonly string[];
  readonly listeners: readonly ReportListener[];
  readonly connections: readonly ReportConnection[];
  readonly unix: readonly ReportUnixPeer[];
  readonly processes: readonly ReportProcess[];
  readonly capture: ReportCapture;
}

const NAME = { type: ["string", "null"] };
const PORT = { type: "integer", minimum: 1, maximum: 65_535 };
const NO_PORT = { type: ["integer", "null"], minimum: 1, maximum: 65_535 };
const COUNT = { type: "integer", minimum: 0 };
const TIME = { type: "string", format: "date-time" };
const PROTO = { type: "string", enum: ["tcp", "udp"] };
const ADDRESS = { type: "string", description: "IPv4 or IPv6 address in any spelling; a zone id is ignored" };
const OWNER = { process: NAME, unit: NAME, container: NAME, netns: NAME };

const LISTENER = {
  type: "object",
  required: ["proto", "address", "port"],
  properties: { proto: PROTO, address: ADDRESS, port: PORT, ...OWNER },
};

const CONNECTION = {
  type: "object",
  required: ["direction", "proto", "localAddress", "remoteAddress", "count"],
  properties: {
    direction: { type: "string", enum: ["in", "out"] },
    proto: PROTO,
    localAddress: ADDRESS,
    localPort: { ...NO_PORT, description: "the service port for `in`, null for `out`" },
    remoteAddress: ADDRESS,
    remotePort: { ...NO_PORT, description: "the service port for `out`, null for `in`" },
    count: { ...COUNT, description: "established at the time of the report" },
    opened: { ...COUNT, description: "opened since the report before, those closed again included" },
    lastSeen: TIME,
    ...OWNER,
  },
};

const UNIX_PEER = {
  type: "object",
  required: ["path", "server", "client", "count"],
  properties: {
    path: { type: "string", description: "path, or @name in the abstract namespace" },
    server: NAME,
    serverUnit: NAME,
    serverContainer: NAME,
    serverNetns: NAME,
    client: NAME,
    clientUnit: NAME,
    clientContainer: NAME,
    clientNetns: NAME,
    count: COUNT,
  },
};

const PROCESS = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string" },
    unit: NAME,
    container: NAME,
    started: { type: ["string", "null"] },
    instances: COUNT,
  },
};

const CAPTURE = {
  type: "object",
  properties: {
    level: { type: "string", enum: ["proc", "ss", "tracefs"] },
    lost: COUNT,
    unattributed: COUNT,
    dropped: COUNT,
    notes: { type: "array", items: { type: "string" } },
  },
};

/** JSON Schema of a report. Fields it does not name are ignored by the server. */
export const REPORT_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Report of a DOTM agent, version 1",
  type: "object",
  required: ["version", "host", "time", "listeners", "connections"],
  properties: {
    version: { type: "integer", const: REPORT_VERSION },
    host: {
      type: "string",
      minLength: 1,
      maxLength: 255,
      description: "as the monitoring names it; without `::`, `/`, control characters and a leading `-`",
    },
    agent: { type: "string", description: "program and version" },
    time: { ...TIME, description: "when the agent looked, in its own clock" },
    interval: { type: "number", exclusiveMinimum: 0, description: "seconds between two reports" },
    sequence: { ...COUNT, description: "grows by one with each report of one `boot`" },
    boot: { type: "string", description: "opaque; a new one begins a new count of `sequence`" },
    ips: { type: "array", items: ADDRESS, description: "addresses by which others reach this host" },
    innerIps: { type: "array", items: ADDRESS, description: "those of `ips` that only mean something on this host" },
    listeners: { type: "array", items: LISTENER, maxItems: REPORT_LIMITS.listeners },
    connections: { type: "array", items: CONNECTION, maxItems: REPORT_LIMITS.connections },
    unix: { type: "array", items: UNIX_PEER, maxItems: REPORT_LIMITS.unix },
    processes: { type: "array", items: PROCESS, maxItems: REPORT_LIMITS.processes },
    capture: CAPTURE,
  },
};
