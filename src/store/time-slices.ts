/** Long work in slices, so that others have their turn between them. */
import { setImmediate as nextRound } from "node:timers/promises";

/** Slices of so many milliseconds; ask `isOver` after each piece of work, and await `next` only then. */
export class TimeSlices {
  readonly #length: number;
  #until: number;

  constructor(length: number) {
    this.#length = length;
    this.#until = performance.now() + length;
  }

  get isOver(): boolean {
    return performance.now() > this.#until;
  }

  /** Resolves when others have had their turn. */
  async next(): Promise<void> {
    await nextRound();
    this.#until = performance.now() + this.#length;
  }
}
