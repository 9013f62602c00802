/** A clock that was set back: what was taken in before it carries times that are yet to come. */

/** Seconds that the clocks of several machines may differ. */
const CLOCKS_APART = 300;

/** Whether a time that was read off a clock lies in the future, so that the clock was wrong then: nothing is newer by it. */
export function isFuture(time: number, now: number): boolean {
  return time > now + CLOCKS_APART;
}

/** The later one of two times; the one of now where the other is of a clock that was set back since. */
export function laterTime(before: number, now: number): number {
  return isFuture(before, now) ? now : Math.max(before, now);
}

/** A time, or now where it is of a clock that was set back since. */
export function notAfter(time: number, now: number): number {
  return isFuture(time, now) ? now : time;
}
