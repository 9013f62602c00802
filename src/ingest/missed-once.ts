/** Objects that are missing in one reading are still there: a server that reads a file being written shows a part of it. */
import type { CheckStatus } from "../model/monitoring.ts";
import { StatusIndex } from "./status-index.ts";

/** Who was missing in the last reading. */
export class MissedOnce {
  #missed = new StatusIndex<true>();

  /**
   * The statuses of a reading, and what was told before of objects that are missing in it for the first time. Of one
   * that is not `complete` nothing counts as missing.
   */
  withMissing(statuses: readonly CheckStatus[], told: Iterable<CheckStatus>, complete: boolean): CheckStatus[] {
    const read = new StatusIndex<true>();
    for (const status of statuses) {
      read.set(status, true);
    }
    const missed = new StatusIndex<true>();
    const stay: CheckStatus[] = [];
    for (const status of told) {
      const isMissing = read.get(status) === undefined;
      if (isMissing && (!complete || this.#missed.get(status) === undefined)) {
        stay.push(status);
      }
      if (isMissing) {
        missed.set(status, true);
      }
    }
    this.#missed = complete ? missed : this.#missed;
    return [...statuses, ...stay];
  }
}
