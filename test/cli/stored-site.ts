/** A small stored picture as a value: db01 is broken, web01 needs it, backup01 has nothing to do with either. */
import type { SettingsEditor } from "../../src/audit/audited.ts";
import type { Alarm } from "../../src/model/alarm.ts";
import type { ServiceCheckRecord } from "../../src/model/changes.ts";
import type { GraphNode, HostGraph, Need } from "../../src/model/host-graph.ts";
import type { HostNotes } from "../../src/model/host-notes.ts";
import type { Impact } from "../../src/model/impact.ts";
import type { SourceHealth } from "../../src/model/monitoring.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { type State, UNHANDLED } from "../../src/model/state.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { ofEach } from "../support/of-each.ts";

/** Unix seconds of "now" in these tests. */
export const NOW = Date.parse("2026-11-22T14:12:02Z") / 1000;

function need(to: string): Need {
  return { to, certainty: "both", count: 12, firstSeen: NOW - 86_400, lastSeen: NOW - 5 };
}

interface NodeText {
  readonly id: string;
  readonly needs?: readonly string[];
  readonly neededBy?: readonly string[];
  readonly ownState?: State;
  readonly checks?: readonly string[];
}

function node({ id, needs = [], neededBy = [], ownState, checks = [] }: NodeText, process: string): GraphNode {
  const port = /:(\d+)$/.exec(id)?.[1] ?? null;
  return {
    ...{ id, kind: port === null ? "process" : "service", port, process, ownState: ownState ?? null },
    ...{ stateType: ownState === undefined ? null : "HARD", handling: UNHANDLED, degree: null, checks },
    ...{ age: "fresh", lastSeen: NOW - 5, needs: needs.map(need), neededBy },
  };
}

function hostGraph(host: string, nodes: readonly GraphNode[]): HostGraph {
  const facts = { agent: "fresh", lastReport: NOW - 5, groups: ["shop"], parents: [] } as const;
  return { host, state: "UP", stateType: "HARD", handling: UNHANDLED, ...facts, nodes };
}

const GRAPHS = new Map(
  [
    hostGraph("backup01", [node({ id: "backup01:873" }, "rsync")]),
    hostGraph("db01", [
      node(
        {
          id: "db01:3306",
          needs: ["db01/mysqld"],
          neededBy: ["web01/php-fpm"],
          ownState: "CRITICAL",
          checks: ["MySQL"],
        },
        "mysqld",
      ),
      node({ id: "db01/mysqld", neededBy: ["db01:3306"] }, "mysqld"),
    ]),
    hostGraph("web01", [
      node({ id: "web01:80", needs: ["web01/nginx"], ownState: "OK", checks: ["HTTP"] }, "nginx"),
      node({ id: "web01/nginx", needs: ["web01/php-fpm"], neededBy: ["web01:80"] }, "nginx"),
      node({ id: "web01/php-fpm", needs: ["db01:3306"], neededBy: ["web01/nginx"] }, "php-fpm"),
    ]),
  ].map((graph) => [graph.host, graph]),
);

const row = { hops: 1, certainty: "both", ownState: null, propagatedState: "CRITICAL", handling: {} } as const;

/** The stored impact of db01 / MySQL. */
export const MYSQL: Impact = {
  apiVersion: "dotm/v1",
  kind: "Impact",
  problem: {
    ...{ host: "db01", check: "MySQL", state: "CRITICAL", stateType: "HARD", since: "2026-11-22T13:58:02.000Z" },
    ...{ source: "nagios", handled: false, acknowledged: false, inDowntime: false, flapping: false, stale: false },
    output: "Can't connect\u001b[31m to MySQL",
  },
  failed: [{ id: "db01:3306", host: "db01", port: 3306, process: "mysqld" }],
  affected: [
    {
      id: "web01/php-fpm",
      host: "web01",
      port: null,
      process: "php-fpm",
      degree: "affected",
      ...row,
      path: ["web01/php-fpm", "db01:3306"],
    },
    {
      ...{
        id: "web01:80",
        host: "web01",
        port: 80,
        process: "nginx",
        degree: "affected",
        ...row,
        hops: 2,
        ownState: "OK",
      },
      path: ["web01:80", "web01/nginx", "web01/php-fpm", "db01:3306"],
    },
  ],
  hosts: ["web01"],
  hypothetical: false,
  rootProblem: true,
  explainedBy: [],
  explains: [{ host: "web01", check: "HTTP" }],
  unknownBeyond: [],
  summary: "written long ago",
  computedAt: "2026-11-22T13:58:03.000Z",
  graph: "/graph?host=db01&srv=MySQL",
};

const NOTES_OF_DB01: HostNotes = {
  ...{ host: "db01", alias: "Shop database", address: "10.0.0.1", actionUrl: "", variables: [], checks: [] },
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

function check(
  host: string,
  service: string,
  status: ServiceCheckRecord["status"],
  services: readonly string[],
): ServiceCheckRecord {
  const times = { lastCheck: NOW - 20, lastStatusChange: NOW - 840 };
  const mapped = services.length > 0;
  return {
    node: host,
    service,
    status,
    ...times,
    statusInformation: `${service} says ${status}`,
    mapping: mapped ? "mysqld" : null,
    services,
    mappedBy: mapped ? "plugin" : "none",
    ambiguous: false,
    handled: false,
    soft: false,
  };
}

const CHECKS = new Map([
  ["db01", [check("db01", "Disk /", "WARNING", []), check("db01", "MySQL", "CRITICAL", ["db01:3306"])]],
  ["web01", [check("web01", "HTTP", "OK", ["web01:80"])]],
]);

const NOTES = new Map([["db01", NOTES_OF_DB01]]);

const SOURCE: SourceHealth = {
  ...{ kind: "health", source: "nagios", type: "status-file", ok: true, error: null },
  ...{ asOf: NOW - 3, staleAfter: 30, hosts: 3, checks: 3, lag: 0, errors: 0 },
};

/** What is wrong there beside what the monitoring says. */
const ALARMS: readonly Alarm[] = [
  {
    kind: "connection-gone",
    host: "web01",
    object: "web01/php-fpm -> db01:3306",
    peer: "db01",
    since: NOW - 840,
    severity: "WARNING",
    text: "web01/php-fpm is no longer connected to db01:3306; it was there all the time",
    details: { gaps: 0 },
  },
  {
    ...{ kind: "service-without-check", host: "backup01", object: "backup01:873", peer: null, since: NOW - 86_400 },
    ...{ severity: "INFO", text: "backup01:873 rsync has no service check", details: {} },
  },
];

/** The picture; parts of it can be replaced. */
export function storedSite(changed: Partial<MapReader> = {}): MapReader {
  const site: MapReader = {
    nodes: async () => [...GRAPHS.keys()],
    node: async (name) =>
      GRAPHS.has(name)
        ? { lastFetch: NOW - 5, fetchStatus: "OK", ips: ["10.0.0.1", "2001:db8::1"], serviceAlerts: {} }
        : undefined,
    nodesOf: (hosts) => ofEach(hosts, (host) => site.node(host)),
    graphs: async (hosts) => new Map(hosts.flatMap((host) => [...GRAPHS].filter(([name]) => name === host))),
    notes: async (hosts) => new Map([...NOTES].filter(([host]) => hosts.includes(host))),
    impact: async (host, name) => (host === "db01" && name === "MySQL" ? MYSQL : undefined),
    ranking: async (offset) => (offset === 0 ? [{ host: "db01", check: "MySQL", affected: 1 }] : []),
    problems: async () => 1,
    hostCheck: async () => undefined,
    hostChecksOf: (hosts) => ofEach(hosts, (host) => site.hostCheck(host)),
    serviceChecks: async (host) => CHECKS.get(host) ?? [],
    checksOf: async (hosts) => new Map([...CHECKS].filter(([host]) => hosts.includes(host))),
    sources: async () => [SOURCE],
    alarms: async (hosts) =>
      ALARMS.filter(({ host }) => hosts === undefined || (host !== null && hosts.includes(host))),
    settings: async () => DEFAULT_SETTINGS,
    revision: async () => ({ id: "1-0", at: NOW - 1 }),
    ...changed,
  };
  return site;
}

/** Settings of which nobody ever changed one. */
export function storedSettings(changed: Partial<SettingsEditor> = {}): SettingsEditor {
  return {
    inspect: async () => ({ settings: DEFAULT_SETTINGS, stored: new Map(), problems: [] }),
    entries: async () => undefined,
    set: async () => {},
    add: async () => true,
    reset: async () => false,
    replace: async () => {},
    remove: async () => false,
    ...changed,
  };
}
