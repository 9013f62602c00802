/** Cuts the bytes of a growing file into lines. */

/** Longer lines are left out, in bytes; so much of an unfinished line is kept at most. */
const LONGEST_LINE = 64 * 1024;

const LINE_FEED = 10;

/** The lines of one file. */
export class LogLines {
  #rest = Buffer.alloc(0);
  #isSkipping: boolean;

  /** `startsWithin`: whether the first bytes may be the end of a line, which is then left out. */
  constructor(startsWithin: boolean) {
    this.#isSkipping = startsWithin;
  }

  /** The lines that end in `chunk`, without their line feeds; they are valid as long as the chunk's bytes are. */
  take(chunk: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      const line = this.#ended(chunk.subarray(from, end));
      if (line !== undefined) {
        lines.push(line);
      }
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  #ended(end: Buffer): Buffer | undefined {
    const line = this.#rest.length === 0 ? end : Buffer.concat([this.#rest, end]);
    const isWhole = !this.#isSkipping && line.length <= LONGEST_LINE;
    this.#rest = Buffer.alloc(0);
    this.#isSkipping = false;
    return isWhole ? line : undefined;
  }

  #keep(part: Buffer): void {
    if (this.#isSkipping || part.length === 0) {
      return;
    }
    const rest = Buffer.concat([this.#rest, part]);
    this.#isSkipping = rest.length > LONGEST_LINE;
    this.#rest = this.#isSkipping ? Buffer.alloc(0) : rest;
  }
}
