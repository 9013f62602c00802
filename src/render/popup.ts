/** The small picture for hovers: the verdict, the nearest of what is hit, how fresh that is. */
import type { AffectedRow, Impact } from "../model/impact.ts";
import { type Paint, type PaletteName, paintOf, type ThemeName, toneOf } from "./palette.ts";
import { DEGREE_TONE } from "./row-look.ts";
import { stateShape } from "./state-shape.ts";
import { svgDocument } from "./svg.ts";
import { type Drawn, svgLines, svgVerdict } from "./svg-header.ts";
import { degreeMark } from "./svg-row.ts";
import { clipText } from "./text-width.ts";
import { verdictOf } from "./verdict.ts";
import { element, escapeXml } from "./xml.ts";

const WIDTH = 420;
const LINE = 24;
/** Rows shown; the rest is counted. */
const ROWS = 6;

/** How a popup is painted. */
export interface PopupOptions {
  readonly palette: PaletteName;
  readonly theme: ThemeName;
  readonly freshness: string;
}

/** The SVG document of an impact's popup. */
export function renderPopup(impact: Impact, options: PopupOptions): string {
  const paint = paintOf(options.palette, options.theme);
  const { sentence, tone, notes } = verdictOf(impact);
  const drawn = [
    svgVerdict({ sentence, tone, notes: notes.slice(0, 2) }, WIDTH, paint),
    affectedRows(impact.affected, paint),
    svgLines(
      [options.freshness].filter((line) => line !== ""),
      WIDTH,
      paint,
    ),
  ];
  return svgDocument({ drawn, width: WIDTH, paint, title: "What else is hit", description: sentence });
}

function affectedRows(affected: readonly AffectedRow[], paint: Paint): Drawn {
  const rows = affected.slice(0, ROWS).map((row, index) => affectedRow(row, index * LINE + 12, paint));
  const rest = affected.length - rows.length;
  const more = { x: 28, y: rows.length * LINE + 14, "font-size": 12, fill: paint.muted };
  const counted = rest > 0 ? element("text", more, `and ${rest} more`) : "";
  return {
    svg: rows.join("") + counted,
    height: rows.length === 0 ? 0 : rows.length * LINE + (rest > 0 ? LINE : 0) + 8,
  };
}

function affectedRow(row: AffectedRow, middle: number, paint: Paint): string {
  const hops = row.hops === 1 ? "1 hop" : `${row.hops} hops`;
  const name = clipText(row.port === null ? row.id : `${row.id} ${row.process ?? ""}`.trimEnd(), 250, 13);
  const colour = paint.tone[DEGREE_TONE[row.degree]].line;
  return (
    stateShape(toneOf(row.ownState), 12, middle, paint, false) +
    element("text", { x: 28, y: middle + 4.5, "font-size": 13, fill: paint.text }, escapeXml(name)) +
    degreeMark(row.degree.charAt(0).toUpperCase(), WIDTH - 100, middle, colour) +
    element("text", { x: WIDTH - 84, y: middle + 4, "font-size": 11, fill: paint.muted }, `${row.degree}, ${hops}`)
  );
}
