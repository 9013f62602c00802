/** Chooses what a picture shows: a problem or a host with its neighbourhood, or the problems of the whole site with theirs. */
import { compareIds } from "../model/compare.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { HOST_CHECK } from "../model/ids.ts";
import type { Impact } from "../model/impact.ts";
import { isProblem } from "../model/state.ts";
import { drawUnits, type Painting } from "./draw-units.ts";
import { foldHosts } from "./fold-hosts.ts";
import type { Picture } from "./picture.ts";
import { spreadHosts } from "./spread-hosts.ts";
import { buildUnitGraph, type Unit, type UnitGraph, within } from "./unit-graph.ts";

/** Hops drawn where nobody asks for others. */
export const DEFAULT_DEPTHS = Object.freeze({ dependents: 3, dependencies: 1 });

/** Rows drawn at most; more than this no eye follows. */
export const ROW_LIMIT = 150;

/** Rows from which equal hosts are folded. */
const FOLD_ROWS = 24;

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
  const graph = buildUnitGraph(graphs);
  const focus = focusOf(graph, graphs, request);
  const start = [...focus].map((id) => graph.unitOf.get(id) ?? id);
  const dependents = within(graph, start, "in", request.dependents ?? DEFAULT_DEPTHS.dependents);
  const dependencies = within(graph, start, "out", request.dependencies ?? DEFAULT_DEPTHS.dependencies);
  const distance = new Map([...dependencies, ...dependents]);
  const painting = paintingOf(graphs, graph, request.impact, focus, request.host);
  const picture = limited(painting, distance, request.fold ?? true);
  return { ...picture, notes: [...beyond(graph, request.impact, distance), ...picture.notes] };
}

/** The picture of the site: all of it where that can be read, else the problems with their neighbourhood. */
export function selectOverview(graphs: ReadonlyMap<string, HostGraph>, fold = true): Picture {
  const graph = buildUnitGraph(graphs);
  const painting = paintingOf(graphs, graph, undefined, new Set(), undefined);
  const all = new Map([...graph.units.keys()].map((unit) => [unit, 0]));
  const whole = foldIfMany(drawUnits(painting, all), fold);
  if (countRows(whole) <= ROW_LIMIT) {
    return whole;
  }
  const troubled = [...graph.units.values()].filter(isTroubled).map(({ id }) => id);
  const near = new Map([...within(graph, troubled, "out", 1), ...within(graph, troubled, "in", 1)]);
  const picture = limited(painting, near, fold);
  const rest = all.size - near.size;
  const note = `Only problems and what is next to them are drawn; ${rest} more services and processes have none.`;
  return { ...picture, notes: [...picture.notes, ...(rest > 0 ? [note] : [])] };
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

/** Draws the units, folds, and leaves out the farthest until the rest can be read. */
function limited(painting: Painting, distance: ReadonlyMap<string, number>, fold: boolean): Picture {
  const whole = foldIfMany(drawUnits(painting, distance), fold);
  if (countRows(whole) <= ROW_LIMIT) {
    return whole;
  }
  const { units } = painting.graph;
  const nearest = [...distance.keys()].sort(
    (a, b) =>
      rank(units.get(a)) - rank(units.get(b)) || (distance.get(a) ?? 0) - (distance.get(b) ?? 0) || compareIds(a, b),
  );
  let room = ROW_LIMIT;
  const kept = new Map<string, number>();
  for (const id of nearest) {
    room -= Math.max(1, units.get(id)?.services.length ?? 1);
    if (room >= 0) {
      kept.set(id, distance.get(id) ?? 0);
    }
  }
  const picture = foldIfMany(drawUnits(painting, kept), fold);
  const note = `${distance.size - kept.size} services and processes farther away are not drawn: more than ${ROW_LIMIT} boxes cannot be read.`;
  return { ...picture, notes: [...picture.notes, note] };
}

/** Troubled units stay longest. */
function rank(unit: Unit | undefined): number {
  return unit !== undefined && isTroubled(unit) ? 0 : 1;
}

function foldIfMany(picture: Picture, fold: boolean): Picture {
  return spreadHosts(fold && countRows(picture) > FOLD_ROWS ? foldHosts(picture) : picture);
}

function countRows(picture: Picture): number {
  let rows = 0;
  for (const box of picture.boxes) {
    for (const unit of box.units) {
      rows += unit.rows.length;
    }
  }
  return rows;
}

/** Says how much of what is affected lies outside the picture. */
function beyond(graph: UnitGraph, impact: Impact | undefined, drawn: ReadonlyMap<string, number>): string[] {
  const outside = (impact?.affected ?? []).filter(({ id }) => !drawn.has(graph.unitOf.get(id) ?? id)).length;
  const noun =
    outside === 1 ? "service or process that may be affected lies" : "services or processes that may be affected lie";
  return outside === 0 ? [] : [`${outside} more ${noun} farther away.`];
}
