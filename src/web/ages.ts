/** Times as pages tell them. */
import { duration } from "../impact/summary.ts";

/** A moment for people and for programs. */
export interface Moment {
  /** ISO 8601, UTC. */
  readonly iso: string;
  /** `4 s ago`. */
  readonly ago: string;
}

/** A moment in Unix seconds; undefined where it never came. */
export function momentOf(at: number, now: number): Moment | undefined {
  return at > 0 && Number.isFinite(at) ? { iso: isoOf(at), ago: `${duration(now - at)} ago` } : undefined;
}

/** A moment in ISO 8601; undefined where there is none. */
export function momentOfIso(iso: string | null, now: number): Moment | undefined {
  return iso === null ? undefined : momentOf(Date.parse(iso) / 1000, now);
}

/** A time to the second, ISO 8601, UTC; empty where it is none. */
export function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().replace(/\.\d{3}Z$/, "Z");
}
