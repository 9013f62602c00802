/** Custom variables of Icinga 2: values of any shape, and often the passwords of what is checked. */
import { looksSecret } from "../src/model/secret-name.ts";
import { type Attrs, attrsOf, shownText } from "./icinga2-attrs.ts";

/** Values longer than this are left out, in characters. */
const LONGEST_VALUE = 8192;

/** The variables of an object, those that look like secrets left out, at any depth. */
export function openVars(attrs: Attrs): ReadonlyMap<string, unknown> {
  const entries = Object.entries(attrsOf(attrs["vars"]) ?? {});
  return new Map(entries.filter(([name, value]) => value !== null && !looksSecret(name)));
}

/** The variables as text: lists and dictionaries as JSON, as Icinga 2 itself writes them elsewhere. */
export function varTexts(vars: ReadonlyMap<string, unknown>): ReadonlyMap<string, string> {
  const texts = [...vars].map(([name, value]): [string, string] => [shownText(name), textOf(value)]);
  return new Map(texts.filter(([, text]) => text.length <= LONGEST_VALUE));
}

function textOf(value: unknown): string {
  if (typeof value === "string") {
    return shownText(value);
  }
  return JSON.stringify(value, (name, inner: unknown) => (looksSecret(name) ? undefined : inner)) ?? "";
}
