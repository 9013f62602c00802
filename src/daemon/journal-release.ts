/** Lets a journal forget what the store has held for a while. */
import type { ReportJournal } from "../ingest/report-journal.ts";

/** Seconds the store must have held something before the journal forgets it: a failover may lose the last second. */
export const SAFE_AFTER = 60;

/** What the store holds of a journal, and since when. */
export class JournalRelease {
  readonly #journal: Pick<ReportJournal, "release">;
  /** Unix seconds. */
  readonly #now: () => number;
  /** Positions below which the store held everything at the given time, in order. */
  #held: { readonly position: number; readonly at: number }[] = [];

  constructor(journal: Pick<ReportJournal, "release">, now: () => number) {
    this.#journal = journal;
    this.#now = now;
  }

  /** The store holds everything up to a position; said again it is so since the first time. */
  hold(position: number): void {
    if (position !== this.#held.at(-1)?.position) {
      this.#held.push({ position, at: this.#now() });
    }
  }

  /** Releases what has been held for long enough. */
  async release(): Promise<void> {
    const now = this.#now();
    // Either way: what was held before a clock was set back would else fill the journal until that has caught up.
    const safe = this.#held.filter(({ at }) => Math.abs(now - at) >= SAFE_AFTER).at(-1);
    if (safe !== undefined) {
      this.#held = this.#held.filter(({ position }) => position > safe.position);
      await this.#journal.release(safe.position);
    }
  }
}
