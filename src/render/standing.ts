/** How the items of a component stand in their layers, with what is asked of that again and again. */
import type { Ends, Wires } from "./wires.ts";

/** An order of the items, changed in place while better ones are looked for. */
export interface Standing {
  /** Items of each layer from top to bottom. */
  readonly layers: readonly number[][];
  /** The number of each item's first port on its left and on its right, counted from the top of its layer. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Tops of the items if every layer were stacked around its middle. */
  readonly tops: Float64Array;
}

/** The standing of an order of items. */
export function standingOf(layers: readonly number[][], wires: Wires): Standing {
  const count = wires.items.length;
  const standing = {
    layers,
    left: new Int32Array(count),
    right: new Int32Array(count),
    tops: new Float64Array(count),
  };
  for (const layer of layers) {
    stand(layer, standing, wires);
  }
  return standing;
}

/** Counts anew what a changed order of a layer's items changes. */
export function stand(layer: readonly number[], { left, right, tops }: Standing, { items, ...wires }: Wires): void {
  let top = -layer.reduce((sum, item) => sum + (items[item]?.height ?? 0), 0) / 2;
  let [lefts, rights] = [0, 0];
  for (const item of layer) {
    left[item] = lefts;
    right[item] = rights;
    tops[item] = top;
    lefts += wires.left.ports[item] ?? 0;
    rights += wires.right.ports[item] ?? 0;
    top += items[item]?.height ?? 0;
  }
}

/** Crossings of all lines; those that share an end do not cross there. */
export function crossingsOf(standing: Standing, wires: Wires): number {
  let crossings = 0;
  for (const [index, layer] of standing.layers.entries()) {
    crossings += crossingsRightOf(layer, standing.layers[index + 1] ?? [], standing, wires);
  }
  return crossings;
}

/** Inversions between the two ends of the lines of a gap, counted with a binary indexed tree. */
function crossingsRightOf(layer: readonly number[], next: readonly number[], { left }: Standing, wires: Wires): number {
  const { first, far, farPort } = wires.right;
  const last = next.at(-1) ?? 0;
  const tree = new Int32Array((left[last] ?? 0) + (wires.left.ports[last] ?? 0) + 1);
  const slotOf = (line: number) => 1 + (left[far[line] ?? 0] ?? 0) + (farPort[line] ?? 0);
  let crossings = 0;
  let counted = 0;
  for (const item of layer) {
    const end = first[item + 1] ?? 0;
    for (let line = first[item] ?? 0, after = line; line < end; line = after) {
      after = endOfPort(wires.right, line, end);
      crossings += crossingsOfPort(tree, slotOf, line, after, counted);
      counted += after - line;
    }
  }
  return crossings;
}

/** Lines of one port do not cross each other: all are asked before any is counted. */
function crossingsOfPort(
  tree: Int32Array,
  slotOf: (line: number) => number,
  line: number,
  after: number,
  counted: number,
): number {
  let crossings = 0;
  for (let each = line; each < after; each += 1) {
    crossings += counted - sumTo(tree, slotOf(each));
  }
  for (let each = line; each < after; each += 1) {
    add(tree, slotOf(each));
  }
  return crossings;
}

function endOfPort(ends: Ends, line: number, end: number): number {
  let after = line + 1;
  while (after < end && ends.port[after] === ends.port[line]) {
    after += 1;
  }
  return after;
}

/** Crossings saved if `lower` stood above `upper`, its neighbour. */
export function gainOf(upper: number, lower: number, standing: Standing, { left, right }: Wires): number {
  return sideGain(upper, lower, left, standing.right) + sideGain(upper, lower, right, standing.left);
}

function sideGain(upper: number, lower: number, { first, far, farPort }: Ends, facing: Int32Array): number {
  const placeOf = (line: number) => (facing[far[line] ?? 0] ?? 0) + (farPort[line] ?? 0);
  const end = first[lower + 1] ?? 0;
  let saved = 0;
  for (let a = first[upper] ?? 0; a < (first[upper + 1] ?? 0); a += 1) {
    const place = placeOf(a);
    for (let b = first[lower] ?? 0; b < end; b += 1) {
      saved += Math.sign(place - placeOf(b));
    }
  }
  return saved;
}

function add(tree: Int32Array, slot: number): void {
  for (let i = slot; i < tree.length; i += i & -i) {
    tree[i] = (tree[i] ?? 0) + 1;
  }
}

function sumTo(tree: Int32Array, slot: number): number {
  let sum = 0;
  for (let i = slot; i > 0; i -= i & -i) {
    sum += tree[i] ?? 0;
  }
  return sum;
}
