/**
 * Walks through one `hoststatus` or `servicestatus` block and notes where the values of the wanted fields stand,
 * together with a digest of them: equal digests, equal values.
 */
import type { BlockLayout } from "./block-layout.ts";
import { type ByteLines, type BytePattern, bytesBefore, lineFeedsIn } from "./byte-lines.ts";
import { NO_KEY } from "./key-table.ts";
import { LAST_UPDATE, NAME_FIELDS, STATUS_FIELDS, STATUS_KEYS } from "./status-fields.ts";

const TAB = 9;
const CLOSING_BRACE = 125;
const OPENING_BRACE = 123;

/** What `walk` returns for a block that does not end. */
export const TORN = -1;

/**
 * Places and digests of the block that was walked through last. The digests do not depend on the order of the lines;
 * two of 32 bits each make it certain for practice that a change is seen.
 */
export class BlockWalk {
  #text: ByteLines;
  /** Where the value of each field begins and ends; valid where `found` has its bit. */
  readonly starts = new Int32Array(STATUS_FIELDS.length);
  readonly ends = new Int32Array(STATUS_FIELDS.length);
  /** Set of the fields the block has, as bits. */
  found = 0;
  /** Two digests of the names, two of all other values. */
  nameA = 0;
  nameB = 0;
  valueA = 0;
  valueB = 0;
  /** Where the line that ends the block begins. */
  closing = 0;
  /** Whether the layout fitted to its end. */
  fitted = false;

  constructor(text: ByteLines) {
    this.#text = text;
  }

  /** Lets the walks go over another text. */
  over(text: ByteLines): void {
    this.#text = text;
  }

  /** Walks from the block's first line; returns the place after the block, or TORN. */
  walk(from: number, layout: BlockLayout): number {
    this.#clear();
    const left = this.#follow(from, layout);
    const after = this.search(left);
    if (after !== TORN && (this.found & layout.fields) !== layout.fields && left !== from) {
      // A wanted line is not where the layout has it: it may have been jumped over.
      this.#clear();
      return this.search(from);
    }
    return after;
  }

  /** Whether the block has the field of this number. */
  has(field: number): boolean {
    return (this.found & (1 << field)) !== 0;
  }

  #clear(): void {
    this.found = 0;
    this.nameA = 0;
    this.nameB = 0;
    this.valueA = 0;
    this.valueB = 0;
    this.fitted = false;
  }

  /** Reads by the layout as long as it fits; returns the beginning of the first line that is not read. */
  #follow(from: number, layout: BlockLayout): number {
    const text = this.#text;
    const { order, gaps, lines } = layout;
    const { patterns } = STATUS_KEYS;
    let at = from;
    for (let line = 0; line < lines; line++) {
      const field = order[line] as number;
      const pattern = patterns[field] as BytePattern;
      let found = at + (gaps[line] as number);
      if (found < at || !text.startsWith(found - 1, pattern) || !layout.gapFits(line, text, at)) {
        found = this.#seek(pattern, at);
        if (found < 0) {
          return at;
        }
        layout.learnGap(line, text, at, found);
      }
      at = this.#take(field, found - 1 + pattern.length);
    }
    this.fitted = lines > 0;
    return at;
  }

  /** Where the line with the pattern begins if it is the next wanted line from `from` on, else -1. */
  #seek(pattern: BytePattern, from: number): number {
    const text = this.#text;
    let at = from;
    while (at < text.length && text.bytes[at] === TAB && text.bytes[at + 1] !== CLOSING_BRACE) {
      if (text.startsWith(at - 1, pattern)) {
        return at;
      }
      if (STATUS_KEYS.find(text, at) !== NO_KEY) {
        return -1;
      }
      at = text.lineEnd(at) + 1;
    }
    return -1;
  }

  /**
   * Reads line by line up to the block's end; returns the place after it, or TORN, with `closing` then the place
   * where the next block opens or the file ends.
   */
  search(from: number): number {
    const text = this.#text;
    let at = from;
    while (at < text.length) {
      if (isClosing(text, at)) {
        this.closing = at;
        return Math.min(text.lineEnd(at) + 1, text.length);
      }
      if (text.bytes[at] === TAB) {
        at = this.#searchLine(at);
      } else {
        const end = text.lineEnd(at);
        if (isOpening(text, at, end)) {
          break;
        }
        at = end + 1;
      }
    }
    this.closing = Math.min(at, text.length);
    return TORN;
  }

  /** Takes the line at `at` if it is wanted and the first of its key; returns the beginning of the next line. */
  #searchLine(at: number): number {
    const field = STATUS_KEYS.find(this.#text, at);
    return field === NO_KEY || this.has(field)
      ? this.#text.lineEnd(at + 1) + 1
      : this.#take(field, STATUS_KEYS.valueStart(at, field));
  }

  /** Notes where the value that begins at `from` ends, and digests it; returns the beginning of the next line. */
  #take(field: number, from: number): number {
    const { view } = this.#text;
    let at = from;
    let a = Math.imul(field + 1, 0x3c6ef372);
    let b = Math.imul(field + 1, 0x1b873593);
    let word = view.getInt32(at, true);
    let hits = lineFeedsIn(word);
    while (hits === 0) {
      a = Math.imul(((a << 5) | (a >>> 27)) ^ word, 0x9e3779b1);
      b = Math.imul(((b << 11) | (b >>> 21)) ^ word, 0x85ebca6b);
      at += 4;
      word = view.getInt32(at, true);
      hits = lineFeedsIn(word);
    }
    const left = bytesBefore(hits);
    const end = at + left;
    const last = (word & ((1 << (left << 3)) - 1)) ^ (left << 28);
    a = Math.imul(((a << 5) | (a >>> 27)) ^ last, 0x9e3779b1);
    b = Math.imul(((b << 11) | (b >>> 21)) ^ last, 0x85ebca6b);
    this.starts[field] = from;
    this.ends[field] = end;
    this.found |= 1 << field;
    if (field < NAME_FIELDS) {
      this.nameA = (this.nameA + (a ^ (a >>> 15))) | 0;
      this.nameB = (this.nameB + (b ^ (b >>> 13))) | 0;
    } else if (field !== LAST_UPDATE) {
      this.valueA = (this.valueA + (a ^ (a >>> 15))) | 0;
      this.valueB = (this.valueB + (b ^ (b >>> 13))) | 0;
    }
    return end + 1;
  }
}

/** Whether the line ends a block: a closing brace, a TAB before it or not (Icinga 2 leaves it out in places). */
export function isClosing(text: ByteLines, at: number): boolean {
  const brace = text.bytes[at] === TAB ? at + 1 : at;
  return text.bytes[brace] === CLOSING_BRACE && text.textEnd(at, text.lineEnd(at)) === brace + 1;
}

/** Whether the line is `name {`, which no value can be: values stand behind a TAB and a key. */
export function isOpening(text: ByteLines, start: number, lineEnd: number): boolean {
  const end = text.textEnd(start, lineEnd);
  if (end - start < 3 || text.bytes[end - 1] !== OPENING_BRACE || text.bytes[end - 2] !== 32) {
    return false;
  }
  for (let at = start; at < end - 2; at++) {
    if (!isNameByte(text.bytes[at] ?? 0)) {
      return false;
    }
  }
  return true;
}

function isNameByte(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || byte === 95;
}
