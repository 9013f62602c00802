/** How long to wait before the next attempt. */

/** Shortest and longest wait, seconds. */
export interface BackoffLimits {
  readonly first: number;
  readonly longest: number;
}

/**
 * Seconds to wait after the `failures`-th failure in a row (1 or more): doubled each time, at most `longest`, and made
 * up to a quarter shorter by `random` (0 to 1), so that many who failed together do not come back together.
 */
export function backoffDelay(failures: number, { first, longest }: BackoffLimits, random: number): number {
  const doubled = first * 2 ** Math.min(30, Math.max(0, failures - 1));
  return Math.min(longest, doubled) * (1 - random / 4);
}
