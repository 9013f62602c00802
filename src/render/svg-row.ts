/** One row as SVG: a link with its name for those who do not see it, the state's shape, the label and its marks. */
import type { Handling } from "../model/state.ts";
import { MEASURE, rowLabel } from "./box-size.ts";
import type { Rect } from "./layout.ts";
import type { Paint } from "./palette.ts";
import type { PictureRow } from "./picture.ts";
import { DEGREE_TONE, type RowLook, rowLook } from "./row-look.ts";
import { describeRow } from "./row-text.ts";
import { stateShape } from "./state-shape.ts";
import { element, escapeXml } from "./xml.ts";

/** What a row leads to, the prefix of the hatches, and the number of its unit. */
export interface RowLinks {
  readonly href: string;
  readonly hatch: string;
  readonly unit: number | undefined;
}

/** The row at its place. */
export function svgRow(row: PictureRow, rect: Rect, paint: Paint, { href, hatch, unit }: RowLinks): string {
  const look = rowLook(row, paint);
  const middle = rect.y + rect.height / 2;
  const text = describeRow(row);
  const frame = {
    x: rect.x,
    y: rect.y,
    width: rect.width,
    height: rect.height,
    rx: 5,
    fill: look.fill,
    stroke: look.stroke,
    "stroke-width": look.strokeWidth,
    "stroke-dasharray": look.dash,
  };
  const parts = [
    element("title", {}, escapeXml(text)),
    element("rect", frame),
    look.hatched ? hatching(rect, look, hatch) + ground(rect.x + 15, middle, 11.5, look) : "",
    stateShape(look.tone, rect.x + 15, middle, paint, look.reversed),
    label(rowLabel(row), rect.x + MEASURE.badge + 2, middle, look),
    marks(row, rect, paint, look),
  ];
  return element(
    "a",
    { href, "aria-label": text, "data-focus": row.failed ? 1 : undefined, "data-u": unit },
    parts.join(""),
  );
}

/** The ring around what the picture is about. */
export function focusRing(rect: Rect, paint: Paint): string {
  return element("rect", {
    x: rect.x - 4,
    y: rect.y - 4,
    width: rect.width + 8,
    height: rect.height + 8,
    rx: 8,
    fill: "none",
    stroke: paint.focus,
    "stroke-width": 2.5,
  });
}

/** The letter of a degree in its frame, around a middle. */
export function degreeMark(letter: string, x: number, y: number, colour: string): string {
  const frame = { x: x - 8, y: y - 8, width: 16, height: 16, rx: 8, fill: "none", stroke: colour, "stroke-width": 1.5 };
  const place = { x, y: y + 3.9, "text-anchor": "middle", "font-size": 11, "font-weight": 700, fill: colour };
  return element("rect", frame) + element("text", { ...place, "aria-hidden": "true" }, letter);
}

/** The sign of how a problem is handled, around a middle; empty where it is not. */
export function handlingMark(handling: Handling, x: number, y: number, colour: string): string {
  const stroke = {
    fill: "none",
    stroke: colour,
    "stroke-width": 1.8,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  };
  if (handling.inDowntime) {
    return element("path", { ...stroke, "stroke-width": 2.6, d: `M${x - 3} ${y - 4}v8M${x + 3} ${y - 4}v8` });
  }
  if (handling.acknowledged) {
    return element("path", { ...stroke, d: `M${x - 4} ${y + 6}v-12h9l-2.5 3 2.5 3h-9` });
  }
  return handling.flapping ? element("path", { ...stroke, d: `M${x - 6} ${y + 3}l3-6 3 6 3-6 3 6` }) : "";
}

function label(text: string, x: number, y: number, look: RowLook): string {
  const place = { x, y: y + 4.5, "font-size": MEASURE.label, fill: look.ink };
  // On hatched ground the letters carry their own ground.
  const ground = look.hatched
    ? { stroke: look.fill, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke" }
    : {};
  return element("text", { ...place, ...ground, "aria-hidden": "true" }, escapeXml(text));
}

function hatching(rect: Rect, look: RowLook, hatch: string): string {
  const { x, y, width, height } = rect;
  return element("rect", { x, y, width, height, rx: 5, fill: `url(#${hatch}-${look.tone})` });
}

/** Plain ground for a sign on hatched ground. */
function ground(x: number, y: number, radius: number, look: RowLook): string {
  return element("circle", { cx: x, cy: y, r: radius, fill: look.fill });
}

function marks(row: PictureRow, rect: Rect, paint: Paint, look: RowLook): string {
  const middle = rect.y + rect.height / 2;
  const right = rect.x + rect.width - 13;
  const hit = row.degree === null ? undefined : paint.tone[DEGREE_TONE[row.degree]].line;
  const under = look.hatched && hit !== undefined ? ground(right, middle, 9, look) : "";
  const degree = hit === undefined ? "" : degreeMark(letterOf(row), right, middle, look.reversed ? look.ink : hit);
  return under + degree + handlingMark(row.handling, right - (degree === "" ? 1 : 20), middle, look.ink);
}

function letterOf(row: PictureRow): string {
  return (row.degree ?? "").charAt(0).toUpperCase();
}
