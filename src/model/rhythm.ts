/** How regularly a connection is there: three numbers, kept with what is remembered of it. */

/** When a connection is there. All in seconds; a gap is a silence longer than the setting `aging` while its agent looked. */
export interface Rhythm {
  /** Unix seconds: since when it is, or was when last seen, there without a gap. */
  readonly run: number;
  /** Gaps so far. */
  readonly gaps: number;
  /** Longest gap; older ones count less, half after four weeks. */
  readonly longest: number;
}

const HALF_LIFE = 28 * 86_400;

/** The rhythm of something first seen then. */
export function newRhythm(firstSeen: number): Rhythm {
  return { run: firstSeen, gaps: 0, longest: 0 };
}

/** The rhythm after it was seen again at `seen`, after so many seconds of silence; `aging` is the least gap. */
export function nextRhythm(rhythm: Rhythm, seen: number, silence: number, aging: number): Rhythm {
  if (silence <= aging) {
    return rhythm;
  }
  const faded = rhythm.longest * 0.5 ** (Math.max(0, seen - rhythm.run) / HALF_LIFE);
  return { run: seen, gaps: rhythm.gaps + 1, longest: Math.round(Math.max(silence, faded)) };
}
