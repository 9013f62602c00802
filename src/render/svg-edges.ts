/** Edges as SVG: quiet ones first, those over which trouble travels on top, each group in a halo where it crosses others. */
import type { Certainty, Degree } from "../model/impact.ts";
import type { EdgeWay, Point, Step } from "./layout.ts";
import type { Paint } from "./palette.ts";
import type { Picture, PictureEdge } from "./picture.ts";
import { DEGREE_TONE } from "./row-look.ts";
import { describeEdge } from "./row-text.ts";
import { element, escapeXml, numberText } from "./xml.ts";

const ARROW = 8;

/** Dashes by certainty; nothing for what is sure. */
const DASHES: Readonly<Record<Certainty, string | undefined>> = {
  configured: undefined,
  both: undefined,
  one: "9 3",
  remembered: "3 4",
};

/** Only the middle of a way, so that lines from one place do not rub each other out where they part. */
const MIDDLE = { pathLength: 100, "stroke-dasharray": "0 14 72 14" };

const STRENGTH: Readonly<Record<Degree, number>> = { affected: 3, degraded: 2, potential: 1 };

/** All edges at their ways; `numbers` are those of the units they join. */
export function svgEdges(
  picture: Picture,
  ways: readonly EdgeWay[],
  paint: Paint,
  numbers: ReadonlyMap<string, number>,
): string {
  const groups = new Map<string, { edge: PictureEdge; way: EdgeWay }[]>();
  for (const [i, edge] of picture.edges.entries()) {
    const way = ways[i];
    if (way !== undefined && way.steps.length > 0) {
      const key = `${edge.to} ${strengthOf(edge)}`;
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, [{ edge, way }]);
      } else {
        group.push({ edge, way });
      }
    }
  }
  const sorted = [...groups.values()].sort((a, b) => strengthOf(a[0]?.edge) - strengthOf(b[0]?.edge));
  return sorted
    .map((group) => {
      const halos = group.map(({ edge, way }) => halo(edge, way, paint)).join("");
      return halos + group.map(({ edge, way }) => svgEdge(edge, way, paint, numbers)).join("");
    })
    .join("");
}

/** Colour, width and dashes of an edge. */
export function edgeStroke(edge: Pick<PictureEdge, "hit" | "certainty">, paint: Paint) {
  return {
    stroke: edge.hit === null ? paint.edge : paint.tone[DEGREE_TONE[edge.hit]].line,
    "stroke-width": edge.hit === null ? 1.4 : 2.6,
    "stroke-dasharray": DASHES[edge.certainty],
  };
}

/** The head of an arrow whose tip is at a point. */
export function arrowHead(tip: Point, direction: 1 | -1, colour: string, size = ARROW): string {
  const back = numberText(tip.x - direction * size);
  const half = size * 0.58;
  const points = `${numberText(tip.x)},${numberText(tip.y)} ${back},${numberText(tip.y - half)} ${back},${numberText(tip.y + half)}`;
  return element("polygon", { points, fill: colour });
}

function svgEdge(edge: PictureEdge, way: EdgeWay, paint: Paint, numbers: ReadonlyMap<string, number>): string {
  const stroke = edgeStroke(edge, paint);
  const { d, tip, direction } = drawWay(way, edge.hit === null ? ARROW : ARROW + 2);
  return element(
    "g",
    { "data-f": numbers.get(edge.from), "data-t": numbers.get(edge.to) },
    element("title", {}, escapeXml(describeEdge(edge))) +
      element("path", { d, fill: "none", ...stroke }) +
      arrowHead(tip, direction, stroke.stroke, edge.hit === null ? ARROW : ARROW + 2),
  );
}

/** A strip of ground under the way between boxes; within boxes the ground is another. */
function halo(edge: PictureEdge, way: EdgeWay, paint: Paint): string {
  const between = way.steps.length < 3 ? [] : way.steps.slice(1, -1);
  if (between.length === 0) {
    return "";
  }
  const d = `M${pair(way.steps[0]?.to ?? way.start)}${between.map(stepText).join("")}`;
  return element("path", {
    d,
    fill: "none",
    stroke: paint.canvas,
    "stroke-width": edge.hit === null ? 5 : 7,
    ...MIDDLE,
  });
}

/** The path, ended `short` pixels before its tip so that the arrow's point stays sharp. */
function drawWay(way: EdgeWay, short: number): { d: string; tip: Point; direction: 1 | -1 } {
  let d = `M${pair(way.start)}`;
  let before = way.start;
  for (const step of way.steps.slice(0, -1)) {
    d += stepText(step);
    before = step.to;
  }
  const last = way.steps.at(-1);
  if (last === undefined) {
    return { d, tip: way.start, direction: 1 };
  }
  const from = last.kind === "line" ? before : last.c2;
  const direction = last.to.x >= from.x ? 1 : -1;
  const end = { x: last.to.x - direction * short, y: last.to.y };
  d += stepText({ ...last, to: end });
  return { d, tip: last.to, direction };
}

function stepText(step: Step): string {
  return step.kind === "line" ? `L${pair(step.to)}` : `C${pair(step.c1)} ${pair(step.c2)} ${pair(step.to)}`;
}

function strengthOf(edge: PictureEdge | undefined): number {
  return edge === undefined || edge.hit === null ? 0 : STRENGTH[edge.hit];
}

function pair(point: Point): string {
  return `${numberText(point.x)} ${numberText(point.y)}`;
}
