/** The shape and letter of each state, so that it is told without its colour. */
import type { Paint, Tone } from "./palette.ts";
import { element } from "./xml.ts";

/** Half the width of a shape. */
const SHAPE_RADIUS = 9;

/** The shape of a tone around a middle; `reversed` for a row filled with the same colour. Undefined tone: no check. */
export function stateShape(tone: Tone | undefined, x: number, y: number, paint: Paint, reversed: boolean): string {
  if (tone === undefined) {
    const dash = { d: `M${x - 4} ${y}h8`, stroke: paint.muted, "stroke-width": 1.6, "stroke-linecap": "round" };
    return element("path", dash);
  }
  const colours = paint.tone[tone];
  const fill = reversed ? colours.on : colours.fill;
  const ink = reversed ? colours.fill : colours.on;
  const sign = SIGNS[tone];
  if (sign !== undefined) {
    return (
      polygon(sign.outline, x, y, fill, reversed ? fill : colours.line) +
      letter(sign.letter, x, y + sign.lower, ink, sign.size)
    );
  }
  return tone === "ok"
    ? circle(x, y, { fill }) + tick(x, y, ink)
    : circle(x, y, { fill: "none", stroke: colours.line, "stroke-width": 1.5, "stroke-dasharray": "2 2" });
}

type Outline = readonly (readonly [number, number])[];

const OCTAGON: Outline = [
  [-3.7, -9],
  [3.7, -9],
  [9, -3.7],
  [9, 3.7],
  [3.7, 9],
  [-3.7, 9],
  [-9, 3.7],
  [-9, -3.7],
];

const TRIANGLE: Outline = [
  [0, -9.5],
  [10, 8],
  [-10, 8],
];

const DIAMOND: Outline = [
  [0, -10.5],
  [10.5, 0],
  [0, 10.5],
  [-10.5, 0],
];

/** Shape and letter of the problem states; `lower` moves the letter to where the shape is wide. */
const SIGNS: Partial<
  Record<Tone, { readonly outline: Outline; readonly letter: string; readonly size: number; readonly lower: number }>
> = {
  warning: { outline: TRIANGLE, letter: "W", size: 9, lower: 3.4 },
  critical: { outline: OCTAGON, letter: "C", size: 12, lower: 0 },
  unknown: { outline: DIAMOND, letter: "?", size: 12, lower: 0 },
};

function polygon(points: Outline, x: number, y: number, fill: string, stroke: string): string {
  const at = points.map(([dx, dy]) => `${round(x + dx)},${round(y + dy)}`).join(" ");
  return element("polygon", { points: at, fill, stroke, "stroke-width": 1, "stroke-linejoin": "round" });
}

function circle(x: number, y: number, attributes: Record<string, string | number>): string {
  return element("circle", { cx: x, cy: y, r: SHAPE_RADIUS - 0.5, ...attributes });
}

function tick(x: number, y: number, stroke: string): string {
  const d = `M${round(x - 4)} ${round(y + 0.3)}l2.8 3 5-6.2`;
  return element("path", {
    d,
    fill: "none",
    stroke,
    "stroke-width": 2,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
}

function letter(text: string, x: number, y: number, fill: string, size: number): string {
  const place = { x, y: y + size * 0.36, "text-anchor": "middle", "font-size": size, "font-weight": 700 };
  return element("text", { ...place, fill, "aria-hidden": "true" }, text);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
