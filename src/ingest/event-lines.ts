/** Cuts the bytes of an event stream into lines, however they come in. */

const LINE_FEED = 10;

/** Lines of one stream. Unlike `LogLines` it keeps pieces apart until their line ends, and tells what it left out. */
export class EventLines {
  readonly #longest: number;
  #parts: Buffer[] = [];
  #size = 0;
  #dropped = 0;

  /** Lines longer than `longest` bytes are left out. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** How many lines were left out. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The lines that end in `piece`, without their line feeds; empty ones are left out. */
  take(piece: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
      this.#keep(piece.subarray(from, end));
      const line = this.#end();
      if (line.trim() !== "") {
        lines.push(line);
      }
      from = end + 1;
    }
    this.#keep(piece.subarray(from));
    return lines;
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#longest) {
      this.#parts = [];
    } else if (part.length > 0) {
      this.#parts.push(part);
    }
  }

  #end(): string {
    this.#dropped += this.#size > this.#longest ? 1 : 0;
    const line = Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}
