/** Finds out which of a few known keys a line begins with, without making a string of it. */
import { type ByteLines, type BytePattern, bytePattern } from "./byte-lines.ts";

/** What `find` returns for a line whose key is not in the table. */
export const NO_KEY = -1;

/** A table of keys; the place of a key in it is its number. */
export class KeyTable {
  /** How the line of each key begins: the line feed before it, TAB, key, separator. */
  readonly patterns: readonly BytePattern[];
  readonly #byFirstWord = new Map<number, number[]>();

  /** `separator` is the character between key and value; keys have five letters or more. */
  constructor(keys: readonly string[], separator: "=" | "\t") {
    this.patterns = keys.map((key) => bytePattern(`\n\t${key}${separator}`));
    for (const [number, key] of keys.entries()) {
      const word = Buffer.from(`\n\t${key}`, "latin1").readInt32LE(0);
      this.#byFirstWord.set(word, [...(this.#byFirstWord.get(word) ?? []), number]);
    }
  }

  /** Number of the key that the line at `at` has, or NO_KEY. A line feed must stand before the line. */
  find(text: ByteLines, at: number): number {
    const candidates = this.#byFirstWord.get(text.view.getInt32(at - 1, true));
    if (candidates !== undefined) {
      for (const number of candidates) {
        if (text.startsWith(at - 1, this.patterns[number] as BytePattern)) {
          return number;
        }
      }
    }
    return NO_KEY;
  }

  /** Where the value begins in the line at `at`, which has the key of this number. */
  valueStart(at: number, number: number): number {
    return at - 1 + (this.patterns[number] as BytePattern).length;
  }
}
