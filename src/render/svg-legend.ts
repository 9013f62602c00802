/** The legend: what occurs in the picture, and nothing else. */
import type { Certainty, Degree } from "../model/impact.ts";
import { type Handling, UNHANDLED } from "../model/state.ts";
import { type Paint, TONES, type Tone, toneOf } from "./palette.ts";
import { type Picture, type PictureRow, rowsOf } from "./picture.ts";
import { DEGREE_TONE } from "./row-look.ts";
import { stateShape } from "./state-shape.ts";
import { arrowHead, edgeStroke } from "./svg-edges.ts";
import type { Drawn } from "./svg-header.ts";
import { degreeMark, handlingMark } from "./svg-row.ts";
import { textWidth } from "./text-width.ts";
import { element, escapeXml } from "./xml.ts";

interface Entry {
  readonly words: string;
  /** Draws the sample with its left middle at a point; samples are `room` wide. */
  readonly sample: (x: number, y: number) => string;
  readonly room: number;
}

const SIZE = 11.5;
const LINE = 26;

const TONE_WORDS: Readonly<Record<Tone, string>> = {
  ok: "OK, up",
  warning: "warning",
  critical: "critical, down",
  unknown: "unknown, unreachable",
  pending: "pending",
};

/** The legend, wrapped to the width. */
export function svgLegend(picture: Picture, width: number, paint: Paint, hatch: string): Drawn {
  const entries = [
    ...stateEntries(picture, paint),
    ...factEntries(picture, paint, hatch),
    ...edgeEntries(picture, paint),
  ];
  let x = 0;
  let y = LINE / 2;
  const drawn: string[] = [];
  for (const { words, sample, room } of entries) {
    const wide = room + 6 + textWidth(words, SIZE);
    if (x > 0 && x + wide > width) {
      x = 0;
      y += LINE;
    }
    const place = { x: x + room + 6, y: y + 4, "font-size": SIZE, fill: paint.text };
    drawn.push(sample(x, y) + element("text", place, escapeXml(words)));
    x = Math.ceil(x + wide + 20);
  }
  return { svg: element("g", { role: "group", "aria-label": "Legend" }, drawn.join("")), height: y + LINE / 2 };
}

function stateEntries(picture: Picture, paint: Paint): Entry[] {
  const rows = [...rowsOf(picture)].map(({ row }) => row);
  const tones = new Set<Tone | undefined>([
    ...rows.map((row) => toneOf(row.ownState)),
    ...picture.boxes.map((box) => toneOf(box.state)).filter((tone) => tone !== "ok" && tone !== undefined),
  ]);
  const entries = TONES.filter((tone) => tones.has(tone)).map((tone) => ({
    words: TONE_WORDS[tone],
    room: 20,
    sample: (x: number, y: number) => stateShape(tone, x + 10, y, paint, false),
  }));
  const unchecked = {
    words: "no check",
    room: 12,
    sample: (x: number, y: number) => stateShape(undefined, x + 6, y, paint, false),
  };
  return tones.has(undefined) ? [...entries, unchecked] : entries;
}

function factEntries(picture: Picture, paint: Paint, hatch: string): Entry[] {
  const rows = [...rowsOf(picture)].map(({ row }) => row);
  const any = (test: (row: PictureRow) => boolean) => rows.some(test);
  const handled = (handling: Partial<Handling>) => (x: number, y: number) =>
    handlingMark({ ...UNHANDLED, ...handling }, x + 8, y, paint.text);
  return [
    ...degreeEntries(rows, paint),
    ...(any(({ handling }) => handling.acknowledged)
      ? [{ words: "acknowledged", room: 16, sample: handled({ acknowledged: true }) }]
      : []),
    ...(any(({ handling }) => handling.inDowntime)
      ? [{ words: "in downtime", room: 16, sample: handled({ inDowntime: true }) }]
      : []),
    ...(any(({ handling }) => handling.flapping)
      ? [{ words: "flapping", room: 16, sample: handled({ flapping: true }) }]
      : []),
    ...(any((row) => row.handling.soft)
      ? [swatch("soft: still checking", paint, { fill: `url(#${hatch}-critical)` })]
      : []),
    ...(any((row) => row.handling.stale || row.old)
      ? [swatch("stale or not seen lately", paint, { "stroke-dasharray": "5 3" })]
      : []),
  ];
}

function degreeEntries(rows: readonly PictureRow[], paint: Paint): Entry[] {
  const degrees: readonly Degree[] = ["affected", "degraded", "potential"];
  return degrees
    .filter((degree) => rows.some((row) => row.degree === degree))
    .map((degree) => ({
      words: degree === "potential" ? "potentially affected" : `${degree} by its dependencies`,
      room: 42,
      sample: (x: number, y: number) => {
        const colour = paint.tone[DEGREE_TONE[degree]].line;
        const frame = {
          x: x + 1,
          y: y - 10,
          width: 40,
          height: 20,
          rx: 4,
          fill: paint.surface,
          stroke: colour,
          "stroke-width": 2.5,
        };
        return element("rect", frame) + degreeMark(degree.charAt(0).toUpperCase(), x + 29, y, colour);
      },
    }));
}

function edgeEntries(picture: Picture, paint: Paint): Entry[] {
  const seen = new Set(picture.edges.map(({ certainty }) => certainty));
  const line = (words: string, certainty: Certainty, hit: Degree | null): Entry => ({
    words,
    room: 44,
    sample: (x, y) => {
      const stroke = edgeStroke({ certainty, hit }, paint);
      return (
        element("path", { d: `M${x} ${y}h34`, fill: "none", ...stroke }) + arrowHead({ x: x + 42, y }, 1, stroke.stroke)
      );
    },
  });
  const strongest = picture.edges.find(({ hit }) => hit !== null)?.hit ?? null;
  return [
    ...(picture.edges.length > 0 ? [line("needs", "both", null)] : []),
    ...(strongest === null ? [] : [line("needs; trouble comes back along it", "both", strongest)]),
    ...(seen.has("one") ? [line("seen by one end only", "one", null)] : []),
    ...(seen.has("remembered") ? [line("remembered", "remembered", null)] : []),
  ];
}

function swatch(words: string, paint: Paint, look: Record<string, string>): Entry {
  const frame = {
    width: 28,
    height: 16,
    rx: 4,
    fill: paint.surface,
    stroke: paint.muted,
    "stroke-width": 1.5,
    ...look,
  };
  return { words, room: 30, sample: (x, y) => element("rect", { x: x + 1, y: y - 8, ...frame }) };
}
