/** What a problem takes with it, as rows people read. */
import { compareIds } from "../model/compare.ts";
import type { DependencyGraph, GraphNodeInfo } from "../model/dependency-graph.ts";
import { portNumber } from "../model/ids.ts";
import { type AffectedRow, CERTAINTIES, type Certainty, type FailedRow, type LeftOut } from "../model/impact.ts";
import type { Pieces } from "../model/pieces.ts";
import type { ServiceState } from "../model/problem.ts";
import type { Handling } from "../model/state.ts";
import { degreeOf, propagatedState } from "./degrees.ts";
import type { NodeFacts } from "./node-facts.ts";
import type { ReachWalk } from "./reach.ts";
import type { Reached } from "./reached.ts";

/** What rows are taken from; `levels` holds what dependencies do to each node. */
export interface RowScene {
  readonly graph: DependencyGraph;
  readonly facts: NodeFacts;
  readonly levels: Uint8Array;
  readonly stateOf: (id: string) => ServiceState | undefined;
}

/** What an impact tells beside the problem itself and its reasons. */
export interface ImpactRows {
  readonly failed: readonly FailedRow[];
  readonly affected: readonly AffectedRow[];
  readonly hosts: readonly string[];
  readonly unknownBeyond: readonly string[];
  readonly internetFacing: readonly string[];
  readonly leftOut?: LeftOut;
}

/** Rows with the nodes they speak of, in the same order. */
export interface AffectedRows {
  readonly nodes: Int32Array;
  readonly rows: readonly AffectedRow[];
}

/** Rank of `one`: what an ambiguous mapping caps certainty at. */
const ONE = CERTAINTIES.indexOf("one");

/**
 * The rows of the nearest `most` of what needs `failed`, nearest first; `doubtful` caps their certainty. The walk is theirs
 * until they are made.
 */
export function* affectedRows(
  scene: RowScene,
  walk: ReachWalk,
  failed: readonly number[],
  doubtful: boolean,
  most = Number.POSITIVE_INFINITY,
): Pieces<AffectedRows> {
  const { graph, facts } = scene;
  const count = walk.from(failed, most, (node) => facts.isShown(node));
  const shown: { readonly place: number; readonly hops: number; readonly id: string }[] = [];
  for (let place = 0; place < count && shown.length < most; place += 1) {
    const node = walk.node(place);
    if (facts.isShown(node)) {
      shown.push({ place, hops: walk.hops(place), id: graph.nodes[node]?.id ?? "" });
    }
  }
  shown.sort((a, b) => a.hops - b.hops || compareIds(a.id, b.id));
  yield;
  const rows: AffectedRow[] = [];
  for (const { place } of shown) {
    rows.push(affectedRow(scene, walk, place, doubtful));
    yield;
  }
  return { nodes: Int32Array.from(shown, ({ place }) => walk.node(place)), rows };
}

/** All of it together; what of `reached` has no row is only counted. */
export function impactRows(
  graph: DependencyGraph,
  failed: readonly number[],
  { services, processes, hosts, unknownBeyond, internetFacing }: Reached,
  { rows }: AffectedRows,
): ImpactRows {
  const listed = rows.filter(({ port }) => port !== null).length;
  const leftOut = { services: services - listed, processes: processes - (rows.length - listed) };
  return {
    ...(leftOut.services + leftOut.processes === 0 ? {} : { leftOut }),
    failed: failedRows(failed.map((node) => graph.nodes[node])),
    affected: rows,
    hosts,
    unknownBeyond,
    internetFacing,
  };
}

/** Of a host that is down everything failed; who only left traces there has no name, and no row. */
function failedRows(nodes: readonly (GraphNodeInfo | undefined)[]): FailedRow[] {
  return nodes
    .filter((node) => node?.passing !== true)
    .map(failedRow)
    .sort((a, b) => compareIds(a.id, b.id));
}

function affectedRow(scene: RowScene, walk: ReachWalk, i: number, doubtful: boolean): AffectedRow {
  const node = walk.node(i);
  const { id, host, port, process } = failedRow(scene.graph.nodes[node]);
  const { degree, ...states } = statesOf(scene, node, id);
  return {
    id,
    host,
    port,
    process,
    degree,
    hops: walk.hops(i),
    certainty: certaintyWord(walk.certainty(i), doubtful),
    ...states,
    path: walk.path(i),
  };
}

/** What of a row hangs on states alone, and not on the way to what failed. */
function statesOf(scene: RowScene, node: number, id: string): RowStates {
  const degree = degreeOf(scene.levels[node] ?? 0) ?? "potential";
  const own = scene.stateOf(id);
  return {
    degree,
    ownState: own?.state ?? null,
    propagatedState: propagatedState(degree),
    handling: own === undefined ? {} : said(own.handling),
  };
}

type RowStates = Pick<AffectedRow, "degree" | "ownState" | "propagatedState" | "handling">;

/** The rows again where only states changed. */
export function restatedRows(scene: RowScene, { nodes, rows }: AffectedRows): AffectedRows {
  return { nodes, rows: rows.map((row, i) => ({ ...row, ...statesOf(scene, nodes[i] ?? -1, row.id) })) };
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
