/** What a setting holds as an entity tag: who replaces it says with If-Match what they saw (RFC 9110, 13.1.1). */
import { createHash } from "node:crypto";

/** The tag of the answer about one setting; undefined for any other. */
export function settingTag(answer: unknown): string | undefined {
  const { entries } = answer as { readonly entries?: readonly object[] };
  return !Array.isArray(entries)
    ? undefined
    : `"${createHash("sha256").update(JSON.stringify(entries)).digest("base64url").slice(0, 22)}"`;
}

/** Whether a header If-Match names the tag; one that is not there demands nothing. */
export function isMatched(header: string | undefined, tag: string | undefined): boolean {
  const named = header?.split(",").map((each) => each.trim());
  return named === undefined || named.includes("*") || named.some((each) => each === tag);
}
