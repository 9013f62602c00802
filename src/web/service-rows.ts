/** The table below a picture: the same rows in the same order, and what the picture had no room for. */
import type { AffectedRow, Impact } from "../model/impact.ts";
import type { State } from "../model/state.ts";
import { labelOf } from "../render/labels.ts";
import { toneOf } from "../render/palette.ts";
import type { Picture, PictureRow } from "../render/picture.ts";
import { readingOrder } from "../render/reading-order.ts";
import { CERTAINTY_WORDS, handlingWords } from "../render/row-text.ts";
import { hostLink } from "./links.ts";

/** Lines of a table at most; the rest is counted. */
const MOST_ROWS = 500;

/** All lines of the table; `left` counts those that did not fit. */
export function serviceRows(picture: Picture, impact: Impact | undefined, root: string, suffix: string) {
  const affected = new Map((impact?.affected ?? []).map((row) => [row.id, row]));
  const drawn = readingOrder(picture, impact);
  const shown = new Set(drawn.map(({ id }) => id));
  const beyond = (impact?.affected ?? []).filter(({ id }) => !shown.has(id));
  const all = [
    ...drawn.map((row) => drawnRow(row, affected.get(row.id), root, suffix)),
    ...beyond.map((row) => affectedRow(row, root, suffix)),
  ];
  return { rows: all.slice(0, MOST_ROWS), left: Math.max(0, all.length - MOST_ROWS) };
}

function drawnRow(row: PictureRow, affected: AffectedRow | undefined, root: string, suffix: string) {
  const words = [
    ...(row.stateType === "SOFT" && row.ownState !== null ? ["soft"] : []),
    ...handlingWords(row.handling),
    ...(row.old ? ["not seen lately"] : []),
  ];
  const times = row.times > 1 ? ` ×${row.times}` : "";
  return {
    service: row.label + times,
    host: row.host,
    href: hostLink(root, row.host, suffix),
    failed: row.failed,
    ...stateCells(row.ownState, words, row.checks),
    ...hitCells(row.degree, row.propagatedState, affected),
  };
}

function affectedRow(row: AffectedRow, root: string, suffix: string) {
  return {
    service: labelOf(row),
    host: row.host,
    href: hostLink(root, row.host, suffix),
    failed: false,
    ...stateCells(row.ownState, [], []),
    ...hitCells(row.degree, row.propagatedState, row),
  };
}

function stateCells(state: State | null, words: readonly string[], checks: readonly string[]) {
  return { state: state ?? "no check", tone: toneOf(state), words: words.join(", "), checks: checks.join(", ") };
}

function hitCells(degree: string | null, state: State | null, affected: AffectedRow | undefined) {
  return {
    degree,
    propagated: state,
    propagatedTone: toneOf(state),
    hops: affected?.hops,
    certainty: affected === undefined ? undefined : CERTAINTY_WORDS[affected.certainty],
    path: affected?.path.join(" → "),
  };
}
