/** The app over a stored picture that is a value: the shop of `picture.ts`, or any other site. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DotmError } from "../../src/errors.ts";
import { askImpact } from "../../src/impact/ask.ts";
import { SILENT } from "../../src/logger.ts";
import type { ServiceCheckRecord } from "../../src/model/changes.ts";
import type { HostGraph } from "../../src/model/host-graph.ts";
import type { HostNotes } from "../../src/model/host-notes.ts";
import { affectedServices, type Impact } from "../../src/model/impact.ts";
import type { SourceHealth } from "../../src/model/monitoring.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { isProblem } from "../../src/model/state.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { createApp } from "../../src/web/app.ts";
import type { AppDeps, Editing } from "../../src/web/app-deps.ts";
import type { Access } from "../../src/web/caller.ts";
import { ofEach } from "./of-each.ts";
import { NOW, shop } from "./picture.ts";
import { hostsValue, settingsValue } from "./settings.ts";

/** A healthy source. */
export const SOURCE: SourceHealth = {
  kind: "health",
  source: "nagios",
  type: "status-file",
  ok: true,
  error: null,
  asOf: NOW - 4,
  staleAfter: 60,
  hosts: 12,
  checks: 31,
  lag: 0,
  errors: 0,
};

/** A site as it is stored. */
export interface StoredSite {
  readonly graphs: ReadonlyMap<string, HostGraph>;
  readonly notes?: ReadonlyMap<string, HostNotes>;
  readonly impacts?: readonly Impact[];
  readonly sources?: readonly SourceHealth[];
  readonly revision?: { readonly id: string; readonly at: number };
  readonly aliases?: ReadonlyMap<string, string>;
}

/** A reader of a site that is a value. */
export function readerOf(site: StoredSite): MapReader {
  const {
    graphs,
    notes = new Map<string, HostNotes>(),
    impacts = [],
    sources = [SOURCE],
    revision = { id: "1795402790000-0", at: NOW - 2 },
  } = site;
  const checksOf = (host: string) => checkRecords(graphs.get(host));
  const find = (host: string, check: string | null) =>
    impacts.find(({ problem }) => problem.host === host && problem.check === check);
  const reader: MapReader = {
    alarms: async () => [],
    nodes: async () => [...graphs.keys()].sort(),
    node: async (name) =>
      graphs.has(name)
        ? { lastFetch: graphs.get(name)?.lastReport ?? 0, fetchStatus: "OK", ips: ["10.0.0.31"], serviceAlerts: {} }
        : undefined,
    nodesOf: (hosts) => ofEach(hosts, (host) => reader.node(host)),
    graphs: async (hosts) =>
      new Map(
        hosts.flatMap((host): [string, HostGraph][] => {
          const graph = graphs.get(host);
          return graph === undefined ? [] : [[host, graph]];
        }),
      ),
    notes: async (hosts) => new Map([...notes].filter(([host]) => hosts.includes(host))),
    impact: async (host, check) => find(host, check),
    ranking: async (offset, limit) =>
      impacts
        .map((each) => ({ host: each.problem.host, check: each.problem.check, affected: affectedServices(each) }))
        .sort((a, b) => b.affected - a.affected)
        .slice(offset, offset + limit),
    problems: async () => impacts.length,
    hostCheck: async (host) =>
      graphs.get(host)?.state == null
        ? undefined
        : {
            node: host,
            status: graphs.get(host)?.state ?? "UP",
            lastCheck: NOW - 30,
            lastStatusChange: NOW - 86_400,
            statusInformation: "PING OK - Packet loss = 0%",
            servicesAlerts: {},
            otherAlerts: {},
          },
    hostChecksOf: (hosts) => ofEach(hosts, (host) => reader.hostCheck(host)),
    serviceChecks: async (host) => checksOf(host),
    checksOf: async (hosts) => new Map(hosts.map((host) => [host, checksOf(host)])),
    sources: async () => [...sources],
    settings: async () => ({ ...DEFAULT_SETTINGS, userNodeAliases: site.aliases ?? new Map() }),
    revision: async () => revision,
  };
  return reader;
}

/** The shop as it is stored, with the impacts of its problems. */
export function storedShop(): StoredSite {
  const { graphs, impact } = shop();
  const follower = (host: string, check: string, affected: number): Impact => ({
    ...impact,
    problem: {
      ...impact.problem,
      host,
      check,
      since: "2026-11-23T02:47:10Z",
      output: "HTTP CRITICAL: 502 Bad Gateway",
    },
    failed: [],
    affected: impact.affected.slice(0, affected),
    rootProblem: false,
    explains: [],
    explainedBy: [{ host: "db01", check: "MySQL" }],
    unknownBeyond: [],
  });
  return { graphs, impacts: [impact, follower("app01", "Tomcat", 5), follower("web01", "HTTP", 2)] };
}

/** Everybody looks, nobody has a token. */
export const ACCESS: Access = {
  roleOfToken: () => undefined,
  passwords: null,
  proxy: null,
  hosts: [],
  read: "everybody",
  loopback: "admin",
  restrictions: [],
  groupsOfStrangers: null,
  aliasKey: Buffer.alloc(0),
};

/** What may differ. */
export type Extra = Partial<Omit<AppDeps, "settings" | "hosts"> & Editing>;

/** What the app is made with, for a site. */
export function depsOf(
  site: StoredSite,
  { settings = settingsValue(), hosts = hostsValue(), ...extra }: Extra = {},
): AppDeps {
  const reader = extra.reader ?? readerOf(site);
  return {
    reader,
    history: {
      list: async () => [],
      at: () => Promise.reject(new DotmError("DOTM_NOT_FOUND", "No snapshot has been taken yet.", "dotm history list")),
    },
    changes: { listen: () => () => undefined, since: async () => undefined },
    now: () => NOW,
    logger: SILENT,
    settings,
    hosts,
    audit: { editing: () => ({ settings, hosts }), refused: () => undefined, recent: () => [] },
    access: ACCESS,
    namedHosts: async () => [],
    config: { basePath: "/", frameAncestors: [], version: "0.0.0-test" },
    impactOf: (host, check, assumed) => askImpact(reader, { host, check, assumed, now: NOW }),
    acceptReport: async () => ({ status: 200, body: { ok: true } }),
    refusedLargeReport: () => undefined,
    figures: () => ({
      ...{ reportsAccepted: 812, reportsRepeated: 3, reportsRefused: { "wrong token": 2 } },
      ...{
        storeConnected: true,
        storePendingKeys: 0,
        lastTurn: NOW - 1,
        targets: [],
        roles: ["engine", "web"],
        leads: true,
      },
      loopLag: { p99: 0.002, max: 0.03 },
      openFiles: { open: 21, most: 1_024 },
      ...{ connectionsForgotten: 0, socketsRefused: 0, answersDropped: 0 },
    }),
    acceptPush: async () => ({ status: 200, body: {} }),
    team: { queue: async () => ({ waiting: 0, workers: 1, poison: 0 }) },
    readiness: () => ({ ready: true, parts: { store: { ok: true, detail: "connected" } } }),
    ...extra,
  };
}

/** A listening app. */
export interface ServedApp {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of loopback. */
export async function serveApp(deps: AppDeps): Promise<ServedApp> {
  const server = createServer(createApp(deps));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function checkRecords(graph: HostGraph | undefined): ServiceCheckRecord[] {
  return (graph?.nodes ?? []).flatMap((node) =>
    node.checks.map((check) => ({
      node: graph?.host ?? "",
      service: check,
      status: (node.ownState ?? "OK") as ServiceCheckRecord["status"],
      lastCheck: NOW - 30,
      lastStatusChange: NOW - 840,
      statusInformation:
        node.ownState !== null && isProblem(node.ownState) ? `${check} ${node.ownState}` : `${check} OK`,
      mapping: node.process,
      services: [node.id],
      mappedBy: "preset" as const,
      ambiguous: false,
      handled: node.handling.acknowledged || node.handling.inDowntime,
      soft: node.handling.soft,
    })),
  );
}
