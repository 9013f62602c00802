/**
 * Whether the clock can be trusted. One that has just been put right, or wrong, or that stood still while the machine slept
 * is no ground to forget anything for good: whoever sets it right again wants everything back.
 */

/** Seconds by which a clock goes otherwise than evenly when somebody sets it. */
const JUMP = 60;

/** Seconds that it must have gone evenly. */
const TRUSTED_AFTER = 3_600;

/** What it compares. */
export interface TwoClocks {
  /** Unix seconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
}

/** One clock, from the first look on; a jump and its way back between two looks goes unnoticed, and did no harm. */
export class SteadyClock {
  readonly #clocks: TwoClocks;
  #ahead: number;
  /** Since when it goes evenly, seconds of the clock that never jumps. */
  #since: number;

  constructor(clocks: TwoClocks) {
    this.#clocks = clocks;
    this.#since = clocks.monotonic() / 1_000;
    this.#ahead = clocks.now() - this.#since;
  }

  /** Looks at both clocks: whether ours has gone evenly for an hour. */
  readonly isTrusted = (): boolean => {
    const at = this.#clocks.monotonic() / 1_000;
    const ahead = this.#clocks.now() - at;
    if (Math.abs(ahead - this.#ahead) > JUMP) {
      this.#since = at;
    }
    // A clock that is put right little by little goes evenly.
    this.#ahead = ahead;
    return at - this.#since >= TRUSTED_AFTER;
  };
}
