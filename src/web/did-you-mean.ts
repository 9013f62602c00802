/** The page for a host or check that is not known: what may have been meant, each as a link. */
import { encodePart } from "../render/graph-link.ts";
import { type Target, unknownSentence } from "./find-target.ts";
import { linkTo, withView } from "./links.ts";
import { type Asking, type Fresh, frameOf, type PageDeps } from "./page-frame.ts";
import { lastingQuery, viewQuery } from "./view-parameters.ts";

type Unknown = Extract<Target, { kind: "unknown host" | "unknown check" }>;

/** The data of the page; `pages` is the way to the pages its links lead to, `bare` leaves out header and footer. */
export function didYouMean(
  deps: PageDeps,
  asking: Asking,
  fresh: Fresh,
  target: Unknown,
  { pages = asking.root, bare = false }: { readonly pages?: string; readonly bare?: boolean } = {},
) {
  const suffix = viewQuery(asking.view);
  const link = (host: string, check: string | null) => linkTo(pages, { host, check }, suffix);
  const suggestions = target.suggestions.map((name) => ({
    name,
    href: target.kind === "unknown host" ? link(name, null) : link(target.host, name),
  }));
  return {
    frame: frameOf(deps, asking, { title: "Did you mean", fresh, bare }),
    search: target.asked,
    heading: unknownSentence(target),
    lead: suggestions.length > 0 ? "Did you mean:" : "No name is much like it.",
    suggestions,
    services:
      target.kind === "unknown host"
        ? withView(`${pages}services?q=${encodePart(target.asked)}`, lastingQuery(asking.view))
        : undefined,
    wholeHost:
      target.kind === "unknown check" ? { name: `all of ${target.host}`, href: link(target.host, null) } : undefined,
    map: withView(bare ? `${pages}map` : asking.root, lastingQuery(asking.view)),
  };
}
