/** Ranges of thresholds, as the guidelines of the Monitoring Plugins write them: `10`, `10:`, `~:10`, `10:20`, `@10:20`. */

/** A range; a value outside of it alerts, with `inside` one within it. Both ends belong to it. */
export interface Range {
  readonly text: string;
  readonly low: number;
  readonly high: number;
  readonly inside: boolean;
}

const FORM = /^(@?)(?:(~|[-+]?\d+(?:\.\d+)?)?(:))?([-+]?\d+(?:\.\d+)?)?$/;

/** Reads a range; undefined for a text that is none. */
export function parseRange(text: string): Range | undefined {
  const [, at, start, colon, end] = FORM.exec(text) ?? [];
  // "10" is 0:10; ":" alone and "@" alone say nothing.
  if (at === undefined || (start === undefined && end === undefined)) {
    return undefined;
  }
  const low = start === "~" ? Number.NEGATIVE_INFINITY : Number(colon === undefined ? 0 : (start ?? 0));
  const high = end === undefined ? Number.POSITIVE_INFINITY : Number(end);
  return low > high ? undefined : { text, low, high, inside: at === "@" };
}

/** Whether a value alerts. */
export function alerts(range: Range, value: number): boolean {
  const within = value >= range.low && value <= range.high;
  return within === range.inside;
}
