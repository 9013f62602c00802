import { pictureOn } from "./draw-target.ts";
import { emptySite, nothingMapped } from "./empty-state.ts";
import { withView } from "./links.ts";
import { layOutOverview, overviewPicture } from "./overview-data.ts";
import { frameOf, freshPage, headlineOf, type PageDeps } from "./page-frame.ts";
import { problemRow } from "./problem-rows.ts";
import { timeQuery, viewQuery } from "./view-parameters.ts";

/** The handler of `/`. */
export function overviewPage(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response) => {
    const { view, root, now } = asking;
    const site = await layOutOverview(deps, fresh, now);
    const picture = await overviewPicture(site, view);
    const facts = { sources: fresh.sources, hosts: site.hosts.length, graphs: site.graphs };
    const suffix = viewQuery(view);
    const { verdict } = site;
    const data = {
      frame: frameOf(deps, asking, { title: "Overview", page: "overview", fresh, graphs: site.graphs.values() }),
      search: "",
      headline: headlineOf(verdict.sentence),
      verdict,
      problems: site.impacts.map((impact) => problemRow(impact, root, suffix, now)),
      more: Math.max(0, site.problems - site.impacts.length),
      empty: emptySite(facts) ?? nothingMapped(facts),
      picture: await pictureOn(deps.layouts, picture, { view, root, verdict }),
      exports: [
        { name: "SVG", href: `${root}image?${suffix.slice(1)}` },
        { name: "JSON", href: withView(`${root}api/v1/impacts`, timeQuery(view.at)) },
      ],
    };
    response.send(deps.render("overview", data));
  });
}
