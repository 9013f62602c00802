/** The frame of a host, a group of hosts or the Internet as SVG. */
import { isProblem } from "../model/state.ts";
import { agentNote, boxFooter, boxTitle, MEASURE } from "./box-size.ts";
import type { Rect } from "./layout.ts";
import { type Paint, toneOf } from "./palette.ts";
import type { PictureBox } from "./picture.ts";
import { describeBox } from "./row-text.ts";
import { stateShape } from "./state-shape.ts";
import { handlingMark } from "./svg-row.ts";
import { element, escapeXml, numberText } from "./xml.ts";

/** The box's frame and title; rows come on top of it. */
export function svgBox(box: PictureBox, rect: Rect, paint: Paint, href: string | undefined): string {
  const frame = box.kind === "internet" ? cloud(rect, paint) : plainFrame(box, rect, paint);
  const head = title(box, rect, paint);
  const text = describeBox(box);
  const titled = element("title", {}, escapeXml(text)) + head;
  const linked = href === undefined ? element("g", {}, titled) : element("a", { href, "aria-label": text }, titled);
  return frame + linked + footer(box, rect, paint);
}

function plainFrame(box: PictureBox, rect: Rect, paint: Paint): string {
  const { x, y, width, height } = rect;
  const hot = hasFocus(box);
  const frame = {
    rx: 10,
    fill: paint.faint,
    stroke: hot ? paint.focus : paint.outline,
    "stroke-width": hot ? 2 : 1,
    "stroke-dasharray": box.kind === "outside" ? "3 3" : undefined,
  };
  // Several hosts in one box look like a stack of cards.
  const behind = box.kind === "fold" ? element("rect", { x: x + 4, y: y + 4, width, height, ...frame }) : "";
  return behind + element("rect", { x, y, width, height, ...frame }) + stateBar(box, rect, paint);
}

/** A host in trouble shows it over the whole of its title. */
function stateBar(box: PictureBox, rect: Rect, paint: Paint): string {
  const tone = toneOf(box.state);
  if (tone === undefined || box.state === null || !isProblem(box.state)) {
    return "";
  }
  const { x, y, width } = rect;
  const low = y + MEASURE.titleHeight - 4;
  const d = `M${x} ${low}V${y + 10}a10 10 0 0 1 10 -10h${width - 20}a10 10 0 0 1 10 10V${low}z`;
  const colours = paint.tone[tone];
  return element("path", {
    d,
    fill: isQuiet(box) ? colours.tint : colours.fill,
    stroke: paint.text,
    "stroke-width": 1.5,
  });
}

function title(box: PictureBox, rect: Rect, paint: Paint): string {
  const inset = box.kind === "internet" ? MEASURE.cloud : 0;
  const x = rect.x + MEASURE.paddingX + inset;
  const right = rect.x + rect.width - MEASURE.paddingX - inset;
  const y = rect.y + inset + 15;
  const tone = toneOf(box.state);
  const loud = box.state !== null && isProblem(box.state);
  const ink = loud && tone !== undefined ? paint.tone[tone][isQuiet(box) ? "onTint" : "on"] : paint.text;
  const shape = loud ? stateShape(tone, x + 8, y, paint, !isQuiet(box)) : "";
  const name = { x: loud ? x + 24 : x + 1, y: y + 4.5, "font-size": MEASURE.title, "font-weight": 700, fill: ink };
  const mark = handlingMark(box.handling, right - 6, y, ink);
  const note = {
    x: mark === "" ? right : right - 18,
    y: y + 4,
    "text-anchor": "end",
    "font-size": MEASURE.small,
    "font-style": "italic",
  };
  return (
    shape +
    element("text", name, escapeXml(boxTitle(box))) +
    (agentNote(box) === "" ? "" : element("text", { ...note, fill: loud ? ink : paint.muted }, agentNote(box))) +
    mark
  );
}

function footer(box: PictureBox, rect: Rect, paint: Paint): string {
  const text = boxFooter(box);
  const place = { x: rect.x + MEASURE.paddingX + 1, y: rect.y + rect.height - 9, "font-size": MEASURE.small };
  return text === "" ? "" : element("text", { ...place, fill: paint.muted }, escapeXml(text));
}

function isQuiet(box: PictureBox): boolean {
  return box.handling.acknowledged || box.handling.inDowntime || box.handling.stale;
}

function hasFocus(box: PictureBox): boolean {
  return box.focus || box.units.some(({ rows }) => rows.some(({ focus, failed }) => focus || failed));
}

/** An outline of bumps around the rectangle. */
function cloud(rect: Rect, paint: Paint): string {
  const inset = MEASURE.cloud * 0.7;
  const left = rect.x + inset;
  const top = rect.y + inset;
  const width = rect.width - 2 * inset;
  const height = rect.height - 2 * inset;
  const across = Math.max(3, Math.round(width / 48));
  const down = Math.max(2, Math.round(height / 36));
  const step = (dx: number, dy: number) => {
    const radius = Math.hypot(dx, dy) * 0.62;
    return `a${numberText(radius)} ${numberText(radius)} 0 0 1 ${numberText(dx)} ${numberText(dy)}`;
  };
  const d = [
    `M${numberText(left)} ${numberText(top)}`,
    ...Array.from({ length: across }, () => step(width / across, 0)),
    ...Array.from({ length: down }, () => step(0, height / down)),
    ...Array.from({ length: across }, () => step(-width / across, 0)),
    ...Array.from({ length: down }, () => step(0, -height / down)),
    "z",
  ];
  return element("path", { d: d.join(""), fill: paint.faint, stroke: paint.outline, "stroke-width": 1.2 });
}
