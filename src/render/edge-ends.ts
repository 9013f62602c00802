/** Edges between rows, for text formats that know no units: a unit is its first row. */
import type { Picture, PictureEdge } from "./picture.ts";

/** An edge with the rows at its ends. */
export interface EdgeEnds {
  readonly edge: PictureEdge;
  readonly from: string;
  readonly to: string;
}

/** All edges of a picture whose both ends are drawn. */
export function edgeEnds(picture: Picture): EdgeEnds[] {
  const rowOf = new Map<string, string>();
  for (const { units } of picture.boxes) {
    for (const { id, rows } of units) {
      rowOf.set(id, rows[0]?.id ?? id);
    }
  }
  for (const { units } of picture.boxes) {
    for (const row of units.flatMap(({ rows }) => rows)) {
      rowOf.set(row.id, row.id);
    }
  }
  return picture.edges.flatMap((edge) => {
    const from = rowOf.get(edge.from);
    const to = rowOf.get(edge.to);
    return from === undefined || to === undefined ? [] : [{ edge, from, to }];
  });
}
