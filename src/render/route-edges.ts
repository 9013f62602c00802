/** Columns of the layers, and the ways of the edges through them: straight through columns, curved in the gaps between. */
import type { Lanes, Port } from "./lanes.ts";
import type { EdgeWay, Point, Rect, Step } from "./layout.ts";

const NARROWEST_GAP = 64;
const WIDEST_GAP = 190;
/** Steeper lines get a wider gap: pixels of width for a pixel of height. */
const SLOPE = 0.25;

/** Left and right side of a column. */
export interface Column {
  readonly left: number;
  readonly right: number;
}

/** Columns from left to right; `widths` are those of the layers. */
export function columnsOf(lanes: Lanes, widths: readonly number[], tops: readonly number[]): Column[] {
  const steepest = widths.map(() => 0);
  for (const { left, right } of lanes.segments) {
    const layer = lanes.items[left.item]?.layer ?? 0;
    steepest[layer] = Math.max(steepest[layer] ?? 0, Math.abs(yOf(left, tops) - yOf(right, tops)));
  }
  const columns: Column[] = [];
  let left = 0;
  for (const [layer, width] of widths.entries()) {
    columns.push({ left, right: left + width });
    left += width + Math.round(Math.min(WIDEST_GAP, NARROWEST_GAP + (steepest[layer] ?? 0) * SLOPE));
  }
  return columns;
}

/** The way along a chain. `endAt` gives the rectangle of the rows at an end, whose side the line starts or ends at. */
export function wayOf(
  lanes: Lanes,
  chain: Lanes["chains"][number],
  tops: readonly number[],
  columns: readonly Column[],
  rows: { readonly left: Rect; readonly right: Rect },
): EdgeWay {
  const points: Point[] = [];
  const last = chain.ports.length - 1;
  for (const [i, port] of chain.ports.entries()) {
    const column = columns[lanes.items[port.item]?.layer ?? 0] ?? { left: 0, right: 0 };
    const y = yOf(port, tops);
    points.push({ x: i === 0 ? rows.left.x + rows.left.width : column.left, y });
    points.push({ x: i === last ? rows.right.x : column.right, y });
  }
  return through(chain.flipped ? points.reverse() : points);
}

/** The way of an edge within one box: out of the right side, back into it. */
export function innerWay(from: Point, to: Point, room: number): EdgeWay {
  const bulge = from.x + room;
  return {
    start: from,
    steps: [{ kind: "curve", c1: { x: bulge, y: from.y }, c2: { x: bulge, y: to.y }, to }],
  };
}

/** Pairs of points are straight through a column; between the pairs lies a gap. */
function through(points: readonly Point[]): EdgeWay {
  const [start = { x: 0, y: 0 }, ...rest] = points;
  const steps: Step[] = [];
  let at = start;
  for (const [i, to] of rest.entries()) {
    const middle = (at.x + to.x) / 2;
    steps.push(
      i % 2 === 0 || at.y === to.y
        ? { kind: "line", to }
        : { kind: "curve", c1: { x: middle, y: at.y }, c2: { x: middle, y: to.y }, to },
    );
    at = to;
  }
  return { start, steps };
}

function yOf(port: Port, tops: readonly number[]): number {
  return (tops[port.item] ?? 0) + port.offset;
}
