/** JSON that others push: taken apart without believing anything of it. */

/** What a body says. */
export interface Pushed<T> {
  readonly told: readonly T[];
  /** What of it cannot be taken, by its place in the list. */
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
}

/** An object of which nothing is known. */
export type Foreign = Readonly<Record<string, unknown>>;

/** Characters of a text; the rest is cut. */
const LONGEST_TEXT = 8_192;
const MOST = 1_000_000;

/** Reads a list of things out of a body: the list itself, one thing, or an object that holds the list as `key`. */
export function readPushed<T>(
  json: string,
  key: string,
  read: (value: Foreign) => T | string | undefined,
): Pushed<T> | undefined {
  const list = listIn(json, key);
  if (list === undefined) {
    return;
  }
  const told: T[] = [];
  const refused: { index: number; reason: string }[] = [];
  for (const [index, value] of list.entries()) {
    const item = isObject(value) ? read(value) : "not an object";
    if (typeof item === "string") {
      refused.push({ index, reason: item });
    } else if (item !== undefined) {
      told.push(item);
    }
  }
  return { told, refused };
}

function listIn(json: string, key: string): readonly unknown[] | undefined {
  try {
    const body: unknown = JSON.parse(json);
    const list = isObject(body) ? (body[key] ?? [body]) : body;
    return Array.isArray(list) ? list : undefined;
  } catch {
    return;
  }
}

/** Unix seconds; 0 where absent, undefined where it is no time. */
export function timeOf(value: unknown): number | undefined {
  if (value === undefined || value === null) {
    return 0;
  }
  const seconds = typeof value === "string" ? Date.parse(value) / 1000 : value;
  return typeof seconds === "number" && seconds >= 0 && seconds < 1e11 ? seconds : undefined;
}

/** A whole number from 0 to a million; `missing` where it is none. */
export function countOf(value: unknown, missing: number): number {
  return typeof value === "number" && value >= 0 && Number.isFinite(value)
    ? Math.min(MOST, Math.trunc(value))
    : missing;
}

/** A text without what no page can show. */
export function textOf(value: unknown): string {
  const text = typeof value === "string" ? value.slice(0, LONGEST_TEXT) : "";
  return text.replaceAll("\r\n", "\n").replaceAll(/(?!\n)[\p{Cc}\p{Cs}]/gu, " ");
}

/** Whether a value is an object with keys. */
export function isObject(value: unknown): value is Foreign {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
