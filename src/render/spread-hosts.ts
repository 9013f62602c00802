/** Spreads a host that is busy with itself over several boxes, one a process, so that its inner talk can be followed. */
import type { Picture, PictureBox, PictureEdge } from "./picture.ts";

/** Edges within one host that its box can show without a tangle. */
const FEW = 3;

/** Boxes from which a picture has enough other things to show. */
const MANY_BOXES = 8;

/** The picture with busy hosts spread; itself where there is none, or where many hosts are drawn. */
export function spreadHosts(picture: Picture): Picture {
  if (picture.boxes.length > MANY_BOXES) {
    return picture;
  }
  const boxes = picture.boxes.flatMap((box) => (isBusy(box, picture.edges) ? spread(box) : [box]));
  return boxes.length === picture.boxes.length ? picture : { ...picture, boxes };
}

function isBusy(box: PictureBox, edges: readonly PictureEdge[]): boolean {
  const inside = new Set(box.units.flatMap((unit) => [unit.id, ...unit.rows.map((row) => row.id)]));
  const inner = edges.filter((edge) => inside.has(edge.from) && inside.has(edge.to));
  return inner.length > FEW;
}

/** One box a unit; what is not drawn is told once, in the first. */
function spread(box: PictureBox): PictureBox[] {
  return box.units.map((unit, i) => ({
    ...box,
    id: `${box.id} ${unit.id}`,
    units: [unit],
    hidden: i === 0 ? box.hidden : 0,
  }));
}
