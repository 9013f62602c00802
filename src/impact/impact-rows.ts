/** What a problem takes with it, as rows people read. */
import { compareIds } from "../model/compare.ts";
import type { DependencyGraph, GraphNodeInfo } from "../model/dependency-graph.ts";
import { INTERNET, portNumber } from "../model/ids.ts";
import { type AffectedRow, CERTAINTIES, type Certainty, type FailedRow, type LeftOut } from "../model/impact.ts";
import type { ServiceState } from "../model/problem.ts";
import type { Handling } from "../model/state.ts";
import { degreeOf, propagatedState } from "./degrees.ts";
import type { ReachWalk } from "./reach.ts";

/** What states are taken from; `levels` holds what dependencies do to each node. */
interface StateScene {
  readonly graph: DependencyGraph;
  readonly levels: Uint8Array;
  readonly stateOf: (id: string) => ServiceState | undefined;
}

/** Everything impact is computed from. */
export interface ImpactScene extends StateScene {
  readonly agentOf: (host: string) => "fresh" | "stale" | "none";
}

/** The rows of one problem. */
export interface ImpactRows {
  readonly failed: readonly FailedRow[];
  readonly affected: readonly AffectedRow[];
  readonly hosts: readonly string[];
  readonly unknownBeyond: readonly string[];
  readonly internetFacing: readonly string[];
  readonly leftOut?: LeftOut;
}

/** Rank of `one`: what an ambiguous mapping caps certainty at. */
const ONE = CERTAINTIES.indexOf("one");

/** Makes the rows of what a walk reached from `failed`, `count` nodes, the nearest `most` of them; `doubtful` caps their certainty. */
export function impactRows(
  scene: ImpactScene,
  failed: readonly number[],
  walk: ReachWalk,
  count: number,
  subjectHost: string,
  doubtful: boolean,
  most = Number.POSITIVE_INFINITY,
): ImpactRows {
  const { graph } = scene;
  const places = Array.from({ length: count }, (_, i) => i);
  const shown = places.filter((i) => isShown(graph.nodes[walk.node(i)]));
  const affected = shown
    .slice(0, most)
    .map((i) => affectedRow(scene, walk, i, doubtful))
    .sort((a, b) => a.hops - b.hops || compareIds(a.id, b.id));
  const touched = [...failed, ...places.map((i) => walk.node(i))].map((node) => graph.nodes[node]);
  const rest = shown.slice(most).map((i) => graph.nodes[walk.node(i)]?.kind);
  const services = rest.filter((kind) => kind === "service").length;
  return {
    ...(rest.length === 0 ? {} : { leftOut: { services, processes: rest.length - services } }),
    failed: failed.map((node) => failedRow(graph.nodes[node])).sort((a, b) => compareIds(a.id, b.id)),
    affected,
    hosts: [...new Set(shown.map((i) => graph.nodes[walk.node(i)]?.host ?? ""))].sort(compareIds),
    unknownBeyond: unknownHosts(scene, touched, subjectHost),
    internetFacing: internetFacing(graph, [...failed, ...places.map((i) => walk.node(i))]),
  };
}

/** Services, and processes that hold none; not the Internet, nor somebody without a name who left only traces. */
export function isShown(node: GraphNodeInfo | undefined): boolean {
  const lasting = node !== undefined && node.host !== INTERNET && node.passing !== true;
  return lasting && (node.kind === "service" || !node.holdsServices);
}

function affectedRow(scene: ImpactScene, walk: ReachWalk, i: number, doubtful: boolean): AffectedRow {
  const node = walk.node(i);
  const row = failedRow(scene.graph.nodes[node]);
  const { degree, ...states } = statesOf(scene, node, row.id);
  return {
    ...row,
    degree,
    hops: walk.hops(i),
    certainty: certaintyWord(walk.certainty(i), doubtful),
    ...states,
    path: walk.path(i),
  };
}

/** What of a row hangs on states alone, and not on the way to what failed. */
function statesOf(
  scene: StateScene,
  node: number,
  id: string,
): Pick<AffectedRow, "degree" | "ownState" | "propagatedState" | "handling"> {
  const degree = degreeOf(scene.levels[node] ?? 0) ?? "potential";
  const own = scene.stateOf(id);
  return {
    degree,
    ownState: own?.state ?? null,
    propagatedState: propagatedState(degree),
    handling: own === undefined ? {} : said(own.handling),
  };
}

/** The rows again where only states changed; `changed` holds the ids of what is hit or judged otherwise than before. */
export function restatedRows(scene: StateScene, rows: ImpactRows, changed: ReadonlySet<string>): ImpactRows {
  if (!rows.affected.some(({ id }) => changed.has(id))) {
    return rows;
  }
  const affected = rows.affected.map((row) =>
    changed.has(row.id) ? { ...row, ...statesOf(scene, scene.graph.indexOf.get(row.id) ?? -1, row.id) } : row,
  );
  return { ...rows, affected };
}

function certaintyWord(rank: number, doubtful: boolean): Certainty {
  return CERTAINTIES[doubtful ? Math.max(rank, ONE) : rank] ?? "remembered";
}

/** Only what is true of the handling. */
function said(handling: Handling): Partial<Handling> {
  return Object.fromEntries(Object.entries(handling).filter(([, value]) => value));
}

/** A node as a row. */
export function failedRow(node: GraphNodeInfo | undefined): FailedRow {
  const port = node?.port ?? null;
  return {
    id: node?.id ?? "",
    host: node?.host ?? "",
    port: port === null || port.includes("/") ? port : (portNumber(port) ?? port),
    process: node?.process ?? null,
  };
}

/** Services that somebody out in the Internet is connected to. */
function internetFacing(graph: DependencyGraph, touched: readonly number[]): string[] {
  const { nodes, dependentStart, dependent } = graph;
  const faces = (node: number) => {
    const clients = dependent.subarray(dependentStart[node] ?? 0, dependentStart[node + 1] ?? 0);
    return nodes[node]?.kind === "service" && clients.some((client) => nodes[client]?.host === INTERNET);
  };
  const ids = touched.filter(faces).map((node) => nodes[node]?.id ?? "");
  return [...new Set(ids)].sort(compareIds);
}

/** Hosts of which no fresh agent tells who depends on them: what lies beyond them is not known. */
function unknownHosts(
  scene: ImpactScene,
  touched: readonly (GraphNodeInfo | undefined)[],
  subjectHost: string,
): string[] {
  const hosts = new Set([subjectHost]);
  for (const node of touched) {
    if (node !== undefined && node.host !== INTERNET) {
      hosts.add(node.host);
    }
  }
  return [...hosts].filter((host) => scene.agentOf(host) !== "fresh").sort(compareIds);
}
