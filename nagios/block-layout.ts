/**
 * How the blocks of one kind look in one file: in which order the wanted lines stand, and what is between them. Nagios
 * writes every block of a kind alike, so that after one block most places in the next are known, and of the lines
 * between only the beginnings are looked at.
 *
 * That is safe whatever the bytes are: a line that is jumped over has a short value, too short for another wanted line
 * or the end of the block and the beginning of the next to be hidden in its stead.
 */
import type { ByteLines } from "./byte-lines.ts";
import { NO_KEY } from "./key-table.ts";
import { STATUS_FIELDS, STATUS_KEYS } from "./status-fields.ts";

/** Longest value of a line that is jumped over: shorter than the shortest wanted line, `TAB is_flapping= LF`. */
const LONGEST_VALUE = 13;

const MOST_LINES_BETWEEN = 16;
const EQUALS = 61;

/** What a gap is that must be searched line by line. */
const SEARCH = -1;

/** The wanted lines of a kind of block. */
export class BlockLayout {
  /** Number of wanted lines; 0 before the first block was learned. */
  lines = 0;
  /** Set of their fields, as bits. */
  fields = 0;
  /** Number of the field of each wanted line, in the order of the block. */
  readonly order = new Int32Array(STATUS_FIELDS.length);
  /** Bytes between the wanted line before (or the block's beginning) and each wanted line, or SEARCH. */
  readonly gaps = new Int32Array(STATUS_FIELDS.length);
  /** Number of lines in each gap. */
  readonly #between = new Int32Array(STATUS_FIELDS.length);
  /** Where the line feed before each of them stands, from the gap's beginning, and that with the next three bytes. */
  readonly #offsets = new Int32Array(STATUS_FIELDS.length * MOST_LINES_BETWEEN);
  readonly #beginnings = new Int32Array(STATUS_FIELDS.length * MOST_LINES_BETWEEN);

  /** Learns from the lines from `first` up to `closing`, where the line that ends the block begins. */
  learn(text: ByteLines, first: number, closing: number): void {
    this.lines = 0;
    this.fields = 0;
    let from = first;
    for (let at = first; at < closing; ) {
      const next = text.lineEnd(at) + 1;
      const field = STATUS_KEYS.find(text, at);
      if (field !== NO_KEY && (this.fields & (1 << field)) === 0) {
        this.order[this.lines] = field;
        this.gaps[this.lines] = 0;
        this.learnGap(this.lines, text, from, at);
        this.fields |= 1 << field;
        this.lines++;
        from = next;
      }
      at = next;
    }
  }

  /** Learns the lines between `from` and the wanted line at `to`; a gap that had to be searched stays so. */
  learnGap(line: number, text: ByteLines, from: number, to: number): void {
    let between = 0;
    this.gaps[line] = this.gaps[line] === SEARCH ? SEARCH : to - from;
    for (let at = from; at < to && this.gaps[line] !== SEARCH; between++) {
      const end = text.lineEnd(at);
      const equals = text.bytes.indexOf(EQUALS, at);
      if (between === MOST_LINES_BETWEEN || equals < 0 || equals > end || end - equals > LONGEST_VALUE + 1) {
        this.gaps[line] = SEARCH;
        break;
      }
      this.#offsets[line * MOST_LINES_BETWEEN + between] = at - from - 1;
      this.#beginnings[line * MOST_LINES_BETWEEN + between] = text.view.getInt32(at - 1, true);
      at = end + 1;
    }
    this.#between[line] = between;
  }

  /** Whether the lines of a gap that begins at `from` begin where and as they were learned. */
  gapFits(line: number, text: ByteLines, from: number): boolean {
    const { view } = text;
    const offsets = this.#offsets;
    const beginnings = this.#beginnings;
    const first = line * MOST_LINES_BETWEEN;
    const last = first + (this.#between[line] as number);
    for (let at = first; at < last; at++) {
      if (view.getInt32(from + (offsets[at] as number), true) !== beginnings[at]) {
        return false;
      }
    }
    return true;
  }
}
