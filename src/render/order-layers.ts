/** The order of the items within each layer: few crossings, by barycentres and by switching neighbours. */
import type { Lanes } from "./lanes.ts";
import { crossingsOf, gainOf, type Standing, stand, standingOf } from "./standing.ts";
import type { Wires } from "./wires.ts";

/** Sweeps without a better result after which the search ends. */
const PATIENCE = 4;
const SWEEPS = 16;

/** Items of each layer from top to bottom, and how many of their lines cross. */
export interface Order {
  readonly layers: readonly (readonly number[])[];
  readonly crossings: number;
}

/** The best order found. */
export function orderLayers(lanes: Lanes, wires: Wires): Order {
  const standing = standingOf(firstOrder(lanes), wires);
  let best = copyOf(standing);
  let fewest = crossingsOf(standing, wires);
  let idle = 0;
  for (let sweep = 0; sweep < SWEEPS && idle < PATIENCE && fewest > 0; sweep += 1) {
    sweepOnce(standing, wires, sweep % 2 === 0);
    switchNeighbours(standing, wires);
    const crossings = crossingsOf(standing, wires);
    idle = crossings < fewest ? 0 : idle + 1;
    if (crossings < fewest) {
      fewest = crossings;
      best = copyOf(standing);
    }
  }
  const centred = standingOf(best, wires);
  centreLanes(centred, wires);
  return { layers: centred.layers, crossings: crossingsOf(centred, wires) };
}

function copyOf({ layers }: Standing): number[][] {
  return layers.map((layer) => [...layer]);
}

/** Moves lanes to the middle of their layer as far as that costs no crossing: a bus belongs among those it serves. */
function centreLanes(standing: Standing, wires: Wires): void {
  for (const layer of standing.layers) {
    for (const lane of layer.filter((item) => wires.items[item]?.box === null)) {
      moveToMiddle(layer, lane, (upper, lower) => gainOf(upper, lower, standing, wires) >= 0);
    }
    stand(layer, standing, wires);
  }
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

/** Items in the order a walk over the lines meets them, so that neighbours start side by side. */
function firstOrder({ items, layers, segments }: Lanes): number[][] {
  const near = items.map((): number[] => []);
  for (const { left, right } of segments) {
    near[left.item]?.push(right.item);
    near[right.item]?.push(left.item);
  }
  const order = Array.from({ length: layers }, (): number[] => []);
  const seen = new Set<number>();
  for (const [start] of items.entries()) {
    const stack = [start];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      if (!seen.has(item)) {
        seen.add(item);
        order[items[item]?.layer ?? 0]?.push(item);
        stack.push(...(near[item] ?? []).toReversed());
      }
    }
  }
  return order;
}

/** Sorts layer by layer by where the lines from the one before arrive. */
function sweepOnce(standing: Standing, wires: Wires, rightwards: boolean): void {
  const { layers } = standing;
  const centres = new Float64Array(wires.items.length);
  for (let step = 1; step < layers.length; step += 1) {
    const layer = layers[rightwards ? step : layers.length - 1 - step] ?? [];
    for (const item of layer) {
      centres[item] = centreOf(item, rightwards ? wires.left : wires.right, standing.tops);
    }
    sortBy(layer, centres);
    stand(layer, standing, wires);
  }
}

/** The mean height at which an item's lines arrive from the neighbouring layer; NaN where there are none. */
function centreOf(item: number, { first, far, farOffset, offset }: Wires["left"], tops: Float64Array): number {
  const begin = first[item] ?? 0;
  const end = first[item + 1] ?? 0;
  let sum = 0;
  for (let line = begin; line < end; line += 1) {
    sum += (tops[far[line] ?? 0] ?? 0) + (farOffset[line] ?? 0) - (offset[line] ?? 0);
  }
  return sum / (end - begin);
}

/** Sorts items by their centres; items without one stay where they are. */
function sortBy(layer: number[], centres: Float64Array): void {
  const centreOf = (item: number) => centres[item] ?? Number.NaN;
  const moving = layer.filter((item) => !Number.isNaN(centreOf(item))).sort((a, b) => centreOf(a) - centreOf(b));
  let next = 0;
  for (const [place, item] of layer.entries()) {
    if (!Number.isNaN(centreOf(item))) {
      layer[place] = moving[next++] ?? item;
    }
  }
}

/** Switches neighbours as long as that saves crossings. */
function switchNeighbours(standing: Standing, wires: Wires): void {
  for (const layer of standing.layers) {
    for (let i = 1; i < layer.length; i += 1) {
      const upper = layer[i - 1] ?? 0;
      const lower = layer[i] ?? 0;
      if (gainOf(upper, lower, standing, wires) > 0) {
        layer[i - 1] = lower;
        layer[i] = upper;
      }
    }
    stand(layer, standing, wires);
  }
}
