/** How large boxes and rows are drawn. */
import type { PictureBox, PictureRow } from "./picture.ts";
import { clipText, textWidth } from "./text-width.ts";

/** Measures shared by the layout and the SVG, in pixels. */
export const MEASURE = Object.freeze({
  rowHeight: 26,
  /** Between the rows of one unit. */
  rowGap: 4,
  unitGap: 8,
  titleHeight: 30,
  paddingX: 10,
  paddingBottom: 10,
  /** The cell of the state's shape at the left of a row. */
  badge: 28,
  /** The cells at the right of a row: handling, and what its dependencies do to it. */
  marks: 46,
  /** Room for edges that stay in the box. */
  gutter: 20,
  footer: 16,
  label: 13,
  title: 13,
  small: 11,
  widestLabel: 190,
  widestTitle: 230,
  /** Extra room of the Internet's cloud around its rows. */
  cloud: 14,
});

/** The label of a row as drawn, `×12` or `3 of 12` included. */
export function rowLabel(row: PictureRow): string {
  return clipped(row) + timesText(row.times, row.troubled ?? 0);
}

/** The widest a row's label can become, whatever its state. */
function widestRowLabel(row: PictureRow): string {
  return clipped(row) + timesText(row.times, row.troubled === undefined ? 0 : row.times);
}

function clipped(row: PictureRow): string {
  return clipText(row.label, MEASURE.widestLabel, MEASURE.label);
}

function timesText(times: number, troubled: number): string {
  if (times <= 1) {
    return "";
  }
  return troubled > 0 ? ` ${troubled} of ${times}` : ` ×${times}`;
}

/** The title of a box as drawn. */
export function boxTitle(box: PictureBox): string {
  const many = box.hosts.length > 1 ? ` (${box.hosts.length} hosts)` : "";
  return `${clipText(box.title, MEASURE.widestTitle, MEASURE.title, true)}${many}`;
}

/** What stands below the rows of a box, empty where nothing is to be said. */
export function boxFooter(box: PictureBox): string {
  return box.hidden > 0 ? `+ ${box.hidden} not drawn` : "";
}

/** Width a box needs. */
export function boxWidth(box: PictureBox, gutter: boolean): number {
  const { badge, marks, paddingX, label, title, cloud } = MEASURE;
  const labels = box.units.flatMap(({ rows }) => rows.map((row) => textWidth(widestRowLabel(row), label)));
  const row = Math.max(40, ...labels) + badge + marks + (gutter ? MEASURE.gutter : 0);
  // Room for the note is kept even where there is none, so that a silent agent moves nothing.
  const note = box.kind === "internet" ? 0 : 44 + textWidth("not monitored", MEASURE.small);
  const head = textWidth(boxTitle(box), title, true) + note;
  const inner = Math.ceil(Math.max(row, head)) + 2 * paddingX;
  return box.kind === "internet" ? inner + 2 * cloud : inner;
}

/** Height of a box. */
export function boxHeight(box: PictureBox): number {
  const { titleHeight, paddingBottom, footer, cloud } = MEASURE;
  const inner = titleHeight + unitsHeight(box) + paddingBottom + (boxFooter(box) === "" ? 0 : footer);
  return box.kind === "internet" ? inner + 2 * cloud : inner;
}

/** What the title line says about the agent; empty where it is fresh. */
export function agentNote(box: PictureBox): string {
  if (box.kind === "internet" || box.kind === "outside") {
    return box.kind === "outside" ? "not monitored" : "";
  }
  if (box.agent === "fresh") {
    return "";
  }
  return box.agent === "stale" ? "agent silent" : "no agent";
}

function unitsHeight(box: PictureBox): number {
  const { rowHeight, rowGap, unitGap } = MEASURE;
  let height = 0;
  for (const { rows } of box.units) {
    height += rows.length * rowHeight + Math.max(0, rows.length - 1) * rowGap + unitGap;
  }
  return Math.max(0, height - unitGap);
}
