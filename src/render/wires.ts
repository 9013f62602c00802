/**
 * The lines of a component as plain numbers: ordering and placing run over them thousands of times, so they are sorted
 * and numbered once.
 */
import type { Item, Lanes, Port, Segment } from "./lanes.ts";

/**
 * All lines that end at one side of the items; those of item `i` are `first[i]` up to before `first[i + 1]`, from the
 * top of the item to its bottom.
 */
export interface Ends {
  readonly first: Int32Array;
  /** Pixels below the top of the item. */
  readonly offset: Float64Array;
  /** Which port of the item this is, from the top; lines with one end share it. */
  readonly port: Int32Array;
  /** Ports of each item on this side. */
  readonly ports: Int32Array;
  /** The item at the other end, and the same about its port there. */
  readonly far: Int32Array;
  readonly farOffset: Float64Array;
  readonly farPort: Int32Array;
  readonly weight: Float64Array;
}

/** A component ready for counting: lines that come in from the left of each item, and those that leave to its right. */
export interface Wires {
  readonly items: readonly Item[];
  readonly layers: number;
  readonly left: Ends;
  readonly right: Ends;
}

/** The lines of a component, numbered. */
export function wiresOf({ items, layers, segments }: Lanes): Wires {
  const left = numbered(segments, items.length, "right");
  const right = numbered(segments, items.length, "left");
  return { items, layers, left: endsOf(segments, left, right), right: endsOf(segments, right, left) };
}

interface Numbered {
  /** The end of the segments that lies at the items of this side. */
  readonly near: "left" | "right";
  readonly first: Int32Array;
  /** Segments in the order of the lines. */
  readonly order: readonly number[];
  /** By segment. */
  readonly port: Int32Array;
  readonly ports: Int32Array;
}

function numbered(segments: readonly Segment[], items: number, near: Numbered["near"]): Numbered {
  const lines = Array.from({ length: items }, (): number[] => []);
  for (const [index, segment] of segments.entries()) {
    lines[segment[near].item]?.push(index);
  }
  const offsetOf = (index: number) => segments[index]?.[near].offset ?? 0;
  const first = new Int32Array(items + 1);
  const port = new Int32Array(segments.length);
  const ports = new Int32Array(items);
  for (const [item, own] of lines.entries()) {
    own.sort((a, b) => offsetOf(a) - offsetOf(b));
    let last = -1;
    for (const [i, index] of own.entries()) {
      last += Number(i === 0 || offsetOf(own[i - 1] ?? 0) !== offsetOf(index));
      port[index] = last;
    }
    ports[item] = last + 1;
    first[item + 1] = (first[item] ?? 0) + own.length;
  }
  return { near, first, order: lines.flat(), port, ports };
}

function endsOf(segments: readonly Segment[], own: Numbered, other: Numbered): Ends {
  const { first, order, ports } = own;
  const portAt = (near: Numbered["near"], index: number): Port | undefined => segments[index]?.[near];
  return {
    first,
    ports,
    offset: Float64Array.from(order.map((index) => portAt(own.near, index)?.offset ?? 0)),
    port: Int32Array.from(order.map((index) => own.port[index] ?? 0)),
    far: Int32Array.from(order.map((index) => portAt(other.near, index)?.item ?? 0)),
    farOffset: Float64Array.from(order.map((index) => portAt(other.near, index)?.offset ?? 0)),
    farPort: Int32Array.from(order.map((index) => other.port[index] ?? 0)),
    weight: Float64Array.from(order.map((index) => segments[index]?.weight ?? 0)),
  };
}
