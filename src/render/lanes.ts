/**
 * A component of the picture as items in layers: its boxes, and lanes where long edges pass through a layer. Edges to
 * one dependency share their lanes like a bus, so that thirty clients of a database make one line, not thirty.
 */
import { type Arc, assignLayers } from "./assign-layers.ts";
import { boxHeight, MEASURE } from "./box-size.ts";
import type { Picture, PictureBox } from "./picture.ts";

/** Something that takes room in a layer: a box, or the lane of passing edges. */
export interface Item {
  readonly layer: number;
  readonly height: number;
  /** Null for a lane. */
  readonly box: PictureBox | null;
}

/** The end of a line at an item: pixels below its top. */
export interface Port {
  readonly item: number;
  readonly offset: number;
}

/** One line between two neighbouring layers. */
export interface Segment {
  readonly left: Port;
  readonly right: Port;
  /** How much it wants to be straight. */
  readonly weight: number;
}

/** The way of one edge through the items, left to right; `flipped` where the dependent is at the right end. */
export interface Chain {
  /** Index in the picture's edges. */
  readonly edge: number;
  readonly ports: readonly Port[];
  readonly flipped: boolean;
}

/** A component ready to be ordered and placed. */
export interface Lanes {
  readonly items: readonly Item[];
  readonly layers: number;
  readonly segments: readonly Segment[];
  readonly chains: readonly Chain[];
  /** Edges within one box, by index. */
  readonly inner: readonly number[];
}

/** Offset from the top of its box where edges of a row or unit end. */
export type Offsets = ReadonlyMap<string, { readonly box: string; readonly offset: number }>;

const LANE_HEIGHT = 6;
const BACK_OFFSET = 7;
/** Layers higher than this are split in several, so that pictures grow wide as well as high. */
const TALL = 1300;

/** Lays the boxes of one component in layers. */
export function layLanes(
  picture: Picture,
  boxes: readonly PictureBox[],
  edges: readonly number[],
  offsets: Offsets,
): Lanes {
  const index = new Map(boxes.map((box, i) => [box.id, i]));
  const ends = edges.map((edge) => endsOf(picture, edge, offsets, index)).filter((each) => each !== undefined);
  const arcs = arcsOf(ends);
  const layer = splitTall(boxes, assignLayers(boxes.length, arcs), arcs);
  const items: Item[] = boxes.map((box, i) => ({ layer: layer[i] ?? 0, height: boxHeight(box), box }));
  const weaving = new Weaving(items);
  const inner: number[] = [];
  for (const end of ends) {
    if (end.from.item === end.to.item) {
      inner.push(end.edge);
    } else {
      weaving.weave(end);
    }
  }
  return {
    items,
    layers: 1 + Math.max(0, ...layer),
    segments: [...weaving.segments.values()],
    chains: weaving.chains,
    inner,
  };
}

interface Ends {
  readonly edge: number;
  readonly to: Port;
  readonly from: Port;
  /** What lanes are shared by: the dependency. */
  readonly target: string;
}

function endsOf(
  picture: Picture,
  edge: number,
  offsets: Offsets,
  index: ReadonlyMap<string, number>,
): Ends | undefined {
  const target = picture.edges[edge]?.to ?? "";
  const from = offsets.get(picture.edges[edge]?.from ?? "");
  const to = offsets.get(target);
  const fromItem = from === undefined ? undefined : index.get(from.box);
  const toItem = to === undefined ? undefined : index.get(to.box);
  if (from === undefined || to === undefined || fromItem === undefined || toItem === undefined) {
    return undefined;
  }
  return { edge, target, from: { item: fromItem, offset: from.offset }, to: { item: toItem, offset: to.offset } };
}

function arcsOf(ends: readonly Ends[]): Arc[] {
  const arcs = new Map<string, Arc>();
  for (const { from, to } of ends) {
    const key = `${from.item} ${to.item}`;
    if (from.item !== to.item) {
      arcs.set(key, { from: from.item, to: to.item, weight: (arcs.get(key)?.weight ?? 0) + 1 });
    }
  }
  return [...arcs.values()];
}

/**
 * Splits layers that would be too high; boxes of one layer never depend on each other, so any split is right. Those
 * that mostly need others go left, those that are mostly needed go right.
 */
function splitTall(boxes: readonly PictureBox[], layer: readonly number[], arcs: readonly Arc[]): number[] {
  const split = [...layer];
  const needed = boxes.map(() => 0);
  for (const { from, to, weight } of arcs) {
    needed[from] = (needed[from] ?? 0) - weight;
    needed[to] = (needed[to] ?? 0) + weight;
  }
  let added = 0;
  for (let each = 0; each <= Math.max(0, ...layer); each += 1) {
    const members = boxes
      .map((_, i) => i)
      .filter((i) => layer[i] === each)
      .sort((a, b) => Math.sign(needed[a] ?? 0) - Math.sign(needed[b] ?? 0) || a - b);
    const height = members.reduce((sum, i) => sum + heightOf(boxes[i]), 0);
    const parts = Math.min(members.length, Math.ceil(height / TALL)) || 1;
    let filled = 0;
    for (const i of members) {
      const part = Math.min(parts - 1, Math.floor((filled * parts) / height));
      split[i] = each + added + part;
      filled += heightOf(boxes[i]);
    }
    added += parts - 1;
  }
  return split;
}

function heightOf(box: PictureBox | undefined): number {
  return box === undefined ? 0 : boxHeight(box) + MEASURE.unitGap;
}

/** Edges that run back end beside the middle, where those that run forth end. */
function beside({ item, offset }: Port): Port {
  return { item, offset: offset + BACK_OFFSET };
}

/** Adds lanes and segments edge by edge; edges to one dependency share them. */
class Weaving {
  readonly segments = new Map<string, Segment>();
  readonly chains: Chain[] = [];
  private readonly items: Item[];
  private readonly lanes = new Map<string, number>();

  constructor(items: Item[]) {
    this.items = items;
  }

  weave({ edge, from, to, target }: Ends): void {
    const flipped = this.layerOf(from) > this.layerOf(to);
    const [left, right] = flipped ? [beside(to), beside(from)] : [from, to];
    const ports = [left];
    for (let layer = this.layerOf(left) + 1; layer < this.layerOf(right); layer += 1) {
      ports.push({ item: this.lane(`${target}\n${flipped}\n${layer}`, layer), offset: LANE_HEIGHT / 2 });
    }
    ports.push(right);
    for (let i = 1; i < ports.length; i += 1) {
      this.join(ports[i - 1], ports[i]);
    }
    this.chains.push({ edge, ports, flipped });
  }

  private layerOf(port: Port): number {
    return this.items[port.item]?.layer ?? 0;
  }

  private lane(key: string, layer: number): number {
    const known = this.lanes.get(key);
    if (known !== undefined) {
      return known;
    }
    this.items.push({ layer, height: LANE_HEIGHT, box: null });
    this.lanes.set(key, this.items.length - 1);
    return this.items.length - 1;
  }

  private join(left: Port | undefined, right: Port | undefined): void {
    if (left === undefined || right === undefined) {
      return;
    }
    const key = `${left.item} ${left.offset} ${right.item} ${right.offset}`;
    const lanes = Number(this.items[left.item]?.box === null) + Number(this.items[right.item]?.box === null);
    this.segments.set(key, { left, right, weight: [1, 2, 6][lanes] ?? 1 });
  }
}
