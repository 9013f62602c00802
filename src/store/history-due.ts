/** When the next snapshot is due. */

/** What decides. Times are Unix seconds. */
export interface SnapshotClock {
  readonly now: number;
  /** The snapshot taken last; undefined for none. */
  readonly newest: number | undefined;
  /** The setting `history`, seconds. */
  readonly interval: number;
  /** Whether the whole picture was written anew since the last one: no change leads from there to here. */
  readonly rewritten: boolean;
}

/** Seconds between two snapshots at least, where a daemon that starts again and again writes the picture anew each time. */
const SPACING = 60;

/** Whether one is due now; a clock that was set back makes one due, too. */
export function isSnapshotDue({ now, newest, interval, rewritten }: SnapshotClock): boolean {
  if (newest === undefined || newest > now) {
    return true;
  }
  return now - newest >= (rewritten ? Math.min(SPACING, interval) : interval);
}
