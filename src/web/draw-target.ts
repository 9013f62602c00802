/** The picture of a host or check: asked, loaded, chosen, placed and painted. */
import type { HostGraph } from "../model/host-graph.ts";
import type { Impact } from "../model/impact.ts";
import type { Picture } from "../render/picture.ts";
import { picturePieces } from "../render/select-picture.ts";
import { renderSvg, type SvgOptions } from "../render/svg.ts";
import type { Verdict } from "../render/verdict.ts";
import { verdictOf } from "../render/verdict.ts";
import { inSlices, othersFirst } from "../store/time-slices.ts";
import type { AppDeps } from "./app-deps.ts";
import type { LayoutDesk } from "./layout-desk.ts";
import { linkTo } from "./links.ts";
import { loadNeighbourhood } from "./load-graphs.ts";
import { trusted } from "./templates.ts";
import { type View, viewQuery } from "./view-parameters.ts";

/** What a host or check looks like. */
export interface DrawnTarget {
  /** Undefined where nothing is known but the name. */
  readonly impact: Impact | undefined;
  readonly graphs: ReadonlyMap<string, HostGraph>;
  readonly picture: Picture;
  readonly verdict: Verdict;
}

/** Asks and chooses. */
export async function drawTarget(
  deps: Pick<AppDeps, "impactOf" | "reader">,
  target: { readonly host: string; readonly check: string | null },
  view: View,
): Promise<DrawnTarget> {
  const { host, check } = target;
  const impact = await deps.impactOf(host, check, view.assumed);
  const failed = impact?.failed.map(({ id }) => id) ?? [];
  const graphs = await loadNeighbourhood(deps.reader, { hosts: [host], ids: failed }, view);
  const { dependents, dependencies, fold } = view;
  const picture = await inSlices(picturePieces(graphs, { impact, host, dependents, dependencies, fold }));
  const nothing: Verdict = { sentence: `Nothing is known of ${host} but its name.`, tone: "unknown", notes: [] };
  return { impact, graphs, picture, verdict: impact === undefined ? nothing : verdictOf(impact) };
}

/** Pixels of a picture that still can be read when it is drawn as wide as a window. */
const WIDEST_SHRUNK = 1800;

/** What a picture on a page is painted with. */
type PageLooks = Pick<PaintOptions, "view" | "root" | "verdict"> & { readonly impact?: Impact | undefined };

/** A picture on a page, undefined where there is nothing to draw; `fits` where it may be drawn smaller and still be read. */
export async function pictureOn(
  layouts: LayoutDesk,
  picture: Picture,
  { view, root, verdict, impact }: PageLooks,
): Promise<{ readonly svg: object; readonly fits: boolean } | undefined> {
  if (picture.boxes.length === 0) {
    return undefined;
  }
  const svg = await paint(layouts, picture, { view, root, verdict, impact, withVerdict: false, freshness: "" });
  const width = Number(/ width="(\d+)"/.exec(svg)?.[1] ?? 0);
  return { svg: trusted(svg), fits: width <= WIDEST_SHRUNK };
}

/** How a picture is put on a page or sent alone. */
export interface PaintOptions {
  readonly view: View;
  readonly root: string;
  readonly verdict: Verdict;
  readonly impact: Impact | undefined;
  readonly withVerdict: boolean;
  readonly freshness: string;
}

/** Paints a picture. Alone it is light where nobody asked for a theme, as it cannot know that of the page around. */
export async function paint(layouts: LayoutDesk, chosen: Picture, options: PaintOptions): Promise<string> {
  const { view, root, verdict, impact, withVerdict, freshness } = options;
  const suffix = viewQuery({ ...view, assumed: [] });
  const svg: SvgOptions = {
    palette: view.palette,
    theme: withVerdict && view.theme === "auto" ? "light" : view.theme,
    verdict,
    withVerdict,
    freshness,
    impact,
    hrefOf: (target) => linkTo(root, target, suffix),
  };
  const { picture, positions } = await layouts.place(chosen);
  const painted = renderSvg(picture, positions, svg);
  // The page around it takes as long again.
  await othersFirst();
  return painted;
}
