/**
 * A picture as SVG text: presentation attributes only, no style, no script, so that it looks the same in a page under a
 * strict content policy, in an `<img>`, in a mail and on paper.
 */
import { INTERNET } from "../model/ids.ts";
import type { Impact } from "../model/impact.ts";
import type { Positions } from "./layout.ts";
import { type Paint, type PaletteName, paintOf, type ThemeName, TONES } from "./palette.ts";
import type { Picture, PictureBox, PictureRow } from "./picture.ts";
import { readingOrder } from "./reading-order.ts";
import { svgBox } from "./svg-box.ts";
import { svgEdges } from "./svg-edges.ts";
import { type Drawn, svgLines, svgVerdict } from "./svg-header.ts";
import { svgLegend } from "./svg-legend.ts";
import { focusRing, svgRow } from "./svg-row.ts";
import type { Verdict } from "./verdict.ts";
import { element, escapeXml, numberText } from "./xml.ts";

/** What a link of the picture leads to. */
export interface PictureTarget {
  readonly host: string;
  /** Null for the host itself. */
  readonly check: string | null;
}

/** How a picture is painted. */
export interface SvgOptions {
  readonly palette: PaletteName;
  readonly theme: ThemeName;
  /** The verdict; the first sentence is also the description for those who do not see the picture. */
  readonly verdict: Verdict;
  /** False where the page around shows the verdict itself. */
  readonly withVerdict: boolean;
  /** How fresh the knowledge is; empty where the page around says it. */
  readonly freshness: string;
  readonly impact?: Impact | undefined;
  readonly hrefOf: (target: PictureTarget) => string;
}

/** Fonts to be found on any desk; text is measured for the widest of them. */
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', Verdana, sans-serif";

const MARGIN = 20;
/** Legend and verdict need this much, however small the picture. */
const NARROWEST = 680;
/** Prefix of ids, so that a page around the picture keeps its own. */
const PREFIX = "dotm-picture";

/** The SVG document. */
export function renderSvg(picture: Picture, positions: Positions, options: SvgOptions): string {
  const paint = paintOf(options.palette, options.theme);
  const width = Math.max(NARROWEST, positions.width);
  const head = options.withVerdict ? svgVerdict(options.verdict, width, paint) : { svg: "", height: 0 };
  const captions = svgCaptions(picture, positions, paint);
  const body: Drawn = {
    svg: captions.svg + moved(svgBody(picture, positions, options, paint), 0, captions.height),
    height: captions.height + positions.height + 24,
  };
  const legend = picture.boxes.length > 0 ? svgLegend(picture, width, paint, PREFIX) : { svg: "", height: 0 };
  const foot = svgLines([...picture.notes, ...(options.freshness === "" ? [] : [options.freshness])], width, paint);
  const left = (width - positions.width) / 2;
  const drawn = [head, { ...body, left }, legend, foot];
  return svgDocument({ drawn, width, paint, title: "What needs what", description: options.verdict.sentence });
}

/** A whole document of pieces one below the other. */
export function svgDocument(page: {
  readonly drawn: readonly (Drawn & { readonly left?: number })[];
  readonly width: number;
  readonly paint: Paint;
  readonly title: string;
  readonly description: string;
}): string {
  let y = MARGIN;
  const parts: string[] = [];
  for (const { svg, height, left = 0 } of page.drawn) {
    if (svg !== "") {
      parts.push(moved(svg, MARGIN + left, y));
      y += height;
    }
  }
  const width = Math.ceil(page.width + 2 * MARGIN);
  const height = Math.ceil(y + MARGIN / 2);
  const content = [
    element("title", { id: `${PREFIX}-t` }, escapeXml(page.title)),
    element("desc", { id: `${PREFIX}-d` }, escapeXml(page.description)),
    element("defs", {}, hatches(page.paint)),
    element("rect", { width, height, fill: page.paint.canvas }),
    ...parts,
  ];
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "graphics-document document",
    "aria-labelledby": `${PREFIX}-t ${PREFIX}-d`,
    "font-family": FONT,
  };
  return element("svg", attributes, content.join(""));
}

/** Boxes, edges over them, rows on top in reading order, rings around what the picture is about. */
function svgBody(picture: Picture, positions: Positions, options: SvgOptions, paint: Paint): string {
  const { hrefOf } = options;
  const boxes = picture.boxes.map((box) => {
    const rect = positions.boxes.get(box.id);
    return rect === undefined ? "" : svgBox(box, rect, paint, boxHref(box, hrefOf));
  });
  const ordered = readingOrder(picture, options.impact);
  const numbers = unitNumbers(picture);
  const rows = ordered.map((row) => {
    const rect = positions.rows.get(row.id);
    const unit = numbers.get(row.id);
    return rect === undefined ? "" : svgRow(row, rect, paint, { href: hrefOf(targetOf(row)), hatch: PREFIX, unit });
  });
  const rings = ordered.map((row) => {
    const rect = positions.rows.get(row.id);
    return rect === undefined || !row.failed ? "" : focusRing(rect, paint);
  });
  return [...boxes, svgEdges(picture, positions.edges, paint, numbers), ...rings, ...rows].join("");
}

/** A number for each unit, known by the ids of the unit and of its rows: by it the script finds what an edge joins. */
function unitNumbers(picture: Picture): Map<string, number> {
  const numbers = new Map<string, number>();
  let number = 0;
  for (const { units } of picture.boxes) {
    for (const unit of units) {
      for (const id of [unit.id, ...unit.rows.map((row) => row.id)]) {
        numbers.set(id, number);
      }
      number += 1;
    }
  }
  return numbers;
}

function boxHref(box: PictureBox, hrefOf: SvgOptions["hrefOf"]): string | undefined {
  const host = box.hosts[0];
  return box.kind === "internet" || host === undefined ? undefined : hrefOf({ host, check: null });
}

/** A row with one check leads to that check, any other to its host. */
function targetOf(row: PictureRow): PictureTarget {
  const [check] = row.checks;
  return { host: row.host === INTERNET ? INTERNET : row.host, check: row.checks.length === 1 ? (check ?? null) : null };
}

/** Says which side is which, where the picture is about one place. */
function svgCaptions(picture: Picture, positions: Positions, paint: Paint): Drawn {
  const about = picture.boxes.filter(
    (box) => box.focus || box.units.some(({ rows }) => rows.some((row) => row.failed || row.focus)),
  );
  const rects = about.map((box) => positions.boxes.get(box.id)).filter((rect) => rect !== undefined);
  const [first] = rects;
  if (first === undefined || rects.some((rect) => rect.x !== first.x)) {
    return { svg: "", height: 0 };
  }
  const others = [...positions.boxes.values()];
  const caption = (x: number, anchor: string, text: string) =>
    element("text", { x, y: 11, "text-anchor": anchor, "font-size": 12, "font-weight": 700, fill: paint.muted }, text);
  const right = first.x + first.width;
  return {
    svg:
      (others.some(({ x }) => x < first.x) ? caption(first.x - 16, "end", "◂ who needs it") : "") +
      (others.some(({ x }) => x > right) ? caption(right + 16, "start", "what it needs ▸") : ""),
    height: 22,
  };
}

/** Diagonal stripes in the colour of each state, for soft ones. */
function hatches(paint: Paint): string {
  return TONES.map((tone) => {
    const stripe = element("path", {
      d: "M0 0v8",
      stroke: paint.tone[tone].line,
      "stroke-width": 3,
      "stroke-opacity": 0.55,
    });
    const attributes = {
      id: `${PREFIX}-${tone}`,
      width: 8,
      height: 8,
      patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)",
    };
    return element("pattern", attributes, stripe);
  }).join("");
}

function moved(svg: string, x: number, y: number): string {
  return element("g", { transform: `translate(${numberText(x)} ${numberText(y)})` }, svg);
}
