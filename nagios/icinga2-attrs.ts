/** What Icinga 2's API writes as JSON, read with care: whatever stands there, a reader gets the kind of value it asks for. */
import { LONGEST_TEXT } from "./field-text.ts";
import { LATEST } from "./latest-time.ts";

/** The attributes of an object, a check result or an event. */
export type Attrs = Readonly<Record<string, unknown>>;

/** A JSON object; undefined where the text is none. */
export function parseAttrs(text: string): Attrs | undefined {
  try {
    return attrsOf(JSON.parse(text));
  } catch {
    return;
  }
}

/** The value as attributes; undefined where it is none. */
export function attrsOf(value: unknown): Attrs | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Attrs) : undefined;
}

/** A text; empty where there is none. */
export function textAt(attrs: Attrs, key: string): string {
  const value = attrs[key];
  return typeof value === "string" ? value : "";
}

/** A finite number, as which versions write states as `2` or `2.0`; `missing` where there is none. */
export function numberAt(attrs: Attrs, key: string, missing = 0): number {
  const value = attrs[key];
  return typeof value === "number" && Number.isFinite(value) ? value : missing;
}

/** Unix seconds; 0 where never. */
export function timeAt(attrs: Attrs, key: string): number {
  return Math.min(LATEST, Math.max(0, numberAt(attrs, key)));
}

/** Whether something is so: true, or a number other than 0. */
export function flagAt(attrs: Attrs, key: string, missing = false): boolean {
  const value = attrs[key];
  return typeof value === "boolean" ? value : numberAt(attrs, key, missing ? 1 : 0) !== 0;
}

/** The texts of a list. */
export function textsAt(attrs: Attrs, key: string): string[] {
  const value = attrs[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** A text fit to be shown: line feeds stay, other control characters become U+FFFD; at most 64 KiB characters. */
export function shownText(text: string): string {
  return text
    .slice(0, LONGEST_TEXT)
    .replaceAll("\r\n", "\n")
    .replace(/(?![\t\n])\p{Cc}/gu, "\ufffd");
}
