/** The one navigation of all pages. */

import { withView } from "./links.ts";
import { lastingQuery, type View } from "./view-parameters.ts";

/** Pages in their order. */
const PAGES = [
  ["overview", "Overview", ""],
  ["map", "Map", "map"],
  ["services", "Services", "services"],
  ["hosts", "Hosts", "hosts"],
  ["report", "Report", "report"],
  ["history", "History", "history"],
  ["geo", "Places", "geo"],
  ["health", "Health", "health"],
  ["rules", "Rules", "rules"],
  ["settings", "Settings", "settings"],
  ["api", "API", "api"],
] as const;

/** Name of a page in the navigation. */
export type PageKey = (typeof PAGES)[number][0];

/** Pages that show no past. */
const OF_NOW: ReadonlySet<PageKey> = new Set(["hosts", "history", "health", "rules", "settings", "api"]);

/** The links; the theme and the moment that were asked for are taken along. */
export function navigation(root: string, view: View, current: PageKey | undefined) {
  return PAGES.map(([key, name, path]) => {
    const suffix = lastingQuery(OF_NOW.has(key) ? { ...view, at: null } : view);
    return { name, href: withView(`${root}${path}`, suffix), current: key === current };
  });
}
