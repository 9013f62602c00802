/** A small picture as the engine would hand it over: a database that is down, and the web host that needs it. */
import type { Alarm } from "../../src/model/alarm.ts";
import type {
  Changes,
  ConnectionRecord,
  EdgeRecord,
  ServiceCheckRecord,
  ServiceRecord,
} from "../../src/model/changes.ts";
import { emptyChanges } from "../../src/model/changes.ts";
import type { HostGraph } from "../../src/model/host-graph.ts";
import type { HostNotes } from "../../src/model/host-notes.ts";
import type { Impact } from "../../src/model/impact.ts";
import { UNHANDLED } from "../../src/model/state.ts";

export const NOW = 1_795_000_000;

const alarm = { peer: null, since: NOW - 60, details: {} };

/** Two alarms, the graver one of no host. */
export const SILENT_SOURCE: Alarm = {
  ...alarm,
  ...{ kind: "source-stale", host: null, object: "nagios", severity: "CRITICAL", text: "source nagios is stale" },
};
export const UNUSED: Alarm = {
  ...alarm,
  ...{ kind: "service-unused", host: "web01", object: "web01:80", severity: "INFO", text: "nobody uses web01:80" },
};

/** A service record of web01 or db01. */
export function service(node: string, port: string, more: Partial<ServiceRecord> = {}): ServiceRecord {
  return { node, port, process: "nginx", lastSeen: NOW, lastConnection: 0, age: "fresh", alertStatus: null, ...more };
}

/** A connection record. */
export function connection(
  node: string,
  port: string,
  remote: string,
  more: Partial<ConnectionRecord> = {},
): ConnectionRecord {
  return {
    node,
    port,
    remote,
    process: "php-fpm",
    connections: 12,
    lastConnection: NOW,
    lastSeen: NOW,
    direction: "out",
    remotePort: port,
    localPort: "high",
    ...more,
  };
}

/** A remembered connection. */
export const EDGE: EdgeRecord = {
  direction: "out",
  process: "php-fpm",
  owner: "php8.2-fpm.service",
  protocol: "tcp",
  port: 3306,
  remote: "10.0.0.21",
  firstSeen: NOW - 500,
  lastSeen: NOW,
  count: 12,
  path: null,
  rhythm: { run: NOW - 500, gaps: 0, longest: 0 },
};

/** What is noted at db01. */
export const NOTES: HostNotes = {
  ...{ host: "db01", alias: "Shop database", address: "10.0.0.21", actionUrl: "http://wiki/db01" },
  variables: [{ name: "ROLE", value: "database" }],
  checks: [{ check: "MySQL", groups: ["databases"], actionUrl: "", variables: [] }],
  comments: [
    {
      ...{ host: "db01", check: "MySQL", id: "7", origin: "acknowledgement", author: "ops", text: "ticket 4711" },
      ...{ entered: NOW - 60, expires: 0, persistent: true },
    },
  ],
  downtimes: [
    {
      ...{ host: "db01", check: null, id: "2", author: "ops", text: "new disks", entered: NOW - 600 },
      ...{ start: NOW - 300, end: NOW + 3300, fixed: true, duration: 3600, inEffect: true },
    },
  ],
};

/** A service check's record. */
export function check(node: string, name: string, more: Partial<ServiceCheckRecord> = {}): ServiceCheckRecord {
  return {
    node,
    service: name,
    status: "OK",
    lastCheck: NOW - 10,
    lastStatusChange: NOW - 1_000,
    statusInformation: "OK - fine",
    mapping: null,
    services: [],
    handled: false,
    mappedBy: "port",
    ambiguous: false,
    soft: false,
    ...more,
  };
}

/** The impact of a problem on some services of web01. */
export function impact(host: string, checkName: string | null, ports: readonly number[] = [80]): Impact {
  return {
    apiVersion: "dotm/v1",
    kind: "Impact",
    problem: {
      host,
      check: checkName,
      state: "CRITICAL",
      stateType: "HARD",
      since: null,
      source: "nagios",
      handled: false,
      acknowledged: false,
      inDowntime: false,
      flapping: false,
      stale: false,
      output: "connection refused",
    },
    failed: [{ id: `${host}:3306`, host, port: 3306, process: "mysqld" }],
    affected: [row("web01/php-fpm", null), ...ports.map((port) => row(`web01:${port}`, port))],
    hosts: ["web01"],
    hypothetical: false,
    rootProblem: true,
    explainedBy: [],
    explains: [],
    unknownBeyond: [],
    summary: `${host} is broken`,
    computedAt: "2026-11-22T14:00:00Z",
    graph: `/graph?host=${host}`,
  };
}

function row(id: string, port: number | null): Impact["affected"][number] {
  return {
    id,
    host: "web01",
    port,
    process: "php-fpm",
    degree: "affected",
    hops: 1,
    certainty: "both",
    ownState: null,
    propagatedState: "CRITICAL",
    handling: {},
    path: [id, "db01:3306"],
  };
}

/** The graph of a host with one service. */
export function graph(host: string): HostGraph {
  return {
    host,
    state: "UP",
    stateType: "HARD",
    handling: UNHANDLED,
    agent: "fresh",
    lastReport: NOW,
    groups: ["web"],
    parents: [],
    nodes: [
      {
        id: `${host}:80`,
        kind: "service",
        port: "80",
        process: "nginx",
        ownState: "OK",
        stateType: "HARD",
        handling: UNHANDLED,
        degree: null,
        checks: ["HTTP"],
        age: "fresh",
        lastSeen: NOW,
        needs: [{ to: "db01:3306", certainty: "both", count: 3, firstSeen: NOW, lastSeen: NOW }],
        neededBy: [],
      },
    ],
  };
}

/** Changes with some parts filled in. */
export function changes(parts: Partial<Changes>, at = NOW): Changes {
  return { ...emptyChanges(at), ...parts };
}

/** Services as changes, by id. */
export function servicesOf(...records: readonly ServiceRecord[]): Changes["services"] {
  return new Map(
    records.map((value) => [`${value.node}:${value.port}`, { node: value.node, port: value.port, value }]),
  );
}

/** Connections as changes. */
export function connectionsOf(...records: readonly ConnectionRecord[]): Changes["connections"] {
  return new Map(
    records.map((value) => [
      `${value.node}::${value.port}::${value.remote}`,
      { node: value.node, port: value.port, remote: value.remote, value },
    ]),
  );
}

/** The whole example. */
export function picture(): Changes {
  return changes({
    nodes: new Map([
      [
        "web01",
        { lastFetch: NOW + 0.7, fetchStatus: "OK", ips: ["10.0.0.11", "2001:db8:0:0:0:0:0:11"], serviceAlerts: {} },
      ],
      ["db01", { lastFetch: 0, fetchStatus: "no agent", ips: [], serviceAlerts: { "3306": "CRITICAL" } }],
    ]),
    services: servicesOf(
      service("web01", "80", { lastConnection: NOW - 5, alertStatus: "OK" }),
      service("web01", "53/udp", { process: "dnsmasq", age: "old" }),
      service("db01", "3306", { process: "mysqld", alertStatus: "CRITICAL" }),
    ),
    connections: connectionsOf(
      connection("web01", "3306", "db01"),
      connection("web01", "80", "Internet", { direction: "in", remotePort: "high", localPort: "80", process: "nginx" }),
      connection("db01", "3306", "2001:db8:0:0:0:0:0:11", { direction: "in", remotePort: "high", localPort: "3306" }),
    ),
    edges: new Map([["web01", new Map([["out|php-fpm|tcp|3306|10.0.0.21", EDGE]])]]),
    listeners: new Map([
      [
        "web01",
        new Map([
          [
            "80",
            {
              protocol: "tcp" as const,
              port: 80,
              addresses: ["0.0.0.0"],
              process: "nginx",
              owner: "nginx.service",
              firstSeen: NOW,
              lastSeen: NOW,
            },
          ],
        ]),
      ],
    ]),
    resolver: new Map([
      ["10.0.0.11", "web01"],
      ["2001:db8:0:0:0:0:0:11", "web01"],
    ]),
    hostChecks: new Map([
      [
        "db01",
        {
          node: "db01",
          status: "UP",
          lastCheck: NOW - 3.5,
          lastStatusChange: NOW - 900,
          statusInformation: "PING OK",
          servicesAlerts: { mysqld: "CRITICAL" },
          otherAlerts: { Backup: "WARNING" },
        },
      ],
    ]),
    serviceChecks: new Map([
      [
        "db01",
        [
          check("db01", "MySQL", { status: "CRITICAL", mapping: "mysqld", services: ["db01:3306"] }),
          check("db01", "Backup", { status: "WARNING", handled: true }),
        ],
      ],
    ]),
    impacts: new Map([
      ["db01::MySQL", impact("db01", "MySQL", [80, 443])],
      ["db01::_HOST_", impact("db01", null, [])],
    ]),
    graphs: new Map([["web01", graph("web01")]]),
    alarms: new Map([
      ["", [SILENT_SOURCE]],
      ["web01", [UNUSED]],
    ]),
    notes: new Map([["db01", NOTES]]),
    sources: new Map([
      [
        "nagios",
        {
          kind: "health" as const,
          source: "nagios",
          type: "status-file",
          ok: true,
          error: null,
          asOf: NOW,
          staleAfter: 180,
          hosts: 2,
          checks: 2,
          lag: 0,
          errors: 0,
        },
      ],
    ]),
    events: [
      { kind: "state", host: "db01", subject: "MySQL", from: "OK", to: "CRITICAL" },
      { kind: "state", host: "db01", subject: null, from: null, to: "UP" },
    ],
  });
}
