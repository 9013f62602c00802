/** The map by process, whatever the host: one box for everything called mysqld, and who of them talks to whom. */
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import type { GraphNode, HostGraph, Need } from "../model/host-graph.ts";
import { INTERNET } from "../model/ids.ts";
import type { Degree } from "../model/impact.ts";
import type { Pieces } from "../model/pieces.ts";
import { badness, isProblem, type State, UNHANDLED, worse } from "../model/state.ts";
import type { Picture, PictureBox, PictureEdge, PictureRow } from "./picture.ts";

/** Boxes drawn at most: those in trouble first, then those most hosts have. */
const MOST_BOXES = 80;

/** Rows in one box at most. */
const MOST_ROWS = 6;

/** What is needed of the Internet stands apart from its clients, lest the one seem to need the other. */
const SERVERS = "Internet, needed";

const DEGREES: readonly (Degree | null)[] = ["affected", "degraded", "potential", null];

interface Member {
  readonly host: string;
  readonly node: GraphNode;
}

/** The picture. */
export function* selectProcessMap(graphs: ReadonlyMap<string, HostGraph>): Pieces<Picture> {
  const groups = new Map<string, Member[]>();
  const nameOfId = new Map<string, string>();
  for (const { host, nodes } of graphs.values()) {
    for (const node of nodes) {
      const name = nameOf({ host, node });
      const group = groups.get(name) ?? [];
      groups.set(name, group);
      group.push({ host, node });
      nameOfId.set(node.id, name);
    }
    yield;
  }
  const drawn = yield* mostTroubled(groups);
  const boxes: PictureBox[] = [];
  for (const [name, all] of drawn) {
    boxes.push(boxOf(name, all));
    yield;
  }
  const edges = yield* edgesOf(graphs, nameOfId, drawn);
  const left = groups.size - drawn.size;
  const note = `${left} more processes are not drawn: they have no problem and run on few hosts.`;
  return { boxes: boxes.sort((a, b) => compareIds(a.id, b.id)), edges, notes: left > 0 ? [note] : [] };
}

/** Those that are drawn, the first ones first. */
function* mostTroubled(groups: ReadonlyMap<string, readonly Member[]>): Pieces<Map<string, readonly Member[]>> {
  const ranked: { readonly name: string; readonly all: readonly Member[]; readonly rank: number }[] = [];
  for (const [name, all] of groups) {
    ranked.push({ name, all, rank: trouble(all) });
    yield;
  }
  ranked.sort((a, b) => b.rank - a.rank || b.all.length - a.all.length || compareIds(a.name, b.name));
  return new Map(ranked.slice(0, MOST_BOXES).map(({ name, all }) => [name, all]));
}

function nameOf({ host, node }: Member): string {
  if (host === INTERNET) {
    return node.kind === "service" ? SERVERS : INTERNET;
  }
  return node.process ?? `:${node.port}`;
}

function trouble(all: readonly Member[]): number {
  const rankOf = ({ node }: Member) => badness(node.ownState ?? "OK") * 2 + (node.degree === null ? 0 : 1);
  return all.reduce((worst, member) => Math.max(worst, rankOf(member)), Number.NEGATIVE_INFINITY);
}

function boxOf(name: string, all: readonly Member[]): PictureBox {
  const hosts = [...new Set(all.map(({ host }) => host))].sort(compareIds);
  const rows = rowsOf(name, all);
  return {
    id: `process ${name}`,
    kind: kindOf(name, hosts.length),
    title: name === SERVERS ? INTERNET : name,
    hosts,
    state: null,
    handling: UNHANDLED,
    agent: "fresh",
    units: [{ id: unitOf(name), rows: rows.slice(0, MOST_ROWS) }],
    hidden: Math.max(0, rows.length - MOST_ROWS),
    focus: false,
  };
}

function kindOf(name: string, hosts: number): PictureBox["kind"] {
  if (name === INTERNET || name === SERVERS) {
    return "internet";
  }
  return hosts > 1 ? "fold" : "host";
}

/** What is in trouble stands alone, by host; of the rest one row for each port. */
function rowsOf(name: string, all: readonly Member[]): PictureRow[] {
  const services = all.filter(({ node }) => node.kind === "service");
  const shown = services.length > 0 ? services : all;
  const isAlone = ({ node }: Member) => node.ownState !== null && isProblem(node.ownState);
  const alone = shown.filter(isAlone);
  const others = shown.filter((member) => !isAlone(member));
  const rest = grouped(others, ({ node }) => node.port ?? "");
  const bad = alone
    .sort((a, b) => badness(b.node.ownState ?? "OK") - badness(a.node.ownState ?? "OK") || compareIds(a.host, b.host))
    .map((member) => rowOf(`${member.host}${portText(member.node)}`, [member]));
  const good = [...rest].sort(([a], [b]) => compareIds(a, b)).map(([, same]) => rowOf(labelOf(name, same), same));
  return [...bad, ...good];
}

function labelOf(name: string, [first, ...more]: readonly Member[]): string {
  if (first === undefined || name === INTERNET) {
    return "clients";
  }
  const port = portText(first.node);
  return more.length > 0 || name === SERVERS ? port || name : `${first.host}${port}`;
}

function portText({ port }: GraphNode): string {
  return port === null ? "" : `:${port}`;
}

function rowOf(label: string, same: readonly Member[]): PictureRow {
  const nodes = same.map(({ node }) => node);
  const states = nodes.flatMap(({ ownState }) => ownState ?? []);
  const [first] = same;
  const worst = states.length === 0 ? null : states.reduce<State>((a, b) => worse(a, b), states[0] ?? "OK");
  return {
    id: first?.node.id ?? label,
    host: first?.host ?? "",
    label,
    ownState: worst,
    stateType: nodes.find(({ ownState }) => ownState === worst)?.stateType ?? null,
    handling: nodes.length === 1 ? (first?.node.handling ?? UNHANDLED) : UNHANDLED,
    degree: DEGREES.find((degree) => nodes.some((node) => node.degree === degree)) ?? null,
    propagatedState: null,
    failed: false,
    focus: false,
    old: nodes.every(({ age }) => age === "old"),
    checks: [...new Set(nodes.flatMap(({ checks }) => checks))].slice(0, 5),
    times: nodes.length,
  };
}

function* edgesOf(
  graphs: ReadonlyMap<string, HostGraph>,
  nameOfId: ReadonlyMap<string, string>,
  drawn: ReadonlyMap<string, unknown>,
): Pieces<PictureEdge[]> {
  const edges = new Map<string, PictureEdge>();
  for (const { host, nodes } of graphs.values()) {
    for (const node of nodes.filter((each) => drawn.has(nameOf({ host, node: each })))) {
      const from = nameOf({ host, node });
      for (const need of node.needs) {
        const to = nameOfId.get(need.to);
        if (to !== undefined && to !== from && drawn.has(to)) {
          addEdge(edges, from, to, need, node.degree);
        }
      }
    }
    yield;
  }
  return [...edges.values()].sort((a, b) => compareIds(a.from, b.from) || compareIds(a.to, b.to));
}

function addEdge(edges: Map<string, PictureEdge>, from: string, to: string, need: Need, degree: Degree | null): void {
  const key = `${from}\n${to}`;
  const before = edges.get(key);
  edges.set(key, {
    ...{ from: unitOf(from), to: unitOf(to), hit: degree ?? before?.hit ?? null, over: null },
    certainty: need.certainty,
    count: need.count + (before?.count ?? 0),
    lastSeen: Math.max(need.lastSeen, before?.lastSeen ?? 0),
  });
}

function unitOf(name: string): string {
  return `unit ${name}`;
}
