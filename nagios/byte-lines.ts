/**
 * Lines of a file held as bytes: where they end, whether they begin with a known text. Several bytes are looked
 * at at once, and nothing is copied, because a status file may be 150 MB and is read every ten seconds.
 */

/** Bytes that must follow the content of a buffer; they belong to ByteLines. */
export const SPARE_BYTES = 64;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** A text to be found at a place; at least eight bytes of ASCII. */
export interface BytePattern {
  readonly length: number;
  /**
   * Eight bytes each as a 64-bit float; the last one overlaps so that it ends with the text. ASCII never makes NaN or
   * zero, so equal numbers are equal bytes.
   */
  readonly words: Float64Array;
}

/** The pattern of a text. */
export function bytePattern(text: string): BytePattern {
  const bytes = Buffer.from(text, "latin1");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words: number[] = [];
  for (let at = 0; at + 8 < bytes.length; at += 8) {
    words.push(view.getFloat64(at, true));
  }
  words.push(view.getFloat64(bytes.length - 8, true));
  return { length: bytes.length, words: Float64Array.from(words) };
}

/** Which bytes of a word are line feeds: bit 7 of the lowest such byte is right, bits above it may be wrong. */
export function lineFeedsIn(word: number): number {
  const zeroed = word ^ 0x0a0a0a0a;
  return (zeroed - 0x01010101) & ~zeroed & 0x80808080;
}

/** How many bytes stand before the first line feed in a word that holds one (`hits` of lineFeedsIn). */
export function bytesBefore(hits: number): number {
  return (31 - Math.clz32(hits & -hits)) >>> 3;
}

/** The bytes of a file, or of the stretch of it that is being read. */
export class ByteLines {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Number of bytes that are content. */
  length = 0;

  /** Takes the first `length` bytes of `buffer` as content; copies them where it has no SPARE_BYTES behind. */
  constructor(buffer: Buffer, length: number) {
    this.bytes = buffer.length >= length + SPARE_BYTES ? buffer : withSpareBytes(buffer, length);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
    this.setLength(length);
  }

  /** Takes the first `length` bytes as content, and writes line feeds into the spare bytes behind. */
  setLength(length: number): void {
    this.bytes.fill(LINE_FEED, length, length + SPARE_BYTES);
    this.length = length;
  }

  /** Whether the content ends with a line feed. */
  get endsWithLine(): boolean {
    return this.length > 0 && this.bytes[this.length - 1] === LINE_FEED;
  }

  /** Place of the first line feed at or after `from`; `length` at the latest. */
  lineEnd(from: number): number {
    let at = from;
    let hits = lineFeedsIn(this.view.getInt32(at, true));
    while (hits === 0) {
      at += 4;
      hits = lineFeedsIn(this.view.getInt32(at, true));
    }
    return at + bytesBefore(hits);
  }

  /** End of the line's text: `lineEnd`, or one less where a carriage return stands before it. */
  textEnd(start: number, lineEnd: number): number {
    return lineEnd > start && this.bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
  }

  /** Whether the pattern stands at `at`. */
  startsWith(at: number, pattern: BytePattern): boolean {
    const { words, length } = pattern;
    const last = words.length - 1;
    if (at + length > this.length) {
      return false;
    }
    for (let word = 0; word < last; word++) {
      if (this.view.getFloat64(at + word * 8, true) !== words[word]) {
        return false;
      }
    }
    return this.view.getFloat64(at + length - 8, true) === words[last];
  }
}

function withSpareBytes(buffer: Buffer, length: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(length + SPARE_BYTES);
  buffer.copy(copy, 0, 0, length);
  return copy;
}
