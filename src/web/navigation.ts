/** The one navigation of all pages. */

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

/** The links; a theme that was asked for is taken along. */
export function navigation(root: string, theme: string, current: PageKey | undefined) {
  const suffix = theme === "auto" ? "" : `?theme=${theme}`;
  return PAGES.map(([key, name, path]) => ({ name, href: `${root}${path}${suffix}`, current: key === current }));
}
