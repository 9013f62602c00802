/** `/`: what is broken now, ranked by what it takes with it, and the map of it. */
import type { Request, Response } from "express";
import { selectOverview } from "../render/select-picture.ts";
import { paint } from "./draw-target.ts";
import { emptySite, nothingMapped } from "./empty-state.ts";
import { layOutOverview } from "./overview-data.ts";
import { askingOf, frameOf, headlineOf, type PageDeps, pictureOf, readFresh } from "./page-frame.ts";
import { problemRow } from "./problem-rows.ts";
import { viewQuery } from "./view-parameters.ts";

/** The handler of `/`. */
export function overviewPage(deps: PageDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const asking = askingOf(request, deps);
    const fresh = await readFresh(deps.reader);
    if (deps.tags.unchanged(request, response, fresh.revision, deps.now())) {
      return;
    }
    const { view, root, now } = asking;
    const site = await layOutOverview(deps, fresh, now);
    const picture = selectOverview(site.graphs, { fold: view.fold, notGiven: site.notLoaded });
    const facts = { sources: fresh.sources, hosts: site.hosts.length, graphs: site.graphs };
    const suffix = viewQuery(view);
    const { verdict } = site;
    const svg = await paint(deps.layouts, picture, {
      view,
      root,
      verdict,
      impact: undefined,
      withVerdict: false,
      freshness: "",
    });
    const data = {
      frame: frameOf(deps, asking, { title: "Overview", page: "overview", fresh, graphs: site.graphs.values() }),
      search: "",
      headline: headlineOf(verdict.sentence),
      verdict,
      problems: site.impacts.map((impact) => problemRow(impact, root, suffix, now)),
      more: Math.max(0, site.problems - site.impacts.length),
      empty: emptySite(facts) ?? nothingMapped(facts),
      picture: picture.boxes.length === 0 ? undefined : pictureOf(svg),
      exports: [
        { name: "SVG", href: `${root}image?${suffix.slice(1)}` },
        { name: "JSON", href: `${root}api/v1/impacts` },
      ],
    };
    response.send(deps.render("overview", data));
  };
}
