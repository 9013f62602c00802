/** Tables as kubectl prints them: upper-case headers, no lines, two spaces between columns. */
import type { Paint } from "./paint.ts";

/** A column: its head, and whether only `-o wide` shows it. */
export interface Column {
  readonly head: string;
  readonly wide?: boolean;
}

/** How to print. */
export interface TableOptions {
  readonly headers: boolean;
  readonly paint: Paint;
}

/** The table's text; every line ends, no line has trailing blanks. Cells are made harmless for terminals. */
export function tableText(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { headers, paint }: TableOptions,
): string {
  const cells = rows.map((row) => row.map(harmless));
  const all = headers ? [heads, ...cells] : cells;
  const widths = heads.map((_, column) => all.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? "")), 0));
  return all.map((row) => `${line(row, widths, paint)}\n`).join("");
}

/** Text from elsewhere without what could steer a terminal: control characters, escape sequences, reversed writing. */
export function harmless(text: string): string {
  return text.replace(/[\r\n\t]+/g, " ").replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu, "\ufffd");
}

/** Columns a text takes: combining marks none, East Asian wide letters and pictures two. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text.replace(/\p{Mn}/gu, "")) {
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
        letter,
      )
        ? 2
        : 1;
  }
  return width;
}

function line(row: readonly string[], widths: readonly number[], paint: Paint): string {
  const last = row.findLastIndex((cell) => cell !== "");
  const cells = row.slice(0, last + 1).map((cell, column) => {
    const room = column === last ? 0 : (widths[column] ?? 0) - widthOf(cell);
    return paint(cell) + " ".repeat(room);
  });
  return cells.join("  ");
}
