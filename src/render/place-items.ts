/** Heights of the items: each as near as it can be to where its lines want it, none over another. */
import type { Item } from "./lanes.ts";
import type { Ends, Wires } from "./wires.ts";

const SWEEPS = 8;
const BOX_GAP = 22;
const LANE_GAP = 12;
/** How much an item without lines wants to stay where it is. */
const IDLE = 0.01;

/** Top of every item, the highest at 0. */
export function placeItems(wires: Wires, order: readonly (readonly number[])[]): number[] {
  const tops = new Float64Array(wires.items.length);
  for (const layer of order) {
    stack(layer, wires.items, tops);
  }
  const depths = tops.slice();
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    settleAll(wires, order, depths, tops, sweep);
  }
  const highest = tops.reduce((least, top) => Math.min(least, top), Number.POSITIVE_INFINITY);
  return Array.from(tops, (top) => Math.round(top - highest));
}

/** Settles layer by layer, by turns leftwards and rightwards; the last time with a view to both sides. */
function settleAll(
  { left, right }: Wires,
  order: readonly (readonly number[])[],
  depths: Float64Array,
  tops: Float64Array,
  sweep: number,
): void {
  const last = sweep === SWEEPS - 1;
  const rightwards = sweep % 2 === 1;
  const sides = [...(rightwards || last ? [left] : []), ...(!rightwards || last ? [right] : [])];
  for (let step = 0; step < order.length; step += 1) {
    const layer = order[rightwards ? step : order.length - 1 - step] ?? [];
    settle(layer, depths, tops, (item) => wishOf(item, sides, tops));
  }
}

function stack(layer: readonly number[], items: readonly Item[], tops: Float64Array): void {
  let top = 0;
  let above: Item | undefined;
  for (const index of layer) {
    top += gap(above, items[index]);
    tops[index] = top;
    top += items[index]?.height ?? 0;
    above = items[index];
  }
}

interface Wish {
  readonly sum: number;
  readonly weight: number;
}

/** Where an item's lines on these sides want its top. */
function wishOf(item: number, sides: readonly Ends[], tops: Float64Array): Wish {
  const wish = { sum: 0, weight: 0 };
  for (const side of sides) {
    addWishes(item, side, tops, wish);
  }
  return wish.weight > 0 ? wish : { sum: (tops[item] ?? 0) * IDLE, weight: IDLE };
}

function addWishes(
  item: number,
  { first, offset, far, farOffset, weight }: Ends,
  tops: Float64Array,
  wish: { sum: number; weight: number },
): void {
  const end = first[item + 1] ?? 0;
  for (let line = first[item] ?? 0; line < end; line += 1) {
    const top = (tops[far[line] ?? 0] ?? 0) + (farOffset[line] ?? 0) - (offset[line] ?? 0);
    wish.sum += top * (weight[line] ?? 0);
    wish.weight += weight[line] ?? 0;
  }
}

/** Neighbours that move together, without room between them. */
interface Block {
  readonly members: number;
  /** Of the first member in the tightest stack of the layer; what lies between two blocks there is what they need. */
  readonly depth: number;
  readonly sum: number;
  readonly weight: number;
}

/**
 * Least squares under "not over each other": items that would overlap are pooled into blocks that move together
 * (pool adjacent violators).
 */
function settle(
  layer: readonly number[],
  depths: Float64Array,
  tops: Float64Array,
  wishes: (item: number) => Wish,
): void {
  const blocks: Block[] = [];
  for (const item of layer) {
    let block: Block = { members: 1, depth: depths[item] ?? 0, ...wishes(item) };
    for (let above = blocks.at(-1); above !== undefined && collides(above, block); above = blocks.at(-1)) {
      blocks.pop();
      block = pool(above, block);
    }
    blocks.push(block);
  }
  let next = 0;
  for (const { members, depth, sum, weight } of blocks) {
    for (const item of layer.slice(next, next + members)) {
      tops[item] = sum / weight + (depths[item] ?? 0) - depth;
    }
    next += members;
  }
}

function collides(above: Block, below: Block): boolean {
  return above.sum / above.weight + (below.depth - above.depth) > below.sum / below.weight;
}

function pool(above: Block, below: Block): Block {
  return {
    members: above.members + below.members,
    depth: above.depth,
    sum: above.sum + below.sum - below.weight * (below.depth - above.depth),
    weight: above.weight + below.weight,
  };
}

function gap(above: Item | undefined, below: Item | undefined): number {
  if (above === undefined || below === undefined) {
    return 0;
  }
  return above.box !== null && below.box !== null ? BOX_GAP : LANE_GAP;
}
