/** The cells of a Livestatus row, whatever a server put there: an unknown column gives empty texts in some of them. */

import { LATEST } from "./latest-time.ts";
import type { LivestatusRow } from "./livestatus-rows.ts";

/** Longest text kept of one cell. */
const LONGEST_TEXT = 65_536;

const MOST = 1_000_000;

const REPLACEMENT = "\ufffd";

/** Reads cells of rows by the names of their columns. */
export class CellReader<Column extends string> {
  readonly #places: ReadonlyMap<string, number>;
  #row: LivestatusRow = [];

  /** `columns` are those asked for, in their order. */
  constructor(columns: readonly Column[]) {
    this.#places = new Map(columns.map((column, at) => [column, at]));
  }

  /** Goes to a row. */
  at(row: LivestatusRow): this {
    this.#row = row;
    return this;
  }

  /** The number in a cell, 1 and 0 for true and false; `missing` where there is none. */
  number(column: Column, missing: number): number {
    const cell = this.#cell(column);
    if (typeof cell === "boolean") {
      return cell ? 1 : 0;
    }
    return typeof cell === "number" && Number.isFinite(cell) ? cell : missing;
  }

  /** Whether a cell holds true or false, as Icinga 2 writes what others write as 1 and 0. */
  isBoolean(column: Column): boolean {
    return typeof this.#cell(column) === "boolean";
  }

  /** Whether a cell says yes. */
  flag(column: Column): boolean {
    return this.number(column, 0) > 0;
  }

  /** A whole number from 0 to a million. */
  count(column: Column): number {
    return Math.min(MOST, Math.max(0, Math.trunc(this.number(column, 0))));
  }

  /** Unix seconds, 0 for never (Icinga 2 says -1). */
  time(column: Column): number {
    return Math.min(LATEST, Math.max(0, this.number(column, 0)));
  }

  /** One line of text; control characters other than TAB become U+FFFD. */
  text(column: Column): string {
    return readable(this.#cell(column), /(?!\t)\p{Cc}|\p{Surrogate}/gu);
  }

  /** Text of several lines. */
  lines(column: Column): string {
    return readable(this.#cell(column), /(?![\t\n])\p{Cc}|\p{Surrogate}/gu);
  }

  /** The texts of a list; empty where the cell holds none. */
  texts(column: Column): string[] {
    const cell = this.#cell(column);
    return Array.isArray(cell) ? cell.map((each) => readable(each, /(?!\t)\p{Cc}|\p{Surrogate}/gu)) : [];
  }

  #cell(column: Column): unknown {
    return this.#row[this.#places.get(column) ?? -1];
  }
}

function readable(cell: unknown, unreadable: RegExp): string {
  if (typeof cell !== "string") {
    return typeof cell === "number" ? String(cell) : "";
  }
  const text = cell.length > LONGEST_TEXT ? cell.slice(0, LONGEST_TEXT) : cell;
  return isPlain(text) ? text : text.replace(unreadable, REPLACEMENT);
}

/** Most texts hold nothing that could need replacing, and there are many. */
function isPlain(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\0-\x1f\x7f-\x9f\ud800-\udfff]/.test(text);
}
