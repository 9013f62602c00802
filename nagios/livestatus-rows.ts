/**
 * Takes the JSON of a Livestatus answer apart while it comes in: rows are parsed as soon as they are whole, so that an
 * answer of a hundred thousand rows neither keeps anybody waiting nor stands in memory as one text.
 * Format: `[[…], […]]`; Icinga 2 parts rows with a comma and a blank, others with a comma and a line feed.
 */

/** One row as the server sent it: cells in the order of the columns asked for. */
export type LivestatusRow = readonly unknown[];

/** Why an answer is not what was asked for. */
export type RowsFault = "not JSON" | "cut" | "row too long";

const LONGEST_ROW = 4 * 1024 * 1024;
const DEEPEST = 32;

const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Brackets around a cell: those of the answer and of its row. */
const IN_ROW = 2;

/** Reads one answer, chunk by chunk. Never throws. */
export class RowScan {
  /** Bytes of the row that is not whole yet. */
  #rest = Buffer.alloc(0);
  #depth = 0;
  #inText = false;
  #escaped = false;
  #state: "before" | "within" | "after" = "before";
  #fault: RowsFault | null = null;

  /** What is wrong so far; nothing is read any more then. */
  get fault(): RowsFault | null {
    return this.#fault;
  }

  /** Takes the next bytes; returns the rows that are whole with them. */
  push(chunk: Buffer): LivestatusRow[] {
    const before = this.#rest.length;
    const bytes = before === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const { first, end } = this.#scan(bytes, before);
    if (this.#fault !== null) {
      return [];
    }
    const rows = end > first ? this.#parse(bytes.toString("utf8", first, end)) : [];
    this.#keep(bytes, Math.max(first, end));
    return rows;
  }

  /** Says what is wrong with the answer as a whole, null where nothing is. */
  end(): RowsFault | null {
    this.#fault ??= this.#state === "after" ? null : "cut";
    return this.#fault;
  }

  /** Walks from `from` to the end; tells where the first row begins and the last whole one ends. */
  #scan(bytes: Buffer, from: number): { readonly first: number; readonly end: number } {
    let first = from === 0 ? bytes.length : 0;
    let end = 0;
    for (let at = from; at < bytes.length && this.#fault === null; at++) {
      at = this.#inText ? this.#textEnd(bytes, at) : at;
      const byte = bytes[at];
      if (this.#depth < IN_ROW) {
        this.#betweenRows(byte);
        first = this.#depth === IN_ROW ? Math.min(first, at) : first;
      } else if (this.#withinRow(byte)) {
        end = at + 1;
      }
    }
    return { first, end };
  }

  /** The place of the quotation mark that ends the text, or the end of the bytes. */
  #textEnd(bytes: Buffer, from: number): number {
    let at = this.#escaped ? from + 1 : from;
    this.#escaped = false;
    while (at < bytes.length && bytes[at] !== QUOTE) {
      at += bytes[at] === BACKSLASH ? 2 : 1;
    }
    this.#escaped = at > bytes.length;
    return Math.min(at, bytes.length);
  }

  #betweenRows(byte: number | undefined): void {
    if (byte === OPEN_LIST && this.#state !== "after") {
      this.#depth++;
      this.#state = "within";
    } else if (byte === CLOSE_LIST && this.#state === "within") {
      this.#depth--;
      this.#state = "after";
    } else if (!(isBlank(byte) || (byte === COMMA && this.#state === "within"))) {
      this.#fault = "not JSON";
    }
  }

  /** Whether the row ends with this byte. Brackets that do not fit are found when it is parsed. */
  #withinRow(byte: number | undefined): boolean {
    if (byte === QUOTE) {
      this.#inText = !this.#inText;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      this.#depth++;
      this.#fault = this.#depth > DEEPEST ? "not JSON" : null;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      this.#depth--;
      return this.#depth < IN_ROW;
    }
    return false;
  }

  /** Old servers leave control characters in texts as they are, which JSON does not allow. */
  #parse(text: string): LivestatusRow[] {
    const rows = parsedRows(text) ?? parsedRows(text.replace(/\p{Cc}/gu, " "));
    this.#fault = rows === undefined ? "not JSON" : null;
    return rows ?? [];
  }

  /** Keeps what follows the last whole row, if a row has begun there. */
  #keep(bytes: Buffer, from: number): void {
    const next = this.#depth < IN_ROW ? -1 : bytes.indexOf(OPEN_LIST, from);
    // A copy, so that a few bytes do not hold on to a whole chunk.
    this.#rest = next < 0 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(next));
    if (this.#rest.length > LONGEST_ROW) {
      this.#fault = "row too long";
    }
  }
}

function parsedRows(text: string): LivestatusRow[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(`[${text}]`);
  } catch {
    return;
  }
  return Array.isArray(parsed) && parsed.every(Array.isArray) ? parsed : undefined;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}
