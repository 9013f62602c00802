/** The shop with two web servers that a restricted viewer sees; whatever is of the other hosts holds the word SECRET. */
import type { Alarm } from "../../src/model/alarm.ts";
import type { HostGraph } from "../../src/model/host-graph.ts";
import type { HostNotes } from "../../src/model/host-notes.ts";
import { INTERNET, parseId, processId, serviceId } from "../../src/model/ids.ts";
import type { SourceHealth } from "../../src/model/monitoring.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { NOW } from "./picture.ts";
import { readerOf, SOURCE, type StoredSite, storedShop } from "./web.ts";

/** The group whose hosts are seen, and the hosts in it. */
export const SHOWN_GROUP = "web-servers";
export const SHOWN: ReadonlySet<string> = new Set(["web01", "web02"]);

const isHidden = (host: string) => host !== INTERNET && !SHOWN.has(host);
const hostOf = (host: string) => (isHidden(host) ? `SECRET-${host}` : host);

/** The site, stored under the true names. */
export function secretSite(): StoredSite {
  const { graphs, impacts = [] } = storedShop();
  return {
    graphs: new Map(
      [...graphs.values()].map((graph) => {
        const groups = isHidden(graph.host) ? ["SECRET-group"] : [SHOWN_GROUP, "all"];
        const parents = graph.host === "web01" ? ["lb01"] : [];
        const renamed = renameAll({ ...graph, groups: [], parents }, graph.host) as typeof graph;
        return [renamed.host, { ...renamed, groups }];
      }),
    ),
    impacts: impacts.map((impact) => {
      const { host } = impact.problem;
      const renamed = renameAll(impact, host) as typeof impact;
      const changesBefore = [
        {
          ...{ kind: "connection-gone" as const, host: "SECRET-db01", secondsBefore: 30, at: "2026-11-23T02:45:00Z" },
          subject: "SECRET-db01/SECRET-mysqld -> web01:80",
        },
      ];
      const output = `cannot reach SECRET-db01.example.net (10.9.8.7), dump_SECRET-db01`;
      return {
        ...renamed,
        problem: { ...renamed.problem, output },
        summary: `${renamed.problem.host} is CRITICAL; SECRET-db01:3306 SECRET-mysqld`,
        graph: `/graph?host=${renamed.problem.host}`,
        changesBefore,
      };
    }),
    notes: new Map([noteOf("web01"), noteOf("SECRET-db01")]),
    sources: [{ ...SOURCE, error: "SECRET-mon01 does not answer" } as SourceHealth, SOURCE],
    aliases: new Map([
      ["SECRET-alias", "SECRET-db01"],
      ["www", "web01"],
    ]),
  };
}

/** The same a minute ago, with a hidden host that is no more, of which texts of shown ones speak. */
export function secretPast(): StoredSite {
  const site = secretSite();
  const gone = { ...[...site.graphs.values()][0], host: "SECRET-gone01", groups: [], nodes: [] } as HostGraph;
  return {
    ...site,
    graphs: new Map([...site.graphs, [gone.host, gone]]),
    notes: new Map([noteOf("web01", gone.host), noteOf("SECRET-db01")]),
  };
}

function noteOf(host: string, other = "SECRET-db01"): [string, HostNotes] {
  const text = `moves to ${other} at night, then ${other.toLowerCase()}.example.net`;
  const at = { host, check: null, id: "7", author: "ann", text, entered: NOW - 60 };
  const variables = [{ name: "database", value: "SECRET-db01" }];
  return [
    host,
    {
      ...{
        host,
        alias: `${host} beside SECRET-db01`,
        address: "10.0.0.31",
        actionUrl: "http://SECRET-db01/",
        variables,
      },
      checks: [{ check: "HTTP", groups: ["SECRET-db01"], actionUrl: "", variables }],
      comments: [{ ...at, origin: "user", expires: 0, persistent: true }],
      downtimes: [{ ...at, start: NOW - 60, end: NOW + 60, fixed: true, duration: 0, inEffect: true }],
    },
  ];
}

/** Alarms of each kind, at hosts that are shown and others. */
const ALARMS: readonly Alarm[] = [
  alarm("service-without-check", "SECRET-db01", "SECRET-db01:9104"),
  alarm("service-without-check", "web01", "web01:80"),
  alarm("check-unmapped", "SECRET-db01", "SECRET-Backup"),
  alarm("agent-silent", "SECRET-nfs01", "SECRET-nfs01"),
  alarm("host-unmonitored", "SECRET-mq01", "SECRET-mq01"),
  alarm("service-unused", "SECRET-mq01", "SECRET-mq01:5672"),
  {
    ...alarm("connection-gone", "web01", "web01/php-fpm -> SECRET-db01:3306"),
    peer: "SECRET-db01",
    details: { from: "web01/php-fpm", to: "SECRET-db01:3306", gaps: 3 },
  },
];

function alarm(kind: Alarm["kind"], host: string, object: string): Alarm {
  const text = `${object} of SECRET-db01 is not well`;
  return { kind, host, object, peer: null, since: NOW - 600, severity: "WARNING", text, details: {} };
}

/** A reader of it, with alarms. */
export function secretReader(site: StoredSite): MapReader {
  const isOf = (hosts: readonly string[]) => (alarm: Alarm) => alarm.host !== null && hosts.includes(alarm.host);
  return { ...readerOf(site), alarms: async (hosts) => (hosts === undefined ? ALARMS : ALARMS.filter(isOf(hosts))) };
}

/** Renames hosts wherever they stand; processes and checks of hidden ones, too. `at` is the host that is spoken of. */
function renameAll(value: unknown, at: string): unknown {
  if (typeof value === "string") {
    return idOf(value);
  }
  if (Array.isArray(value)) {
    return value.map((each) => renameAll(each, at));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const host = typeof fields["host"] === "string" ? fields["host"] : at;
  return Object.fromEntries(
    Object.entries(fields).map(([name, each]) => {
      const renamed = OWN.has(name) ? own(each, host) : renameAll(each, host);
      return [name, name === "apiVersion" ? each : renamed];
    }),
  );
}

/** What belongs to the host. */
const OWN: ReadonlySet<string> = new Set(["process", "check", "checks", "output", "over"]);

function own(value: unknown, host: string): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => own(each, host));
  }
  return typeof value === "string" && isHidden(host) ? `SECRET-${value}` : value;
}

function idOf(text: string): string {
  const parsed = parseId(text);
  if (parsed === undefined) {
    return KNOWN.has(text) ? hostOf(text) : text;
  }
  return parsed.kind === "service"
    ? serviceId(hostOf(parsed.host), parsed.port)
    : processId(hostOf(parsed.host), isHidden(parsed.host) ? `SECRET-${parsed.name}` : parsed.name);
}

const KNOWN: ReadonlySet<string> = new Set(storedShop().graphs.keys());
