/**
 * Cuts an answer of Icinga 2's API, `{"results":[{…},{…}]}`, into its objects while it comes in: the answer of a large
 * site has a hundred megabytes, and nobody needs more than one object of it at a time.
 */

/** Largest object that is taken, in bytes. */
const LARGEST_OBJECT = 8 * 1024 * 1024;

/** Depth of what stands within the list of results. */
const IN_LIST = 2;

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** The objects of one answer. */
export class Icinga2Results {
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #isEnded = false;
  /** Bytes of the object that began in earlier pieces. */
  #parts: Buffer[] = [];
  #size = 0;

  /** Whether the answer came to its end. */
  get isComplete(): boolean {
    return this.#isEnded;
  }

  /** The texts of the objects that end in `piece`. Larger ones than 8 MiB are told as an empty text. */
  take(piece: Buffer): string[] {
    const texts: string[] = [];
    // Where the object that is open began in this piece.
    let from = 0;
    for (let at = this.#textEnd(piece, 0); at < piece.length && !this.#isEnded; at += 1) {
      const byte = piece[at] as number;
      if (byte === QUOTE) {
        this.#inString = true;
        at = this.#textEnd(piece, at + 1) - 1;
      } else if (OPENING.has(byte)) {
        from = this.#depth === IN_LIST ? at : from;
        this.#depth += 1;
      } else if (CLOSING.has(byte) && this.#close()) {
        texts.push(this.#end(piece.subarray(from, at + 1)));
      }
    }
    this.#keepOpen(piece.subarray(from));
    return texts;
  }

  /** Whether an object of the list ends with what ends here. */
  #close(): boolean {
    this.#depth -= 1;
    this.#isEnded = this.#depth <= 0;
    return this.#depth === IN_LIST;
  }

  /** The place after the string that is open, `at` where none is; the length of the piece where it does not end there. */
  #textEnd(piece: Buffer, start: number): number {
    let at = start;
    while (this.#inString && at < piece.length) {
      const byte = piece[at];
      if (this.#isEscaped) {
        this.#isEscaped = false;
      } else if (byte === BACKSLASH) {
        this.#isEscaped = true;
      } else if (byte === QUOTE) {
        this.#inString = false;
      }
      at += 1;
    }
    return at;
  }

  #keepOpen(part: Buffer): void {
    if (this.#depth > IN_LIST) {
      this.#keep(part);
    }
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > LARGEST_OBJECT) {
      this.#parts = [];
    } else {
      this.#parts.push(part);
    }
  }

  #end(part: Buffer): string {
    this.#keep(part);
    const isTooLarge = this.#size > LARGEST_OBJECT;
    const text = isTooLarge ? "" : Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    this.#size = 0;
    return text;
  }
}
