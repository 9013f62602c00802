/** The order of the items within each layer: few crossings, by barycentres and by switching neighbours. */
import type { Lanes, Segment } from "./lanes.ts";

/** Sweeps without a better result after which the search ends. */
const PATIENCE = 4;
const SWEEPS = 16;

/** Items of each layer from top to bottom. */
export function orderLayers(lanes: Lanes): number[][] {
  const gaps = gapsOf(lanes);
  let order = firstOrder(lanes);
  let best = order;
  let fewest = crossingsOf(order, gaps);
  let idle = 0;
  for (let sweep = 0; sweep < SWEEPS && idle < PATIENCE && fewest > 0; sweep += 1) {
    order = switchNeighbours(sweepOnce(order, lanes, gaps, sweep % 2 === 0), gaps);
    const crossings = crossingsOf(order, gaps);
    idle = crossings < fewest ? 0 : idle + 1;
    if (crossings < fewest) {
      fewest = crossings;
      best = order;
    }
  }
  return centreLanes(best, lanes, gaps);
}

/** Moves lanes to the middle of their layer as far as that costs no crossing: a bus belongs among those it serves. */
function centreLanes(
  order: readonly (readonly number[])[],
  lanes: Lanes,
  gaps: readonly (readonly Segment[])[],
): number[][] {
  const centred = order.map((layer) => [...layer]);
  for (const [index, layer] of centred.entries()) {
    const lines = linesOf([...(gaps[index - 1] ?? []), ...(gaps[index] ?? [])], index, gaps);
    const rank = rankOf(centred);
    for (const lane of layer.filter((item) => lanes.items[item]?.box === null)) {
      moveToMiddle(layer, lane, (upper, lower) => gain(lines.get(upper) ?? [], lines.get(lower) ?? [], rank) >= 0);
    }
  }
  return centred;
}

function moveToMiddle(layer: number[], lane: number, isFree: (upper: number, lower: number) => boolean): void {
  const middle = (layer.length - 1) / 2;
  const step = layer.indexOf(lane) < middle ? 1 : -1;
  for (let at = layer.indexOf(lane); Math.abs(at - middle) >= 1; at += step) {
    const other = layer[at + step] ?? lane;
    const [upper, lower] = step > 0 ? [lane, other] : [other, lane];
    if (!isFree(upper, lower)) {
      return;
    }
    layer[at] = other;
    layer[at + step] = lane;
  }
}

/** Crossings of all lines of a layered order; lines that share an end do not cross there. */
export function crossingsOf(order: readonly (readonly number[])[], gaps: readonly (readonly Segment[])[]): number {
  const rank = rankOf(order);
  return gaps.reduce((sum, segments) => sum + crossingsIn(segments, rank), 0);
}

/** Segments by the gap they bridge. */
export function gapsOf(lanes: Lanes): Segment[][] {
  const gaps = Array.from({ length: Math.max(0, lanes.layers - 1) }, (): Segment[] => []);
  for (const segment of lanes.segments) {
    gaps[lanes.items[segment.left.item]?.layer ?? 0]?.push(segment);
  }
  return gaps;
}

/** Items in the order a walk over the lines meets them, so that neighbours start side by side. */
function firstOrder(lanes: Lanes): number[][] {
  const near = new Map<number, number[]>();
  for (const { left, right } of lanes.segments) {
    near.set(left.item, [...(near.get(left.item) ?? []), right.item]);
    near.set(right.item, [...(near.get(right.item) ?? []), left.item]);
  }
  const order = Array.from({ length: lanes.layers }, (): number[] => []);
  const seen = new Set<number>();
  for (const [start] of lanes.items.entries()) {
    const stack = [start];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      if (!seen.has(item)) {
        seen.add(item);
        order[lanes.items[item]?.layer ?? 0]?.push(item);
        stack.push(...(near.get(item) ?? []).toReversed());
      }
    }
  }
  return order;
}

function sweepOnce(
  order: readonly (readonly number[])[],
  lanes: Lanes,
  gaps: readonly (readonly Segment[])[],
  rightwards: boolean,
): number[][] {
  const swept = order.map((layer) => [...layer]);
  const steps = swept.length - 1;
  for (let step = 0; step < steps; step += 1) {
    const layer = rightwards ? step + 1 : steps - 1 - step;
    const gap = gaps[rightwards ? layer - 1 : layer] ?? [];
    const centres = barycentres(gap, middles(swept, lanes), rightwards);
    swept[layer] = sortBy(swept[layer] ?? [], centres);
  }
  return swept;
}

/** Tops of the items if every layer were stacked from its middle. */
function middles(order: readonly (readonly number[])[], lanes: Lanes): Map<number, number> {
  const tops = new Map<number, number>();
  for (const layer of order) {
    const total = layer.reduce((sum, item) => sum + (lanes.items[item]?.height ?? 0), 0);
    let top = -total / 2;
    for (const item of layer) {
      tops.set(item, top);
      top += lanes.items[item]?.height ?? 0;
    }
  }
  return tops;
}

/** The mean height at which an item's lines arrive from the neighbouring layer. */
function barycentres(
  gap: readonly Segment[],
  tops: ReadonlyMap<number, number>,
  rightwards: boolean,
): Map<number, number> {
  const sums = new Map<number, { sum: number; weight: number }>();
  for (const { left, right } of gap) {
    const [near, far] = rightwards ? [right, left] : [left, right];
    const { sum, weight } = sums.get(near.item) ?? { sum: 0, weight: 0 };
    const y = (tops.get(far.item) ?? 0) + far.offset - near.offset;
    sums.set(near.item, { sum: sum + y, weight: weight + 1 });
  }
  return new Map([...sums].map(([item, { sum, weight }]) => [item, sum / weight]));
}

/** Sorts items by their centres; items without one stay where they are. */
function sortBy(layer: readonly number[], centres: ReadonlyMap<number, number>): number[] {
  const place = new Map(layer.map((item, index) => [item, index]));
  const moving = layer
    .filter((item) => centres.has(item))
    .sort((a, b) => (centres.get(a) ?? 0) - (centres.get(b) ?? 0) || (place.get(a) ?? 0) - (place.get(b) ?? 0));
  let next = 0;
  return layer.map((item) => (centres.has(item) ? (moving[next++] ?? item) : item));
}

/** Switches neighbours as long as that saves crossings. */
function switchNeighbours(order: readonly (readonly number[])[], gaps: readonly (readonly Segment[])[]): number[][] {
  const switched = order.map((layer) => [...layer]);
  for (const [index, layer] of switched.entries()) {
    const near = [...(gaps[index - 1] ?? []), ...(gaps[index] ?? [])];
    const lines = linesOf(near, index, gaps);
    const rank = rankOf(switched);
    for (let i = 1; i < layer.length; i += 1) {
      const upper = layer[i - 1] ?? 0;
      const lower = layer[i] ?? 0;
      if (gain(lines.get(upper) ?? [], lines.get(lower) ?? [], rank) > 0) {
        layer[i - 1] = lower;
        layer[i] = upper;
      }
    }
  }
  return switched;
}

interface Line {
  readonly far: number;
  readonly farOffset: number;
  readonly side: "left" | "right";
}

function linesOf(near: readonly Segment[], layer: number, gaps: readonly (readonly Segment[])[]): Map<number, Line[]> {
  const lines = new Map<number, Line[]>();
  const before = new Set(gaps[layer - 1] ?? []);
  for (const segment of near) {
    const fromLeft = before.has(segment);
    const own = fromLeft ? segment.right : segment.left;
    const other = fromLeft ? segment.left : segment.right;
    const line: Line = { far: other.item, farOffset: other.offset, side: fromLeft ? "left" : "right" };
    lines.set(own.item, [...(lines.get(own.item) ?? []), line]);
  }
  return lines;
}

/** Crossings saved if `lower` stood above `upper`. */
function gain(upper: readonly Line[], lower: readonly Line[], rank: ReadonlyMap<number, number>): number {
  let saved = 0;
  for (const a of upper) {
    for (const b of lower) {
      if (a.side === b.side) {
        saved += Math.sign((rank.get(a.far) ?? 0) - (rank.get(b.far) ?? 0) || a.farOffset - b.farOffset);
      }
    }
  }
  return saved;
}

function rankOf(order: readonly (readonly number[])[]): Map<number, number> {
  return new Map(order.flatMap((layer) => layer.map((item, index): [number, number] => [item, index])));
}

/** Inversions between the two ends, counted with a binary indexed tree. */
function crossingsIn(segments: readonly Segment[], rank: ReadonlyMap<number, number>): number {
  const place = ({ item, offset }: { item: number; offset: number }) => (rank.get(item) ?? 0) * 1e5 + offset;
  const lines = segments
    .map(({ left, right }) => ({ left: place(left), right: place(right) }))
    .sort((a, b) => a.left - b.left || a.right - b.right);
  const rights = [...new Set(lines.map(({ right }) => right))].sort((a, b) => a - b);
  const slot = new Map(rights.map((right, index) => [right, index + 1]));
  const tree = new Array<number>(rights.length + 1).fill(0);
  let crossings = 0;
  let pending: number[] = [];
  let counted = 0;
  let left = Number.NaN;
  for (const line of lines) {
    if (line.left !== left) {
      counted += pending.length;
      for (const each of pending) {
        add(tree, each);
      }
      pending = [];
      left = line.left;
    }
    const own = slot.get(line.right) ?? 0;
    crossings += counted - sumTo(tree, own);
    pending.push(own);
  }
  return crossings;
}

function add(tree: number[], slot: number): void {
  for (let i = slot; i < tree.length; i += i & -i) {
    tree[i] = (tree[i] ?? 0) + 1;
  }
}

function sumTo(tree: readonly number[], slot: number): number {
  let sum = 0;
  for (let i = slot; i > 0; i -= i & -i) {
    sum += tree[i] ?? 0;
  }
  return sum;
}
