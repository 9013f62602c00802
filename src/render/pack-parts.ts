/** Packs the parts of a picture on shelves, the largest first, into one not too wide and not too high. */
import type { EdgeWay, Point, Positions, Rect, Step } from "./layout.ts";

/** One part with places of its own, from its left top. */
export interface Part {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Rect>;
  readonly rows: ReadonlyMap<string, Rect>;
  /** By index in the picture's edges. */
  readonly ways: ReadonlyMap<number, EdgeWay>;
}

const GAP = 36;
const NARROWEST = 900;
/** Width for height of the whole. */
const SHAPE = 1.7;
const NO_WAY: EdgeWay = { start: { x: 0, y: 0 }, steps: [] };

/** The parts in one picture of `edges` edges. */
export function packParts(parts: readonly Part[], edges: number): Positions {
  const area = parts.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const widest = Math.max(NARROWEST, Math.sqrt(area * SHAPE), ...parts.map(({ width }) => width));
  const boxes = new Map<string, Rect>();
  const rows = new Map<string, Rect>();
  const ways = new Map<number, EdgeWay>();
  const pen = { x: 0, y: 0, shelf: 0 };
  let right = 0;
  for (const part of parts) {
    if (pen.x > 0 && pen.x + part.width > widest) {
      Object.assign(pen, { x: 0, y: pen.y + pen.shelf + GAP, shelf: 0 });
    }
    move(part, pen, { boxes, rows, ways });
    right = Math.max(right, pen.x + part.width);
    Object.assign(pen, { x: pen.x + part.width + GAP, shelf: Math.max(pen.shelf, part.height) });
  }
  return {
    width: right,
    height: pen.y + pen.shelf,
    boxes,
    rows,
    edges: Array.from({ length: edges }, (_, index) => ways.get(index) ?? NO_WAY),
  };
}

function move(
  part: Part,
  by: Point,
  into: { boxes: Map<string, Rect>; rows: Map<string, Rect>; ways: Map<number, EdgeWay> },
): void {
  for (const [id, rect] of part.boxes) {
    into.boxes.set(id, { ...rect, ...shift(rect, by) });
  }
  for (const [id, rect] of part.rows) {
    into.rows.set(id, { ...rect, ...shift(rect, by) });
  }
  for (const [index, way] of part.ways) {
    into.ways.set(index, { start: shift(way.start, by), steps: way.steps.map((step) => shiftStep(step, by)) });
  }
}

function shiftStep(step: Step, by: Point): Step {
  return step.kind === "line"
    ? { kind: "line", to: shift(step.to, by) }
    : { kind: "curve", c1: shift(step.c1, by), c2: shift(step.c2, by), to: shift(step.to, by) };
}

function shift(point: Point, by: Point): Point {
  return { x: point.x + by.x, y: point.y + by.y };
}
