/** A layout for when there is no time for a good one: boxes in columns as they come, edges as curves wherever they run. */
import { rowRects } from "./box-content.ts";
import { boxHeight, boxWidth } from "./box-size.ts";
import type { EdgeWay, Layout, Rect } from "./layout.ts";

const GAP = 26;
const BETWEEN = 120;

/** Places a picture; see `Layout`. Boxes do not overlap; edges may run behind them. */
export const plainLayout: Layout = (picture) => {
  const heights = picture.boxes.map((box) => boxHeight(box) + GAP);
  const total = heights.reduce((sum, height) => sum + height, 0);
  const tallest = Math.max(600, Math.sqrt(total * 260), ...heights);
  const boxes = new Map<string, Rect>();
  const rows = new Map<string, Rect>();
  let [x, y, widest, lowest] = [0, 0, 0, 0];
  for (const [i, box] of picture.boxes.entries()) {
    if (y > 0 && y + (heights[i] ?? 0) > tallest) {
      [x, y, widest] = [x + widest + BETWEEN, 0, 0];
    }
    const rect = { x, y, width: boxWidth(box, true), height: boxHeight(box) };
    boxes.set(box.id, rect);
    for (const [unit, places] of rowRects(box, rect, true)) {
      for (const [at, place] of places.entries()) {
        rows.set(unit.rows[at]?.id ?? "", place);
      }
      rows.set(unit.id, rows.get(unit.id) ?? places[0] ?? rect);
    }
    y += rect.height + GAP;
    widest = Math.max(widest, rect.width);
    lowest = Math.max(lowest, y - GAP);
  }
  const edges = picture.edges.map(({ from, to }) => wayOf(rows.get(from), rows.get(to)));
  return { width: x + widest, height: lowest, boxes, rows, edges };
};

/** From the side of the dependent that looks towards the dependency. */
function wayOf(from: Rect | undefined, to: Rect | undefined): EdgeWay {
  if (from === undefined || to === undefined) {
    return { start: { x: 0, y: 0 }, steps: [] };
  }
  const forwards = to.x > from.x;
  const start = { x: forwards ? from.x + from.width : from.x, y: from.y + from.height / 2 };
  const end = { x: forwards ? to.x : to.x + to.width, y: to.y + to.height / 2 };
  const bend = Math.max(40, Math.abs(end.x - start.x) / 2) * (forwards ? 1 : -1);
  const c1 = { x: start.x + bend, y: start.y };
  const c2 = { x: end.x - bend, y: end.y };
  return { start, steps: [{ kind: "curve", c1, c2, to: end }] };
}
