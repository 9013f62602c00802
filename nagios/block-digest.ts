/**
 * A digest of the bytes of a block. Most blocks of a file are, but for the time of writing, what they were in the file
 * before; finding that out by a digest is faster than reading their lines.
 */

/** Two numbers of 32 bits that together tell blocks apart with certainty enough for practice. */
export class BlockDigest {
  a = 0;
  b = 0;
  #one = 0;
  #two = 0;
  #three = 0;
  #four = 0;

  /** Digests the bytes from `start` to `end`, but not the `gap` bytes from `gapStart` on. */
  take(view: DataView, start: number, end: number, gapStart: number, gap: number): void {
    this.#one = 0x3c6ef372;
    this.#two = 0x1b873593;
    this.#three = 0x2545f491;
    this.#four = 0x6a09e667;
    if (gap > 0) {
      this.#add(view, start, gapStart);
      this.#add(view, gapStart + gap, end);
    } else {
      this.#add(view, start, end);
    }
    const left = mixed(this.#one, this.#two);
    const right = mixed(this.#three, this.#four);
    this.a = mixed(left, right);
    this.b = mixed(right, left) ^ (end - start);
  }

  /** Four numbers go side by side, since the processor can multiply them at the same time. */
  #add(view: DataView, start: number, end: number): void {
    let one = this.#one;
    let two = this.#two;
    let three = this.#three;
    let four = this.#four;
    let at = start;
    for (; at + 16 <= end; at += 16) {
      one = mixed(one, view.getInt32(at, true));
      two = mixed(two, view.getInt32(at + 4, true));
      three = mixed(three, view.getInt32(at + 8, true));
      four = mixed(four, view.getInt32(at + 12, true));
    }
    for (; at < end; at++) {
      one = mixed(one, view.getUint8(at));
    }
    this.#one = one;
    this.#two = two;
    this.#three = three;
    this.#four = four;
  }
}

function mixed(digest: number, word: number): number {
  return Math.imul(((digest << 7) | (digest >>> 25)) ^ word, 0x9e3779b1);
}
