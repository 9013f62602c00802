/** The order in which rows are read: what failed, what it hits from near to far, other problems, then the rest. */
import { compareIds } from "../model/compare.ts";
import type { Impact } from "../model/impact.ts";
import { badness } from "../model/state.ts";
import { type Picture, type PictureRow, rowsOf } from "./picture.ts";

/** All rows of a picture in reading order: the order of tabbing through it, and of the table below it. */
export function readingOrder(picture: Picture, impact: Impact | undefined): PictureRow[] {
  const nearness = new Map((impact?.affected ?? []).map(({ id }, index) => [id, index]));
  const rank = (row: PictureRow) => {
    if (row.failed || row.focus) {
      return -1;
    }
    return nearness.get(row.id) ?? Number.MAX_SAFE_INTEGER;
  };
  const bad = (row: PictureRow) => (row.ownState === null ? 0 : badness(row.ownState));
  return [...rowsOf(picture)]
    .map(({ row }) => row)
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        Math.max(bad(b), 2) - Math.max(bad(a), 2) ||
        Number(b.degree !== null) - Number(a.degree !== null) ||
        compareIds(a.id, b.id),
    );
}
