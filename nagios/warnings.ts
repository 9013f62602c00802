/** What a dialect's reader found wrong and went on: counted by reason, with the first example. */

/** One kind of finding. */
export interface Warning {
  /** A fixed text. */
  readonly reason: string;
  readonly count: number;
  /** The first thing it was found at. */
  readonly example: string;
}

const LONGEST_EXAMPLE = 200;

/** Collects findings. */
export class Warnings {
  readonly #found = new Map<string, { count: number; example: string }>();

  /** Counts one finding. */
  add(reason: string, example: string): void {
    const known = this.#found.get(reason);
    if (known === undefined) {
      this.#found.set(reason, { count: 1, example: example.slice(0, LONGEST_EXAMPLE) });
    } else {
      known.count++;
    }
  }

  /** All findings, in the order they were met first. */
  list(): Warning[] {
    return [...this.#found].map(([reason, { count, example }]) => ({ reason, count, example }));
  }
}
