/** Finds the name that was meant among those that are known, step by step from exact to lenient. */
import { nearest } from "../nearest.ts";

/** The outcome: one name, or none with what may have been meant. */
export type NameMatch =
  | { readonly kind: "found"; readonly name: string }
  | { readonly kind: "unknown"; readonly suggestions: readonly string[] };

/** Suggestions at most. */
const SUGGESTIONS = 10;

/** A name cut by a `#` is taken for the one it begins, from this length on. */
const SHORTEST_PREFIX = 2;

const NO_ALIASES: ReadonlyMap<string, string> = new Map();

/**
 * The known name that the readings of one asked name mean. The first step with a hit decides: exact, trimmed and in
 * normal form C, letter case aside, as PNP writes names, alias, beginning. Several hits in one step are no answer.
 */
export function matchName(
  readings: readonly string[],
  known: readonly string[],
  aliases: ReadonlyMap<string, string> = NO_ALIASES,
): NameMatch {
  const exact = new Set(known);
  const found = readings.find((reading) => exact.has(reading));
  if (found !== undefined) {
    return { kind: "found", name: found };
  }
  for (const step of [normal, folded, asPnp]) {
    const asked = new Set(readings.map(step));
    const match = decide(known.filter((name) => asked.has(step(name))));
    if (match !== undefined) {
      return match;
    }
  }
  const alias = readings
    .map((reading) => aliases.get(reading.trim()))
    .find((name) => name !== undefined && exact.has(name));
  if (alias !== undefined) {
    return { kind: "found", name: alias };
  }
  return decide(beginnings(readings, known)) ?? { kind: "unknown", suggestions: suggest(readings, known) };
}

function decide(hits: readonly string[]): NameMatch | undefined {
  const [name] = hits;
  if (name === undefined) {
    return undefined;
  }
  return hits.length === 1 ? { kind: "found", name } : { kind: "unknown", suggestions: hits.slice(0, SUGGESTIONS) };
}

/** Trimmed, Unicode form C. */
function normal(name: string): string {
  return name.trim().normalize("NFC");
}

function folded(name: string): string {
  return normal(name).toLowerCase();
}

/** PNP4Nagios writes blanks, slashes, backslashes and colons as underscores. */
function asPnp(name: string): string {
  return folded(name).replaceAll(/[ /\\:]/g, "_");
}

function beginnings(readings: readonly string[], known: readonly string[]): string[] {
  const starts = readings.map(folded).filter((start) => start.length >= SHORTEST_PREFIX);
  return known.filter((name) => starts.some((start) => folded(name).startsWith(start)));
}

/** Names with something behind them (`db01:3306`, `db01/MySQL`), those that hold the asked one, that are spelled or begin like it. */
function suggest(readings: readonly string[], known: readonly string[]): string[] {
  const asked = folded(readings[0] ?? "");
  if (asked.length < SHORTEST_PREFIX) {
    return [];
  }
  const leading = known.filter((name) => asked.startsWith(folded(name)) && /[^\w-]/.test(asked.charAt(name.length)));
  const holding = known.filter((name) => folded(name).includes(asked));
  const alike = known
    .map((name) => ({ name, shared: sharedStart(asked, folded(name)) }))
    .filter(({ shared }) => shared >= SHORTEST_PREFIX && shared * 2 >= asked.length)
    .sort((a, b) => b.shared - a.shared)
    .map(({ name }) => name);
  return [...new Set([...leading, ...holding, ...nearest(asked, known, SUGGESTIONS), ...alike])].slice(0, SUGGESTIONS);
}

function sharedStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) {
    length += 1;
  }
  return length;
}
