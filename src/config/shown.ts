/** The configuration as it may be shown: what of an address is or may be a secret is `***`. */
import type { Path } from "./place.ts";
import { maskUrl } from "./secret.ts";

/** A copy of a value of the configuration that stands at `path`, fit to be shown. */
export function fitToShow(value: unknown, path: Path = []): unknown {
  if (typeof value === "string") {
    return isTarget(path) ? maskHook(value) : maskUrl(value);
  }
  if (Array.isArray(value)) {
    return value.map((each, at) => fitToShow(each, [...path, at]));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fitToShow(each, [...path, key])]))
    : value;
}

/** Who knows the address of a webhook may write there: chats put their secret at its end. */
function isTarget(path: Path): boolean {
  return path[0] === "notify" && path[1] === "targets" && path[3] === "url";
}

function maskHook(url: string): string {
  const shown = maskUrl(url);
  const at = shown.search(/[?#]/);
  const place = at < 0 ? shown : shown.slice(0, at);
  const masked = place.replace(/^(\w+:\/\/[^/]*\/(?:.*\/)?)[^/]+(\/*)$/, "$1***$2");
  return at < 0 ? masked : `${masked}${shown[at]}***`;
}
