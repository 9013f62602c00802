/** The order of the units within their boxes. */
import type { Offsets } from "./lanes.ts";
import type { Picture, PictureBox } from "./picture.ts";

/** Where an id ends: its unit, its box and its height in the whole. */
interface Place {
  readonly unit: string;
  readonly box: string;
  readonly y: number;
}

/**
 * The boxes with their units in the order in which their lines arrive. What needs others of its own host stands above
 * them; units without lines come last.
 */
export function sortUnits(
  picture: Picture,
  boxes: readonly PictureBox[],
  edges: readonly number[],
  offsets: Offsets,
  topOf: ReadonlyMap<string, number>,
): PictureBox[] {
  const places = placesOf(boxes, offsets, topOf);
  const inner: { from: string; to: string }[] = [];
  const arrivals = new Map<string, number[]>();
  for (const index of edges) {
    const from = places.get(picture.edges[index]?.from ?? "");
    const to = places.get(picture.edges[index]?.to ?? "");
    if (from !== undefined && to !== undefined && from.box === to.box) {
      inner.push({ from: from.unit, to: to.unit });
    } else if (from !== undefined && to !== undefined) {
      arrivals.set(from.unit, [...(arrivals.get(from.unit) ?? []), to.y]);
      arrivals.set(to.unit, [...(arrivals.get(to.unit) ?? []), from.y]);
    }
  }
  const depths = innerDepths(inner);
  return boxes.map((box) => ({
    ...box,
    units: box.units.toSorted(
      (a, b) =>
        (depths.get(a.id) ?? 0) - (depths.get(b.id) ?? 0) || mean(arrivals.get(a.id)) - mean(arrivals.get(b.id)),
    ),
  }));
}

function placesOf(
  boxes: readonly PictureBox[],
  offsets: Offsets,
  topOf: ReadonlyMap<string, number>,
): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const box of boxes) {
    for (const unit of box.units) {
      for (const id of [unit.id, ...unit.rows.map((row) => row.id)]) {
        const y = (topOf.get(box.id) ?? 0) + (offsets.get(id)?.offset ?? 0);
        places.set(id, { unit: unit.id, box: box.id, y });
      }
    }
  }
  return places;
}

/** How deep each unit stands within its host: one deeper than the deepest that needs it. */
function innerDepths(inner: readonly { readonly from: string; readonly to: string }[]): Map<string, number> {
  const depths = new Map<string, number>();
  const deepest = new Set(inner.flatMap(({ from, to }) => [from, to])).size;
  // As many rounds as units settle any chain; what runs in a circle stops there too.
  for (let round = 1; round < deepest; round += 1) {
    for (const { from, to } of inner) {
      depths.set(to, Math.min(deepest, Math.max(depths.get(to) ?? 0, (depths.get(from) ?? 0) + 1)));
    }
  }
  return depths;
}

function mean(values: readonly number[] | undefined): number {
  return values === undefined ? Number.MAX_VALUE : values.reduce((sum, y) => sum + y, 0) / values.length;
}
