/**
 * The layout of our pictures: host boxes in layers from left to right, dependents before their dependencies, edges
 * straight through lanes of their own and curved only where no box stands. Parts that are not connected are laid out
 * alone and packed side by side.
 */
import { offsetsOf, rowRects } from "./box-content.ts";
import { boxHeight, boxWidth, MEASURE } from "./box-size.ts";
import { componentsOf } from "./components.ts";
import { type Lanes, layLanes, type Offsets } from "./lanes.ts";
import type { EdgeWay, Layout, Point, Rect } from "./layout.ts";
import { orderLayers } from "./order-layers.ts";
import { type Part, packParts } from "./pack-parts.ts";
import type { Picture, PictureBox } from "./picture.ts";
import { placeItems } from "./place-items.ts";
import { type Column, columnsOf, innerWay, wayOf } from "./route-edges.ts";
import { sortUnits } from "./sort-units.ts";
import { wiresOf } from "./wires.ts";

/** Places a picture; see `Layout`. */
export const layeredLayout: Layout = (picture) => {
  const parts = componentsOf(picture).map(({ boxes, edges }) => layOutPart(picture, boxes, edges));
  return packParts(parts, picture.edges.length);
};

/** Rounds of arranging boxes, then the units in them by where their lines arrive: many where they cost nothing. */
function roundsFor(edges: number): number {
  return edges < 60 ? 8 : 1;
}

function layOutPart(picture: Picture, boxes: readonly PictureBox[], edges: readonly number[]): Part {
  let arranged = arrange(picture, boxes, edges);
  let best = { boxes, arranged };
  let sorted = boxes;
  const rounds = roundsFor(edges.length);
  for (let round = 0; round < rounds && (round === 0 || best.arranged.crossings > 0); round += 1) {
    const topOf = new Map(sorted.map((box, i) => [box.id, arranged.tops[i] ?? 0]));
    sorted = sortUnits(picture, sorted, edges, arranged.offsets, topOf);
    arranged = arrange(picture, sorted, edges);
    // The first sorting is taken in any case: it also brings units without lines to the end of their box.
    if (round === 0 || arranged.crossings < best.arranged.crossings) {
      best = { boxes: sorted, arranged };
    }
  }
  return measure(picture, best.boxes, best.arranged);
}

interface Arrangement {
  readonly lanes: Lanes;
  readonly offsets: Offsets;
  readonly tops: readonly number[];
  readonly crossings: number;
}

function arrange(picture: Picture, boxes: readonly PictureBox[], edges: readonly number[]): Arrangement {
  const offsets = offsetsOf(boxes);
  const lanes = layLanes(picture, boxes, edges, offsets);
  const wires = wiresOf(lanes);
  const { layers, crossings } = orderLayers(lanes, wires);
  return { lanes, offsets, tops: placeItems(wires, layers), crossings };
}

/** Columns, then the places in them, then the ways between those. */
function measure(picture: Picture, boxes: readonly PictureBox[], arrangement: Arrangement): Part {
  const { lanes, offsets, tops } = arrangement;
  const gutters = new Set(lanes.inner.map((edge) => offsets.get(picture.edges[edge]?.from ?? "")?.box ?? ""));
  const columns = columnsOf(lanes, widthsOf(lanes, gutters), tops);
  const rects = new Map<string, Rect>();
  const rows = new Map<string, Rect>();
  for (const [i, box] of boxes.entries()) {
    const { left, right } = columns[lanes.items[i]?.layer ?? 0] ?? { left: 0, right: 0 };
    const rect = { x: left, y: tops[i] ?? 0, width: right - left, height: boxHeight(box) };
    rects.set(box.id, rect);
    placeRows(box, rect, gutters.has(box.id), rows);
  }
  const lowest = Math.max(0, ...lanes.items.map((item, i) => (tops[i] ?? 0) + item.height));
  const ways = waysOf(picture, arrangement, columns, rows);
  return { width: columns.at(-1)?.right ?? 0, height: lowest, boxes: rects, rows, ways };
}

/** Each layer is as wide as its widest box. */
function widthsOf(lanes: Lanes, gutters: ReadonlySet<string>): number[] {
  const widths = Array.from({ length: lanes.layers }, () => 0);
  for (const { box, layer } of lanes.items) {
    widths[layer] = Math.max(widths[layer] ?? 0, box === null ? 0 : boxWidth(box, gutters.has(box.id)));
  }
  return widths;
}

function waysOf(
  picture: Picture,
  { lanes, tops }: Arrangement,
  columns: readonly Column[],
  rows: ReadonlyMap<string, Rect>,
): Map<number, EdgeWay> {
  const rectOf = (id: string | undefined) => rows.get(id ?? "") ?? NOWHERE;
  const ways = new Map<number, EdgeWay>();
  for (const chain of lanes.chains) {
    const from = rectOf(picture.edges[chain.edge]?.from);
    const to = rectOf(picture.edges[chain.edge]?.to);
    const ends = chain.flipped ? { left: to, right: from } : { left: from, right: to };
    ways.set(chain.edge, wayOf(lanes, chain, tops, columns, ends));
  }
  for (const edge of lanes.inner) {
    const { from, to } = picture.edges[edge] ?? {};
    ways.set(edge, innerWay(rightEnd(rectOf(from)), rightEnd(rectOf(to)), MEASURE.gutter));
  }
  return ways;
}

/** Rows by their id; a unit's place spans its rows, so that edges find both. */
function placeRows(box: PictureBox, rect: Rect, gutter: boolean, rows: Map<string, Rect>): void {
  for (const [unit, rects] of rowRects(box, rect, gutter)) {
    const first = rects[0];
    const last = rects.at(-1);
    if (first !== undefined && last !== undefined) {
      rows.set(unit.id, { ...first, height: last.y + last.height - first.y });
    }
    for (const [i, row] of unit.rows.entries()) {
      const place = rects[i];
      if (place !== undefined && (row.id !== unit.id || unit.rows.length === 1)) {
        rows.set(row.id, place);
      }
    }
  }
}

const NOWHERE: Rect = { x: 0, y: 0, width: 0, height: 0 };

function rightEnd(rect: Rect): Point {
  return { x: rect.x + rect.width, y: rect.y + rect.height / 2 };
}
