/** Where units and rows stand within their box. */
import { boxHeight, MEASURE } from "./box-size.ts";
import type { Rect } from "./layout.ts";
import type { PictureBox, PictureUnit } from "./picture.ts";

/** The middle of each unit and row of the boxes, in pixels from the top of its box. */
export function offsetsOf(boxes: readonly PictureBox[]): Map<string, { box: string; offset: number }> {
  const offsets = new Map<string, { box: string; offset: number }>();
  for (const box of boxes) {
    const rect = { x: 0, y: 0, width: 0, height: boxHeight(box) };
    for (const [unit, rows] of rowRects(box, rect, false)) {
      const first = rows[0]?.y ?? 0;
      const last = rows.at(-1)?.y ?? 0;
      offsets.set(unit.id, { box: box.id, offset: (first + last + MEASURE.rowHeight) / 2 });
      for (const [i, row] of unit.rows.entries()) {
        offsets.set(row.id, { box: box.id, offset: (rows[i]?.y ?? 0) + MEASURE.rowHeight / 2 });
      }
    }
  }
  return offsets;
}

/** The rectangles of a box's rows, unit by unit. `gutter` leaves room at the right for edges within the box. */
export function rowRects(box: PictureBox, rect: Rect, gutter: boolean): Map<PictureUnit, Rect[]> {
  const { titleHeight, rowHeight, rowGap, unitGap, paddingX, cloud } = MEASURE;
  const inset = box.kind === "internet" ? cloud : 0;
  const x = rect.x + paddingX + inset;
  const width = rect.width - 2 * (paddingX + inset) - (gutter ? MEASURE.gutter : 0);
  const places = new Map<PictureUnit, Rect[]>();
  let y = rect.y + inset + titleHeight;
  for (const unit of box.units) {
    const rects: Rect[] = [];
    for (const _ of unit.rows) {
      rects.push({ x, y, width, height: rowHeight });
      y += rowHeight + rowGap;
    }
    y += unitGap - (unit.rows.length > 0 ? rowGap : 0);
    places.set(unit, rects);
  }
  return places;
}
