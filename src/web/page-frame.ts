/** What all pages share: header, links, banner, footer. */
import type { Request, Response } from "express";
import type { HostGraph } from "../model/host-graph.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import { THEMES } from "../render/palette.ts";
import type { Past } from "../store/history-reader.ts";
import type { MapReader, Revision } from "../store/map-reader.ts";
import { momentOf } from "./ages.ts";
import type { AppDeps } from "./app-deps.ts";
import type { Assets } from "./assets.ts";
import { pathOf, queryOf, rootFrom } from "./base-path.ts";
import { coarse, type EntityTags } from "./entity-tag.ts";
import { type FreshnessLine, freshnessLines, silenceOf } from "./freshness.ts";
import type { LayoutDesk } from "./layout-desk.ts";
import { withView } from "./links.ts";
import { navigation, type PageKey } from "./navigation.ts";
import { pastNotice } from "./past-notice.ts";
import type { Sight } from "./restricted/sight.ts";
import type { Turns } from "./take-turns.ts";
import type { RenderPage } from "./templates.ts";
import { otherParameters } from "./url-contract.ts";
import { lastingQuery, parseView, type View } from "./view-parameters.ts";

/** What the routes are made with. */
export interface PageDeps extends AppDeps {
  readonly render: RenderPage;
  readonly assets: Assets["paths"];
  readonly tags: EntityTags;
  readonly layouts: LayoutDesk;
  readonly turns: Turns;
  /** What the asker sees, where that is not everything. */
  readonly sight?: Pick<Sight, "groups" | "hidden">;
  /** What is shown where it is the past, and the time it is, Unix seconds. */
  readonly past?: Past & { readonly present: () => number };
}

/** A request read: how to look, and the way back to the root. */
export interface Asking {
  readonly query: string;
  readonly view: View;
  /** `./` or `../`. */
  readonly root: string;
  /** The coarse clock of this answer, Unix seconds. */
  readonly now: number;
}

/** Reads a request. */
export function askingOf(request: Request, deps: AppDeps): Asking {
  const query = queryOf(request.url);
  return { query, view: parseView(query), root: rootFrom(pathOf(request.url)), now: coarse(deps.now()) };
}

/** How fresh everything is, read from the store. */
export interface Fresh {
  readonly revision: Revision;
  readonly sources: readonly SourceHealth[];
}

/** Sources and revision together. */
export async function readFresh(reader: MapReader): Promise<Fresh> {
  const [revision, sources] = await Promise.all([reader.revision(), reader.sources()]);
  return { revision, sources };
}

/** Shows a page of the stored picture. */
type ShowPage = (asking: Asking, fresh: Fresh, response: Response, request: Request) => Promise<void>;

/** The handler of a page of the stored picture: who has what it would show already is told so, and nothing else is read. */
export function freshPage(deps: PageDeps, show: ShowPage) {
  return async (request: Request, response: Response): Promise<void> => {
    const asking = askingOf(request, deps);
    const fresh = await readFresh(deps.reader);
    if (!deps.tags.unchanged(request, response, fresh.revision, deps.now())) {
      await show(asking, fresh, response, request);
    }
  };
}

/** The data of the layout. `page` names the page for the search form and the theme links. */
export function frameOf(
  deps: PageDeps,
  asking: Asking,
  about: {
    readonly title: string;
    readonly fresh?: Fresh;
    readonly graphs?: Iterable<HostGraph>;
    /** True for pages that stand in a frame of another page: no header, no links of the footer. */
    readonly bare?: boolean;
    /** True for pages with forms: nothing is refreshed under the hands of who fills them in. */
    readonly still?: boolean;
    /** The page in the navigation, where it stands there. */
    readonly page?: PageKey;
  },
) {
  const { view, root, now, query } = asking;
  // A moment of which nothing can be shown is not taken along.
  const lasting = deps.past === undefined ? { ...view, at: null } : view;
  const lines: FreshnessLine[] =
    about.fresh === undefined ? [] : freshnessLines(about.fresh.sources, about.graphs ?? [], now);
  return {
    title: about.title,
    bare: about.bare === true,
    root,
    home: withView(root, lastingQuery(lasting)),
    pages: navigation(root, lasting, about.page),
    at: lasting.at,
    past: deps.past === undefined ? undefined : pastNotice(deps.past, query, deps.past.present()),
    sight: deps.sight === undefined ? undefined : sightNotice(deps.sight),
    still: about.still === true || deps.past !== undefined,
    theme: view.theme,
    themed: view.theme !== "auto",
    palette: view.palette,
    assets: {
      css: root + deps.assets.css,
      palette: root + deps.assets.palette,
      script: root + deps.assets.script,
      icon: root + deps.assets.icon,
    },
    version: deps.config.version,
    banner: about.fresh === undefined ? undefined : silenceOf(about.fresh.revision, now),
    freshness: lines,
    drawn: momentOf(now, now)?.iso,
    themes: THEMES.map((name) => ({ name, href: `?${withTheme(query, name)}`, current: name === view.theme })),
  };
}

/** What a restricted viewer is told above every page: counts hold for all hosts, names only for some. */
function sightNotice({ groups, hidden }: Pick<Sight, "groups" | "hidden">): string {
  const hosts = hidden.length === 1 ? "1 host is" : `${hidden.length} hosts are`;
  const seen = groups.length === 0 ? "You see no host by name" : `You see the hosts of ${groups.join(", ")}`;
  return `${seen}. ${hosts} not shown to you by name, but counted: they are called hidden-….`;
}

/** The sentence of a verdict in its two halves: what is broken, and what follows. */
export function headlineOf(sentence: string): { readonly first: string; readonly rest: string | undefined } {
  const end = sentence.indexOf("; ");
  return end < 0
    ? { first: sentence, rest: undefined }
    : { first: sentence.slice(0, end), rest: sentence.slice(end + 2) };
}

/** The query with another theme; everything else stays as it was asked. */
function withTheme(query: string, theme: string): string {
  const others = query
    .split("&")
    .filter((part) => part !== "" && !/^(?:amp;)?theme=/.test(part))
    .join("&");
  const hasTheme = theme === "auto" && !otherParameters(others).has("theme");
  return hasTheme ? others : `${others}${others === "" ? "" : "&"}theme=${theme}`;
}
