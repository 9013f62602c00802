/** What a problem takes with it, as rows people read. */
import { compareIds } from "../model/compare.ts";
import type { DependencyGraph, GraphNodeInfo } from "../model/dependency-graph.ts";
import { INTERNET, portNumber } from "../model/ids.ts";
import { type AffectedRow, CERTAINTIES, type Certainty, type FailedRow } from "../model/impact.ts";
import type { ServiceState } from "../model/problem.ts";
import type { Handling } from "../model/state.ts";
import { degreeOf, propagatedState } from "./degrees.ts";
import { pathOf, type Reached } from "./reach.ts";

/** Everything impact is computed from; `levels` holds what dependencies do to each node. */
export interface ImpactScene {
  readonly graph: DependencyGraph;
  readonly levels: Uint8Array;
  readonly stateOf: (id: string) => ServiceState | undefined;
  readonly agentOf: (host: string) => "fresh" | "stale" | "none";
}

/** The rows of one problem. */
export interface ImpactRows {
  readonly failed: readonly FailedRow[];
  readonly affected: readonly AffectedRow[];
  readonly hosts: readonly string[];
  readonly unknownBeyond: readonly string[];
}

/** Rank of `one`: what an ambiguous mapping caps certainty at. */
const ONE = CERTAINTIES.indexOf("one");

/** Makes the rows of what was reached from `failed`; `doubtful` caps their certainty. */
export function impactRows(
  scene: ImpactScene,
  failed: readonly number[],
  reached: ReadonlyMap<number, Reached>,
  subjectHost: string,
  doubtful: boolean,
): ImpactRows {
  const { graph } = scene;
  const affected = [...reached.values()]
    .filter(({ node }) => isShown(graph.nodes[node]))
    .map((each) => affectedRow(scene, reached, each, doubtful))
    .sort((a, b) => a.hops - b.hops || compareIds(a.id, b.id));
  const touched = [...failed, ...reached.keys()].map((node) => graph.nodes[node]);
  return {
    failed: failed.map((node) => failedRow(graph.nodes[node])).sort((a, b) => compareIds(a.id, b.id)),
    affected,
    hosts: [...new Set(affected.map((row) => row.host))].sort(compareIds),
    unknownBeyond: unknownHosts(scene, touched, subjectHost),
  };
}

/** Services, and processes that hold none; not the Internet. */
export function isShown(node: GraphNodeInfo | undefined): boolean {
  return node !== undefined && node.host !== INTERNET && (node.kind === "service" || !node.holdsServices);
}

function affectedRow(
  scene: ImpactScene,
  reached: ReadonlyMap<number, Reached>,
  each: Reached,
  doubtful: boolean,
): AffectedRow {
  const degree = degreeOf(scene.levels[each.node] ?? 0) ?? "potential";
  const row = failedRow(scene.graph.nodes[each.node]);
  const own = scene.stateOf(row.id);
  return {
    ...row,
    degree,
    hops: each.hops,
    certainty: certaintyWord(each.certainty, doubtful),
    ownState: own?.state ?? null,
    propagatedState: propagatedState(degree),
    handling: own === undefined ? {} : said(own.handling),
    path: pathOf(scene.graph, reached, each.node),
  };
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
