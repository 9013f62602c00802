/** Turns chosen units into boxes, rows and edges. */
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import type { GraphNode, HostGraph } from "../model/host-graph.ts";
import { INTERNET } from "../model/ids.ts";
import type { AffectedRow, Degree } from "../model/impact.ts";
import type { Pieces } from "../model/pieces.ts";
import { isProblem, type State, UNHANDLED } from "../model/state.ts";
import { labelOf } from "./labels.ts";
import type { Picture, PictureBox, PictureEdge, PictureRow, PictureUnit } from "./picture.ts";
import { isSpokenOf, type Unit, type UnitEdge, type UnitGraph } from "./unit-graph.ts";

/** Everything that decides how a chosen unit looks. */
export interface Painting {
  readonly graphs: ReadonlyMap<string, HostGraph>;
  readonly graph: UnitGraph;
  readonly focus: ReadonlySet<string>;
  readonly focusHost: string | undefined;
  readonly failed: ReadonlySet<string>;
  /** Rows of the impact by id; undefined where the picture is about no single problem. */
  readonly affected: ReadonlyMap<string, AffectedRow> | undefined;
}

/** The picture of the chosen units, with all edges between them. */
export function* drawUnits(painting: Painting, chosen: ReadonlyMap<string, number>): Pieces<Picture> {
  const edges = [...chosen.keys()].flatMap((unit) =>
    (painting.graph.out.get(unit) ?? []).filter(({ toUnit }) => chosen.has(toUnit)),
  );
  const touched = new Set(edges.map(({ to }) => to));
  const units = [...chosen.keys()].sort(compareIds).flatMap((id) => painting.graph.units.get(id) ?? []);
  const boxes = grouped(units, boxIdOf);
  yield;
  const drawn: PictureBox[] = [];
  for (const [id, within] of boxes) {
    drawn.push(drawBox(painting, id, within, touched));
    yield;
  }
  const shown = new Set(drawn.flatMap((box) => box.units.flatMap(({ rows }) => rows.map(({ id }) => id))));
  return {
    boxes: drawn.sort((a, b) => compareIds(a.id, b.id)),
    edges: edges.map((edge) => drawEdge(painting, edge, shown)).sort(byEnds),
    notes: [],
  };
}

/** The Internet is two boxes: who comes from there, and what is needed from there. */
function boxIdOf(unit: Unit): string {
  if (unit.host !== INTERNET) {
    return unit.host;
  }
  return unit.process === null ? INTERNET : `${INTERNET}/`;
}

function drawBox(painting: Painting, id: string, units: readonly Unit[], touched: ReadonlySet<string>): PictureBox {
  const host = units[0]?.host ?? id;
  const graph = painting.graphs.get(host);
  const drawn = units.map((unit) => drawUnit(painting, unit, touched));
  const rows = drawn.reduce((sum, unit) => sum + unit.rows.length, 0);
  const known = graph !== undefined && (graph.state !== null || graph.agent !== "none");
  const internet = host === INTERNET;
  return {
    id,
    kind: kindOf(internet, known),
    title: internet ? "Internet" : host,
    hosts: [host],
    state: graph?.state ?? null,
    handling: graph?.handling ?? UNHANDLED,
    agent: graph?.agent ?? "none",
    units: drawn,
    hidden: internet || graph === undefined ? 0 : Math.max(0, countDrawable(painting, graph) - rows),
    focus: painting.focusHost === host,
  };
}

function kindOf(internet: boolean, known: boolean): PictureBox["kind"] {
  if (internet) {
    return "internet";
  }
  return known ? "host" : "outside";
}

/** Rows a host would have if all of it were drawn. */
function countDrawable(painting: Painting, graph: HostGraph): number {
  const units = new Set(graph.nodes.map(({ id }) => painting.graph.unitOf.get(id) ?? id));
  let rows = 0;
  for (const id of units) {
    rows += Math.max(1, painting.graph.units.get(id)?.services.length ?? 0);
  }
  return rows;
}

/** A unit with those of its services that matter here, or with its process alone. What matters changes with no state. */
function drawUnit(painting: Painting, unit: Unit, touched: ReadonlySet<string>): PictureUnit {
  const matters = unit.services.filter(
    (node) => touched.has(node.id) || painting.focus.has(node.id) || isWatched(painting, node),
  );
  const services = matters.length > 0 ? matters : unit.services;
  const rows = services.map((node) => drawRow(painting, unit, node));
  if (rows.length > 0) {
    return { id: unit.id, rows };
  }
  return { id: unit.id, rows: unit.process === null ? [] : [drawRow(painting, unit, unit.process)] };
}

/** Services that somebody checks are always drawn, so that a changed state moves nothing. */
function isWatched(painting: Painting, node: GraphNode): boolean {
  return node.checks.length > 0 || painting.affected?.has(node.id) === true;
}

function drawRow(painting: Painting, unit: Unit, node: GraphNode): PictureRow {
  const hit = hitOf(painting, node);
  return {
    id: node.id,
    host: unit.host,
    label: labelOf({ ...node, process: node.process ?? unit.process?.process ?? null }),
    ownState: node.ownState,
    stateType: node.stateType,
    handling: node.handling,
    degree: hit?.degree ?? null,
    propagatedState: hit?.state ?? null,
    failed: painting.failed.has(node.id),
    focus: painting.focus.has(node.id),
    old: node.age === "old" && !isSpokenOf(node),
    checks: node.checks,
    times: 1,
  };
}

const REACHES: Readonly<Record<Degree, State>> = { affected: "CRITICAL", degraded: "WARNING", potential: "UNKNOWN" };

function hitOf(painting: Painting, node: GraphNode): { degree: Degree; state: State } | undefined {
  const row = painting.affected?.get(node.id);
  if (row !== undefined) {
    return { degree: row.degree, state: row.propagatedState };
  }
  return node.degree === null ? undefined : { degree: node.degree, state: REACHES[node.degree] };
}

function drawEdge(painting: Painting, edge: UnitEdge, shown: ReadonlySet<string>): PictureEdge {
  const { need } = edge;
  return {
    from: edge.from,
    to: shown.has(edge.to) ? edge.to : edge.toUnit,
    certainty: need.certainty,
    count: need.count,
    lastSeen: need.lastSeen,
    hit: hitOver(painting, edge),
    over: need.over ?? null,
  };
}

/** Trouble travels over an edge where its dependency is in trouble and its dependent is hit. */
function hitOver(painting: Painting, edge: UnitEdge): Degree | null {
  const { units } = painting.graph;
  const dependent = nodesOf(units.get(edge.from)).map((node) => degreeIn(painting, node));
  const strongest = dependent.find((degree) => degree !== null) ?? null;
  return strongest !== null && isSource(painting, edge) ? strongest : null;
}

function isSource(painting: Painting, edge: UnitEdge): boolean {
  const nodes = nodesOf(painting.graph.units.get(edge.toUnit)).filter(
    ({ id, kind }) => id === edge.to || kind === "process",
  );
  if (painting.affected !== undefined) {
    return nodes.some(({ id }) => painting.failed.has(id) || painting.affected?.has(id) === true);
  }
  return nodes.some((node) => node.degree !== null || (node.ownState !== null && isProblem(node.ownState)));
}

/** What the picture's own problem does to a node; in a picture of no single problem what all of them do. */
function degreeIn(painting: Painting, node: GraphNode): Degree | null {
  return painting.affected === undefined ? node.degree : (painting.affected.get(node.id)?.degree ?? null);
}

function nodesOf(unit: Unit | undefined): readonly GraphNode[] {
  if (unit === undefined) {
    return [];
  }
  return unit.process === null ? unit.services : [unit.process, ...unit.services];
}

function byEnds(a: PictureEdge, b: PictureEdge): number {
  return compareIds(a.from, b.from) || compareIds(a.to, b.to);
}
