/** The small interface between what is drawn and where: a layout gives every box, row and edge of a picture its place. */
import type { Picture } from "./picture.ts";

/** A place, in pixels from the left top. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle. */
export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** One piece of an edge's way. */
export type Step =
  | { readonly kind: "line"; readonly to: Point }
  | { readonly kind: "curve"; readonly c1: Point; readonly c2: Point; readonly to: Point };

/** The way of one edge from the dependent to the dependency. */
export interface EdgeWay {
  readonly start: Point;
  readonly steps: readonly Step[];
}

/** Where everything is. */
export interface Positions {
  readonly width: number;
  readonly height: number;
  /** By box id. */
  readonly boxes: ReadonlyMap<string, Rect>;
  /** By row id. */
  readonly rows: ReadonlyMap<string, Rect>;
  /** In the order of the picture's edges. */
  readonly edges: readonly EdgeWay[];
}

/** Places a picture. Depends on boxes, rows, labels and edges only, never on states; equal input gives equal places. */
export type Layout = (picture: Picture) => Positions;
