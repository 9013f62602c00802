/** A set of small numbers, one bit each: for thousands of problems that may each have to do with each other. */
import { enlarged } from "../model/enlarged.ts";
export class NumberSet {
  private words: Uint32Array;
  /** Grows whenever something is added or taken away. */
  revision = 0;

  constructor(words: Uint32Array = new Uint32Array(1)) {
    this.words = words;
  }

  add(number: number): void {
    this.revision += 1;
    const word = number >>> 5;
    if (word >= this.words.length) {
      this.words = enlarged(this.words, new Uint32Array(Math.max(word + 1, 2 * this.words.length)));
    }
    this.words[word] = (this.words[word] ?? 0) | (1 << (number & 31));
  }

  delete(number: number): void {
    this.revision += 1;
    const word = number >>> 5;
    if (word < this.words.length) {
      this.words[word] = (this.words[word] ?? 0) & ~(1 << (number & 31));
    }
  }

  has(number: number): boolean {
    return ((this.words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  /** What is here and in none of the others. */
  without(...others: readonly NumberSet[]): NumberSet {
    const rest = new NumberSet(this.words.slice());
    for (const { words } of others) {
      for (let i = 0; i < Math.min(words.length, rest.words.length); i += 1) {
        rest.words[i] = (rest.words[i] ?? 0) & ~(words[i] ?? 0);
      }
    }
    return rest;
  }

  /** What is here, and these numbers. */
  and(numbers: Iterable<number>): NumberSet {
    const all = new NumberSet(this.words.slice());
    for (const number of numbers) {
      all.add(number);
    }
    return all;
  }

  get isEmpty(): boolean {
    return this.words.every((word) => word === 0);
  }

  equals(other: NumberSet): boolean {
    const length = Math.max(this.words.length, other.words.length);
    for (let i = 0; i < length; i += 1) {
      if ((this.words[i] ?? 0) !== (other.words[i] ?? 0)) {
        return false;
      }
    }
    return true;
  }

  /** All of them, the smallest first. */
  *[Symbol.iterator](): Generator<number> {
    for (const [i, word] of this.words.entries()) {
      for (let left = word; left !== 0; left &= left - 1) {
        yield i * 32 + 31 - Math.clz32(left & -left);
      }
    }
  }
}
