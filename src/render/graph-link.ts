/** Links to the page of a host or check, as the URL contract has them. */

import type { PictureTarget } from "./svg.ts";

/** `graph?host=db01&srv=MySQL`, relative to the root of the site. */
export function graphLink({ host, check }: PictureTarget): string {
  return `graph?${targetQuery({ host, check })}`;
}

/** `host=db01&srv=MySQL`. */
export function targetQuery({ host, check }: PictureTarget): string {
  return `host=${encodePart(host)}${check === null ? "" : `&srv=${encodePart(check)}`}`;
}

/** A part of a URL; half surrogate pairs, which cannot be encoded, become U+FFFD. */
export function encodePart(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, "\ufffd"));
}
