/** Links of pages, relative to where they stand. */
import { encodePart, graphLink } from "../render/graph-link.ts";
import type { PictureTarget } from "../render/svg.ts";

/** The page of a host or check; `suffix` carries the view on. */
export function linkTo(root: string, target: PictureTarget, suffix: string): string {
  return `${root}${graphLink(target)}${suffix}`;
}

/** The page with everything of a host; `suffix` carries the view on. */
export function hostLink(root: string, host: string, suffix = ""): string {
  return withView(`${root}host/${encodePart(host)}`, suffix);
}

/** An address with what `viewQuery` says behind it. */
export function withView(address: string, suffix: string): string {
  return suffix === "" || address.includes("?") ? `${address}${suffix}` : `${address}?${suffix.slice(1)}`;
}
