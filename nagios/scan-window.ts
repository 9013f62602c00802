/**
 * Reads a large file through a small window: bytes are put in at the end, whole blocks are taken off at the front, and
 * what is left waits for more. So memory stays small, and the bytes are still in the processor's cache when they are read.
 */
import { ByteLines, SPARE_BYTES } from "./byte-lines.ts";

/** Whoever reads what is in the window. */
export interface WindowScanner {
  /** Reads from the front of `text`; returns how many bytes are done with: all of them where the file ends there. */
  scan(text: ByteLines, isEnd: boolean): number;
}

/** A block that is larger is given up, in bytes. */
const LARGEST_BLOCK = 64 * 1024 * 1024;

/** The window. */
export class ScanWindow {
  #text: ByteLines;
  readonly #largest: number;

  /** A window for about `size` bytes at a time; it grows where a block is larger, up to one of `largest` bytes. */
  constructor(size: number, largest: number = LARGEST_BLOCK) {
    this.#largest = largest;
    this.#text = new ByteLines(Buffer.allocUnsafeSlow(size + SPARE_BYTES), 0);
  }

  /** Forgets what is in the window. */
  clear(): void {
    this.#text.setLength(0);
  }

  /** Where the next bytes of the file belong. */
  free(): Buffer {
    return this.#text.bytes.subarray(this.#text.length, this.#text.bytes.length - SPARE_BYTES);
  }

  /** Has the first `count` bytes of `free` read. */
  filled(count: number, scanner: WindowScanner): void {
    const text = this.#text;
    text.setLength(text.length + count);
    this.#takeOff(scanner.scan(text, false));
    if (text.length > this.free().length) {
      this.#makeRoom(scanner);
    }
  }

  /** Has what is left read, and empties the window. */
  end(scanner: WindowScanner): void {
    scanner.scan(this.#text, true);
    this.clear();
  }

  #takeOff(count: number): void {
    const text = this.#text;
    text.bytes.copyWithin(0, count, text.length);
    text.setLength(text.length - count);
  }

  #makeRoom(scanner: WindowScanner): void {
    const { bytes, length } = this.#text;
    if (length >= this.#largest) {
      this.end(scanner);
      return;
    }
    const larger = Buffer.allocUnsafeSlow(bytes.length * 2);
    bytes.copy(larger, 0, 0, length);
    this.#text = new ByteLines(larger, length);
  }
}
