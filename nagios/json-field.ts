/** Single fields of a JSON row, cleaned. Whatever comes in, nothing here throws. */
import type { JsonFields } from "./json-rows.ts";
import { LATEST } from "./latest-time.ts";

/** Longest text kept of one field, in characters. */
const LONGEST_TEXT = 65_536;

/** A text; empty where there is none. Control characters other than TAB and, in long texts, line feeds become U+FFFD. */
export function textField(fields: JsonFields, name: string): string {
  const value = ownField(fields, name);
  return typeof value === "string" ? value.slice(0, LONGEST_TEXT).replace(/[^\P{Cc}\t]/gu, "\ufffd") : "";
}

/** A text of several lines. */
export function linesField(fields: JsonFields, name: string): string {
  const value = ownField(fields, name);
  return typeof value === "string" ? value.slice(0, LONGEST_TEXT).replace(/[^\P{Cc}\t\n]/gu, "\ufffd") : "";
}

/** A number, not negative; `missing` where there is none. */
export function numberField(fields: JsonFields, name: string, missing = 0): number {
  const value = ownField(fields, name);
  return typeof value === "number" && Number.isFinite(value) ? Math.min(LATEST, Math.max(0, value)) : missing;
}

/** A time that is written in milliseconds, as Unix seconds. */
export function timeField(fields: JsonFields, name: string): number {
  const value = ownField(fields, name);
  return typeof value === "number" && value > 0 ? Math.min(LATEST, value / 1000) : 0;
}

/** A yes or no; `missing` where there is neither. */
export function flagField(fields: JsonFields, name: string, missing = false): boolean {
  const value = ownField(fields, name);
  return typeof value === "boolean" ? value : missing;
}

/** The members of a list; none where there is no list. */
export function listField(fields: JsonFields, name: string): readonly unknown[] {
  const value = ownField(fields, name);
  return Array.isArray(value) ? value : [];
}

/** An object; one without fields where there is none. */
export function objectField(fields: JsonFields, name: string): JsonFields {
  return objectOf(ownField(fields, name));
}

/** The value as an object; one without fields where it is none. */
export function objectOf(value: unknown): JsonFields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonFields) : {};
}

function ownField(fields: JsonFields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
