/** The latest time that is taken from a monitoring server. */

/** Unix seconds: years that a calendar knows; the largest interval and count taken, too. */
export const LATEST = 100_000_000_000;
