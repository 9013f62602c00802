/** Single values of a report, cleaned. Whatever comes in, nothing here throws. */

/** Longest name of a process, in characters. */
const NAME_LENGTH = 64;
/** systemd allows 255 for a unit; nobody reads more than this. */
const OWNER_LENGTH = 128;
const HOST_LENGTH = 255;

/** Escape sequences of terminals: CSI with its parameters, OSC up to its end, and any other two characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking control characters out is what it is for
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
/** Control characters, marks that turn the direction of text, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;

/** What most names are made of; they need no cleaning. */
const PLAIN = /^[!-{}~]+$/;

/** An object of JSON with unknown fields; its own `__proto__` is a field like any other. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object, or undefined for anything else, arrays included. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A list, or an empty one for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Name of a process in at most 64 printable characters; null where nothing is left. `|` separates fields of keys. */
export function processName(value: unknown): string | null {
  return nameOf(value, NAME_LENGTH);
}

/** Name of a unit, container or namespace; null where nothing is left. */
export function ownerName(value: unknown): string | null {
  return nameOf(value, OWNER_LENGTH);
}

function nameOf(value: unknown, length: number): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  const name = printable(value, length);
  return name.includes("|") ? name.replaceAll("|", "_") : name || null;
}

/** A text in at most `length` printable characters, blanks at its ends gone; empty for anything that is no text. */
export function printable(value: unknown, length: number): string {
  if (typeof value !== "string") {
    return "";
  }
  if (value.length <= length && PLAIN.test(value)) {
    return value;
  }
  // Cut before it is cleaned, so that a text of megabytes costs nothing; and after, to the length asked for.
  const clean = value
    .slice(0, length * 16)
    .replace(ESCAPES, "")
    .replace(UNPRINTABLE, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return clean.length <= length ? clean : [...clean].slice(0, length).join("").trim();
}

/** A port from 1 to 65535; undefined for anything else, digits in a text included. */
export function portOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535 ? value : undefined;
}

/** A number of things; 0 where it is absent, undefined where it is none. */
export function countOf(value: unknown): number | undefined {
  if (value === undefined || value === null) {
    return 0;
  }
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** Unix seconds of an ISO 8601 time with a zone, or of a number of seconds; undefined for anything else. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === "number" || (typeof value === "string" && /^\d{1,12}(?:\.\d{1,9})?$/.test(value))) {
    const seconds = Number(value);
    return seconds > 0 && seconds < 1e11 ? seconds : undefined;
  }
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;
  const milliseconds = typeof value === "string" && iso.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** What is wrong with a host name, as the end of a sentence; undefined where nothing is. */
export function hostNameFault(name: unknown): string | undefined {
  if (typeof name !== "string" || name === "") {
    return "is missing";
  }
  if (name.length > HOST_LENGTH) {
    return `is longer than ${HOST_LENGTH} characters`;
  }
  if (name.startsWith("-") || name.trim() !== name) {
    return 'begins with "-", or begins or ends with a blank';
  }
  if (/::|^:|:$|\//.test(name)) {
    return 'holds "::" or "/", or begins or ends with ":"';
  }
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name) ? "holds control characters" : undefined;
}
