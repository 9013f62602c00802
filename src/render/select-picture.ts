/** Chooses what a picture shows: a problem or a host with its neighbourhood, or the problems of the whole site with theirs. */
import type { HostGraph } from "../model/host-graph.ts";
import { HOST_CHECK } from "../model/ids.ts";
import type { Impact } from "../model/impact.ts";
import { inOneGo, type Pieces } from "../model/pieces.ts";
import { isProblem } from "../model/state.ts";
import { boundPicture, ROW_LIMIT } from "./bound-picture.ts";
import { drawUnits, type Painting } from "./draw-units.ts";
import type { Picture } from "./picture.ts";
import { spreadHosts } from "./spread-hosts.ts";
import { buildUnitGraph, type Unit, type UnitGraph, within } from "./unit-graph.ts";

/** Hops drawn where nobody asks for others. */
export const DEFAULT_DEPTHS = Object.freeze({ dependents: 3, dependencies: 1 });

/** What a picture is asked to show. */
export interface PictureRequest {
  /** The problem it is about, where there is one. */
  readonly impact?: Impact | undefined;
  /** Ids of services and processes it is about; without them the failed ones of the impact. */
  readonly focus?: readonly string[];
  /** A host it is about as a whole. */
  readonly host?: string | undefined;
  /** Hops drawn towards those who need the focus. */
  readonly dependents?: number;
  /** Hops drawn towards what the focus needs. */
  readonly dependencies?: number;
  /** False to draw equal hosts one by one. */
  readonly fold?: boolean;
}

/** The picture of one problem, service or host and its neighbourhood. */
export function selectPicture(graphs: ReadonlyMap<string, HostGraph>, request: PictureRequest): Picture {
  return inOneGo(picturePieces(graphs, request));
}

/** The same, step by step. */
export function* picturePieces(graphs: ReadonlyMap<string, HostGraph>, request: PictureRequest): Pieces<Picture> {
  const graph = yield* buildUnitGraph(graphs);
  const focus = focusOf(graph, graphs, request);
  const start = [...focus].map((id) => graph.unitOf.get(id) ?? id);
  const dependents = within(graph, start, "in", request.dependents ?? DEFAULT_DEPTHS.dependents);
  const dependencies = within(graph, start, "out", request.dependencies ?? DEFAULT_DEPTHS.dependencies);
  const distance = new Map([...dependencies, ...dependents]);
  const painting = paintingOf(graphs, graph, request.impact, focus, request.host);
  const picture = yield* drawBounded(painting, distance, request.fold ?? true);
  return { ...picture, notes: [...beyond(graph, request.impact, distance), ...picture.notes] };
}

/** How the site is to be drawn. */
export interface OverviewRequest {
  /** False to draw equal hosts one by one. */
  readonly fold?: boolean;
  /** Hosts whose graphs are not among those given. */
  readonly notGiven?: number;
}

/** The picture of the site: all of it where that can be read, else the problems with their neighbourhood. */
export function selectOverview(graphs: ReadonlyMap<string, HostGraph>, request: OverviewRequest = {}): Picture {
  return inOneGo(overviewPieces(graphs, request));
}

/** The same, step by step. */
export function* overviewPieces(
  graphs: ReadonlyMap<string, HostGraph>,
  request: OverviewRequest = {},
): Pieces<Picture> {
  const { fold = true, notGiven = 0 } = request;
  const graph = yield* buildUnitGraph(graphs);
  const painting = paintingOf(graphs, graph, undefined, new Set(), undefined);
  const all = new Map([...graph.units.keys()].map((unit) => [unit, 0]));
  const troubled = [...graph.units.values()].filter(isTroubled).map(({ id }) => id);
  const elsewhere = notGiven === 0 ? "" : ` ${notGiven} more hosts are not looked at.`;
  if (troubled.length === 0 || (all.size <= ROW_LIMIT && notGiven === 0)) {
    const picture = yield* drawBounded(painting, all, fold);
    return { ...picture, notes: [...picture.notes, ...(elsewhere === "" ? [] : [elsewhere.trim()])] };
  }
  const near = new Map([...within(graph, troubled, "out", 1), ...within(graph, troubled, "in", 1)]);
  const picture = yield* drawBounded(painting, near, fold);
  const rest = all.size - near.size;
  const note = `Only problems and what is next to them are drawn; ${rest} more services and processes have none.${elsewhere}`;
  return { ...picture, notes: [...picture.notes, ...(rest > 0 || elsewhere !== "" ? [note] : [])] };
}

/** Ids the picture is about: those named, those that failed, or all of the host. */
function focusOf(graph: UnitGraph, graphs: ReadonlyMap<string, HostGraph>, request: PictureRequest): Set<string> {
  const named = [...(request.focus ?? []), ...(request.impact?.failed.map(({ id }) => id) ?? [])];
  const known = named.filter((id) => graph.unitOf.has(id));
  if (known.length > 0 || request.host === undefined) {
    return new Set(known);
  }
  return new Set(graphs.get(request.host)?.nodes.map(({ id }) => id) ?? []);
}

function paintingOf(
  graphs: ReadonlyMap<string, HostGraph>,
  graph: UnitGraph,
  impact: Impact | undefined,
  focus: ReadonlySet<string>,
  host: string | undefined,
): Painting {
  const wholeHost = impact === undefined || (impact.problem.check ?? HOST_CHECK) === HOST_CHECK;
  return {
    graphs,
    graph,
    focus,
    focusHost: wholeHost ? (host ?? impact?.problem.host) : undefined,
    failed: new Set(impact?.failed.map(({ id }) => id)),
    affected: impact === undefined ? undefined : new Map(impact.affected.map((row) => [row.id, row])),
  };
}

function isTroubled(unit: Unit): boolean {
  const nodes = unit.process === null ? unit.services : [unit.process, ...unit.services];
  return nodes.some((node) => node.degree !== null || (node.ownState !== null && isProblem(node.ownState)));
}

/** Draws the units near something, folded as little as needed. */
function* drawBounded(painting: Painting, distance: ReadonlyMap<string, number>, fold: boolean): Pieces<Picture> {
  const groupsOf = (host: string) => painting.graphs.get(host)?.groups ?? [];
  const whole = yield* drawUnits(painting, distance);
  return spreadHosts(yield* boundPicture(whole, { groupsOf, distance, fold }));
}

/** Says how much of what is affected lies outside the picture. */
function beyond(graph: UnitGraph, impact: Impact | undefined, drawn: ReadonlyMap<string, number>): string[] {
  const outside = (impact?.affected ?? []).filter(({ id }) => !drawn.has(graph.unitOf.get(id) ?? id)).length;
  const noun =
    outside === 1 ? "service or process that may be affected lies" : "services or processes that may be affected lie";
  return outside === 0 ? [] : [`${outside} more ${noun} farther away.`];
}
