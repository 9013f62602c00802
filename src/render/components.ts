/** Parts of a picture that no edge connects. */
import type { Picture, PictureBox } from "./picture.ts";

/** Boxes that are connected, with the indices of their edges. */
export interface Component {
  readonly boxes: readonly PictureBox[];
  readonly edges: readonly number[];
}

/** The components of a picture, those with most boxes first, then in the order of the boxes. */
export function componentsOf(picture: Picture): Component[] {
  const boxOf = new Map<string, number>();
  for (const [index, box] of picture.boxes.entries()) {
    for (const unit of box.units) {
      boxOf.set(unit.id, index);
      for (const row of unit.rows) {
        boxOf.set(row.id, index);
      }
    }
  }
  const leader = picture.boxes.map((_, index) => index);
  for (const { from, to } of picture.edges) {
    join(leader, boxOf.get(from), boxOf.get(to));
  }
  const components = new Map<number, { boxes: PictureBox[]; edges: number[] }>();
  for (const [index, box] of picture.boxes.entries()) {
    const root = find(leader, index);
    const component = components.get(root) ?? { boxes: [], edges: [] };
    component.boxes.push(box);
    components.set(root, component);
  }
  for (const [index, { from }] of picture.edges.entries()) {
    components.get(find(leader, boxOf.get(from) ?? -1))?.edges.push(index);
  }
  return [...components.values()].sort((a, b) => b.boxes.length - a.boxes.length);
}

function join(leader: number[], a: number | undefined, b: number | undefined): void {
  if (a !== undefined && b !== undefined) {
    const [low, high] = [find(leader, a), find(leader, b)].sort((x, y) => x - y);
    leader[high ?? a] = low ?? b;
  }
}

function find(leader: number[], index: number): number {
  let root = index;
  while ((leader[root] ?? root) !== root) {
    root = leader[root] ?? root;
  }
  return root;
}
