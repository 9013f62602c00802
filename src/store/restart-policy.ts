/** When a store that crashed is started again, and when no more. */

/** Crashes within this time that end all attempts. */
const MOST_CRASHES = 5;
const WITHIN = 60_000;

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** Counts crashes of one store. Times in milliseconds of a clock that never jumps. */
export class RestartPolicy {
  private crashes: number[] = [];

  /** Milliseconds to wait after a crash at `now`; undefined where it crashes too often to go on. */
  afterCrash(now: number): number | undefined {
    this.crashes = [...this.crashes.filter((time) => now - time < WITHIN), now];
    if (this.crashes.length >= MOST_CRASHES) {
      return undefined;
    }
    return Math.min(FIRST_DELAY * 2 ** (this.crashes.length - 1), LONGEST_DELAY);
  }
}
