/** Sites for tests of pictures and pages: a small shop whose database is down, and generated ones of any size. */

import type { GraphNode, HostGraph, Need } from "../../src/model/host-graph.ts";
import { INTERNET, parseId, processId, serviceId } from "../../src/model/ids.ts";
import type { AffectedRow, Certainty, Degree, Impact, Problem } from "../../src/model/impact.ts";
import { type Handling, type HostState, type State, type StateType, UNHANDLED } from "../../src/model/state.ts";
import { seeded } from "./random.ts";

/** Monday 2026-11-23, 03:00:00 UTC. */
export const NOW = 1_795_402_800;

/** A host: its services as `PORT NAME`, its processes without one, and what is said about it. */
export interface SiteHost {
  readonly services?: readonly string[];
  readonly processes?: readonly string[];
  readonly state?: HostState | null;
  readonly agent?: HostGraph["agent"];
  readonly handling?: Partial<Handling>;
}

/** What is said about a service or process. */
export interface SiteState {
  readonly state?: State;
  readonly stateType?: StateType;
  readonly handling?: Partial<Handling>;
  readonly degree?: Degree;
  readonly checks?: readonly string[];
  readonly age?: "fresh" | "old";
}

/** A dependency: process or service, what it needs, how sure. */
export type SiteNeed = readonly [from: string, to: string, certainty?: Certainty, extra?: Partial<Need>];

/** A whole site in short. */
export interface Site {
  readonly hosts: Readonly<Record<string, SiteHost>>;
  readonly needs: readonly SiteNeed[];
  readonly states?: Readonly<Record<string, SiteState>>;
}

/** The graphs of a site. */
export function siteGraphs(site: Site): Map<string, HostGraph> {
  const needs = new Map<string, Need[]>();
  const neededBy = new Map<string, string[]>();
  const link = (from: string, to: string, certainty: Certainty, extra: Partial<Need> = {}) => {
    needs.set(from, [
      ...(needs.get(from) ?? []),
      { to, certainty, count: 4, firstSeen: NOW - 86_400, lastSeen: NOW - 12, ...extra },
    ]);
    neededBy.set(to, [...(neededBy.get(to) ?? []), from]);
  };
  for (const [host, { services = [] }] of Object.entries(site.hosts)) {
    for (const service of services) {
      const [port = "", name = ""] = split(service);
      if (name !== "") {
        link(serviceId(host, port), processId(host, name), "both", { count: 0 });
      }
    }
  }
  for (const [from, to, certainty = "both", extra] of site.needs) {
    link(from, to, certainty, extra);
  }
  const graphs = new Map<string, HostGraph>();
  for (const [host, about] of Object.entries(site.hosts)) {
    graphs.set(host, hostGraph(host, about, site, needs, neededBy));
  }
  return graphs;
}

/** The impact of a problem, walked over the graphs. */
export function siteImpact(
  graphs: ReadonlyMap<string, HostGraph>,
  problem: Partial<Problem> & { readonly host: string },
  failed: readonly string[],
  extra: Partial<Impact> = {},
): Impact {
  const affected = walk(graphs, failed);
  const services = affected.filter(({ port }) => port !== null);
  const hosts = [...new Set(affected.map(({ host }) => host))];
  const check = problem.check ?? null;
  const name = check === null ? problem.host : `${problem.host} / ${check}`;
  return {
    apiVersion: "dotm/v1",
    kind: "Impact",
    problem: {
      state: "CRITICAL",
      stateType: "HARD",
      since: "2026-11-23T02:46:00Z",
      source: "nagios",
      handled: false,
      acknowledged: false,
      inDowntime: false,
      flapping: false,
      stale: false,
      output: "Can't connect to MySQL server on '10.0.0.31' (111)",
      ...problem,
      check,
    },
    failed: failed.map((id) => ({ id, host: parseId(id)?.host ?? "", port: 3306, process: "mysqld" })),
    affected,
    hosts,
    hypothetical: false,
    rootProblem: true,
    explainedBy: [],
    explains: [],
    unknownBeyond: [],
    summary: `${name} is CRITICAL for 14 min; ${services.length} services on ${hosts.length} hosts may be affected: ${services
      .slice(0, 3)
      .map(({ id, process }) => `${id} ${process}`)
      .join(", ")}`,
    computedAt: "2026-11-23T03:00:00Z",
    graph: `/graph?host=${problem.host}&srv=${check ?? ""}`,
    ...extra,
  };
}

const HIT: SiteState = { state: "CRITICAL", degree: "affected" };

/** A small shop: `MySQL` on db01 is CRITICAL, the web servers' HTTP checks followed. */
const SHOP: Site = {
  hosts: {
    lb01: { services: ["80 haproxy", "443 haproxy"] },
    web01: { services: ["80 nginx"], processes: ["php-fpm"] },
    web02: { services: ["80 nginx"], processes: ["php-fpm"] },
    app01: { services: ["8080 java"], processes: ["mailer"] },
    app02: { services: ["8080 java"], processes: ["mailer"] },
    db01: { services: ["3306 mysqld", "9104 mysqld_exporter"] },
    db02: { services: ["3306 mysqld"] },
    cache01: { services: ["6379 redis-server"] },
    mq01: { services: ["5672 beam.smp", "15672 beam.smp"] },
    mail01: { services: ["25 master"] },
    nfs01: { services: ["2049 nfsd"], agent: "none" },
    backup01: { processes: ["mysqldump"] },
    [INTERNET]: { services: ["443 "], processes: ["?"], state: null, agent: "none" },
  },
  needs: [
    ["Internet/?", "lb01:443", "one", { count: 310 }],
    ["Internet/?", "lb01:80", "one", { count: 12 }],
    ["lb01/haproxy", "web01:80"],
    ["lb01/haproxy", "web02:80"],
    ["web01/nginx", "web01/php-fpm", "both", { over: "/run/php/php-fpm.sock" }],
    ["web02/nginx", "web02/php-fpm", "both", { over: "/run/php/php-fpm.sock" }],
    ["web01/php-fpm", "app01:8080"],
    ["web01/php-fpm", "app02:8080"],
    ["web02/php-fpm", "app01:8080"],
    ["web02/php-fpm", "app02:8080"],
    ["web01/php-fpm", "cache01:6379"],
    ["web02/php-fpm", "cache01:6379"],
    ["web01/php-fpm", "nfs01:2049", "one"],
    ["web02/php-fpm", "nfs01:2049", "one"],
    ["app01/java", "db01:3306", "both", { count: 24 }],
    ["app02/java", "db01:3306", "both", { count: 22 }],
    ["app01/java", "mq01:5672"],
    ["app02/java", "mq01:5672"],
    ["app01/mailer", "mq01:5672"],
    ["app01/mailer", "mail01:25"],
    ["app02/mailer", "mail01:25"],
    ["app01/java", "Internet:443", "one"],
    ["db02/mysqld", "db01:3306", "both", { count: 1 }],
    ["backup01/mysqldump", "db01:3306", "remembered", { count: 0, lastSeen: NOW - 90_000 }],
    ["db01/mysqld", "nfs01:2049", "one"],
  ],
  states: {
    "db01:3306": { state: "CRITICAL", checks: ["MySQL"] },
    "db02:3306": { state: "WARNING", degree: "affected", checks: ["MySQL"], handling: { acknowledged: true } },
    "app01:8080": { ...HIT, checks: ["Tomcat"] },
    "app02:8080": { state: "OK", degree: "affected", checks: ["Tomcat"] },
    "app01/java": { degree: "affected" },
    "app02/java": { degree: "affected" },
    "web01:80": { ...HIT, checks: ["HTTP"], stateType: "SOFT", handling: { soft: true } },
    "web02:80": { state: "OK", degree: "affected", checks: ["HTTP"] },
    "web01/nginx": { degree: "affected" },
    "web02/nginx": { degree: "affected" },
    "web01/php-fpm": { degree: "affected" },
    "web02/php-fpm": { degree: "affected" },
    "lb01:80": { state: "OK", degree: "affected", checks: ["HTTP"] },
    "lb01:443": { state: "OK", degree: "affected", checks: ["HTTPS"] },
    "lb01/haproxy": { degree: "affected" },
    "backup01/mysqldump": { degree: "affected" },
    "cache01:6379": { state: "OK", checks: ["Redis"] },
    "mq01:5672": { state: "OK", checks: ["RabbitMQ"] },
    "mail01:25": { state: "OK", checks: ["SMTP"], handling: { stale: true } },
    "nfs01:2049": { state: "PENDING", checks: ["NFS"] },
  },
};

/** The shop's graphs with its problem. */
export function shop(): { graphs: Map<string, HostGraph>; impact: Impact } {
  const graphs = siteGraphs(SHOP);
  const impact = siteImpact(graphs, { host: "db01", check: "MySQL" }, ["db01:3306"], {
    explains: [
      { host: "app01", check: "Tomcat" },
      { host: "web01", check: "HTTP" },
    ],
    unknownBeyond: ["nfs01"],
  });
  return { graphs, impact };
}

/** A site of `hosts` hosts in four tiers; the same for the same numbers. One service of the last tier is CRITICAL. */
export function generatedSite(hosts: number, servicesEach: number, seed = 1): Site {
  const random = seeded(seed);
  const tiers = ["web", "app", "svc", "db"];
  const named = Array.from(
    { length: hosts },
    (_, i) => `${tiers[i % 4]}${String(Math.floor(i / 4) + 1).padStart(2, "0")}`,
  );
  const names = ["nginx", "java", "node", "postgres", "redis-server", "mysqld"];
  const site: Record<string, SiteHost> = {};
  for (const host of named) {
    site[host] = {
      services: Array.from(
        { length: servicesEach },
        (_, i) => `${8000 + i * 10} ${names[Math.floor(random() * names.length)]}${i}`,
      ),
    };
  }
  const needs: SiteNeed[] = [];
  for (const host of named) {
    const tier = tiers.indexOf(host.replace(/\d+/, ""));
    const others = named.filter((other) => tiers.indexOf(other.replace(/\d+/, "")) > tier);
    for (const service of site[host]?.services ?? []) {
      const other = others[Math.floor(random() * others.length)];
      const target = site[other ?? ""]?.services?.[Math.floor(random() * servicesEach)];
      if (other !== undefined && target !== undefined) {
        needs.push([processId(host, split(service)[1] ?? ""), serviceId(other, split(target)[0] ?? "")]);
      }
    }
  }
  const broken = needs.at(-1)?.[1] ?? "";
  return { hosts: site, needs, states: { [broken]: { state: "CRITICAL", checks: ["DB"] } } };
}

function hostGraph(
  host: string,
  about: SiteHost,
  site: Site,
  needs: ReadonlyMap<string, Need[]>,
  neededBy: ReadonlyMap<string, string[]>,
): HostGraph {
  const services = (about.services ?? []).map(split);
  const held = services.map(([, name = ""]) => name).filter((name) => name !== "");
  const processes = [...new Set([...held, ...(about.processes ?? [])])];
  const node = (id: string, kind: GraphNode["kind"], port: string | null, process: string | null): GraphNode => {
    const said = site.states?.[id] ?? {};
    return {
      id,
      kind,
      port,
      process,
      ownState: said.state ?? null,
      stateType: said.state === undefined ? null : (said.stateType ?? "HARD"),
      handling: { ...UNHANDLED, ...said.handling },
      degree: said.degree ?? null,
      checks: said.checks ?? [],
      age: said.age ?? "fresh",
      lastSeen: NOW - 12,
      needs: needs.get(id) ?? [],
      neededBy: neededBy.get(id) ?? [],
    };
  };
  return {
    host,
    state: about.state === undefined ? "UP" : about.state,
    stateType: "HARD",
    handling: { ...UNHANDLED, ...about.handling },
    agent: about.agent ?? "fresh",
    lastReport: about.agent === "none" ? 0 : NOW - 12,
    groups: [],
    parents: [],
    nodes: [
      ...services.map(([port = "", name = ""]) =>
        node(serviceId(host, port), "service", port, name === "" ? null : name),
      ),
      ...processes.map((name) => node(processId(host, name), "process", null, name)),
    ],
  };
}

function walk(graphs: ReadonlyMap<string, HostGraph>, failed: readonly string[]): AffectedRow[] {
  const nodes = new Map(
    [...graphs.values()].flatMap(({ nodes: each }) => each.map((node) => [node.id, node] as const)),
  );
  const rows = new Map<string, AffectedRow>();
  const paths = new Map(failed.map((id) => [id, { path: [id], hops: 0 }]));
  let frontier = [...failed];
  while (frontier.length > 0) {
    const next: string[] = [];
    for (const id of frontier) {
      for (const dependent of nodes.get(id)?.neededBy ?? []) {
        const node = nodes.get(dependent);
        const known = paths.get(id);
        if (node !== undefined && known !== undefined && !paths.has(dependent)) {
          const hops = known.hops + (node.kind === "service" ? 0 : 1);
          const path = [dependent, ...known.path];
          paths.set(dependent, { path, hops });
          rows.set(dependent, affectedRow(node, path, hops));
          next.push(dependent);
        }
      }
    }
    frontier = next;
  }
  const holders = new Set(
    [...nodes.values()].filter(({ kind }) => kind === "service").flatMap(({ needs }) => needs.map(({ to }) => to)),
  );
  return [...rows.values()]
    .filter(({ id, port }) => port !== null || !holders.has(id))
    .sort((a, b) => a.hops - b.hops || (a.id < b.id ? -1 : 1));
}

function affectedRow(node: GraphNode, path: readonly string[], hops: number): AffectedRow {
  return {
    id: node.id,
    host: parseId(node.id)?.host ?? "",
    port: node.port === null ? null : Number(node.port),
    process: node.process,
    degree: node.degree ?? "affected",
    hops,
    certainty: "both",
    ownState: node.ownState,
    propagatedState: "CRITICAL",
    handling: node.handling,
    path,
  };
}

function split(service: string): string[] {
  const space = service.indexOf(" ");
  return [service.slice(0, space), service.slice(space + 1)];
}
