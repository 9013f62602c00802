/** Heights of the items: each as near as it can be to where its lines want it, none over another. */
import type { Item, Lanes, Segment } from "./lanes.ts";
import { gapsOf } from "./order-layers.ts";

const SWEEPS = 8;
const BOX_GAP = 22;
const LANE_GAP = 12;

/** Top of every item, the highest at 0. */
export function placeItems(lanes: Lanes, order: readonly (readonly number[])[]): number[] {
  const tops = new Array<number>(lanes.items.length).fill(0);
  for (const layer of order) {
    stack(layer, lanes.items, tops);
  }
  const gaps = gapsOf(lanes);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    settleAll(lanes.items, order, gaps, tops, sweep);
  }
  const highest = Math.min(...tops);
  return tops.map((top) => Math.round(top - highest));
}

/** Settles layer by layer, by turns leftwards and rightwards; the last time with a view to both sides. */
function settleAll(
  items: readonly Item[],
  order: readonly (readonly number[])[],
  gaps: readonly (readonly Segment[])[],
  tops: number[],
  sweep: number,
): void {
  const last = sweep === SWEEPS - 1;
  const rightwards = sweep % 2 === 1;
  for (let step = 0; step < order.length; step += 1) {
    const layer = rightwards ? step : order.length - 1 - step;
    const left = rightwards || last ? (gaps[layer - 1] ?? []) : [];
    const right = !rightwards || last ? (gaps[layer] ?? []) : [];
    settle(order[layer] ?? [], items, tops, wishesOf(left, right, tops));
  }
}

interface Wish {
  readonly sum: number;
  readonly weight: number;
}

/** Where the lines from the left and from the right want the top of each item. */
function wishesOf(left: readonly Segment[], right: readonly Segment[], tops: readonly number[]): Map<number, Wish> {
  const wishes = new Map<number, Wish>();
  const wish = (near: Segment["left"], far: Segment["left"], weight: number) => {
    const old = wishes.get(near.item) ?? { sum: 0, weight: 0 };
    const top = (tops[far.item] ?? 0) + far.offset - near.offset;
    wishes.set(near.item, { sum: old.sum + top * weight, weight: old.weight + weight });
  };
  for (const segment of left) {
    wish(segment.right, segment.left, segment.weight);
  }
  for (const segment of right) {
    wish(segment.left, segment.right, segment.weight);
  }
  return wishes;
}

function stack(layer: readonly number[], items: readonly Item[], tops: number[]): void {
  let top = 0;
  let above: Item | undefined;
  for (const index of layer) {
    top += gap(above, items[index]);
    tops[index] = top;
    top += items[index]?.height ?? 0;
    above = items[index];
  }
}

interface Block {
  readonly members: number[];
  /** Distance of each member from the block's top. */
  readonly offsets: number[];
  sum: number;
  weight: number;
  height: number;
}

/**
 * Least squares under "not over each other": items that would overlap are pooled into blocks that move together
 * (pool adjacent violators).
 */
function settle(
  layer: readonly number[],
  items: readonly Item[],
  tops: number[],
  wishes: ReadonlyMap<number, Wish>,
): void {
  const blocks: Block[] = [];
  for (const index of layer) {
    const wish = wishes.get(index) ?? { sum: (tops[index] ?? 0) * 0.01, weight: 0.01 };
    let block: Block = { members: [index], offsets: [0], ...wish, height: items[index]?.height ?? 0 };
    for (let above = blocks.at(-1); above !== undefined && collides(above, block, items); above = blocks.at(-1)) {
      blocks.pop();
      block = pool(above, block, items);
    }
    blocks.push(block);
  }
  for (const block of blocks) {
    for (const [i, member] of block.members.entries()) {
      tops[member] = block.sum / block.weight + (block.offsets[i] ?? 0);
    }
  }
}

function collides(above: Block, below: Block, items: readonly Item[]): boolean {
  return above.sum / above.weight + above.height + between(above, below, items) > below.sum / below.weight;
}

function pool(above: Block, below: Block, items: readonly Item[]): Block {
  const shift = above.height + between(above, below, items);
  return {
    members: [...above.members, ...below.members],
    offsets: [...above.offsets, ...below.offsets.map((offset) => offset + shift)],
    sum: above.sum + below.sum - below.weight * shift,
    weight: above.weight + below.weight,
    height: shift + below.height,
  };
}

function between(above: Block, below: Block, items: readonly Item[]): number {
  return gap(items[above.members.at(-1) ?? -1], items[below.members[0] ?? -1]);
}

function gap(above: Item | undefined, below: Item | undefined): number {
  if (above === undefined || below === undefined) {
    return 0;
  }
  return above.box !== null && below.box !== null ? BOX_GAP : LANE_GAP;
}
