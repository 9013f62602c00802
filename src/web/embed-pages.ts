/**
 * `/embed/graph` and `/embed/map`: verdict and picture alone, for the frames of other pages. Links within the picture stay
 * in the frame; what leads out opens beside it, as a sandboxed frame may not change the page around.
 */

import type { NextFunction, Request, Response, Router } from "express";
import { titleOf } from "../model/ids.ts";
import { targetQuery } from "../render/graph-link.ts";
import { didYouMean } from "./did-you-mean.ts";
import { drawTarget, pictureOn } from "./draw-target.ts";
import { emptySite, nothingMapped } from "./empty-state.ts";
import { exactRouter } from "./exact-router.ts";
import { findTarget } from "./find-target.ts";
import { noPicture } from "./graph-page.ts";
import { withView } from "./links.ts";
import { layOutOverview, overviewPicture } from "./overview-data.ts";
import { frameOf, freshPage, headlineOf, type PageDeps } from "./page-frame.ts";
import { framePolicy } from "./response-headers.ts";
import { lastingQuery, viewQuery } from "./view-parameters.ts";

/** Where the pages of frames lie, seen from one of them. */
const PAGES = "./";

/** The routes of frames. */
export function embedPages(deps: PageDeps): Router {
  const router = exactRouter();
  router.use("/embed/", (_request: Request, response: Response, next: NextFunction) => {
    response.set("Content-Security-Policy", framePolicy(deps.config.frameAncestors));
    next();
  });
  router.get("/embed/graph", graph(deps));
  router.get("/embed/map", map(deps));
  return router;
}

function graph(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response) => {
    const { view, query, root } = asking;
    const target = await findTarget(deps.reader, query, view.site);
    if (target.kind === "nothing asked") {
      response.redirect(302, "map");
      return;
    }
    if (target.kind !== "found") {
      deps.logger.info({ asked: target.asked, kind: target.kind }, "a link names something unknown");
      response.send(deps.render("message", didYouMean(deps, asking, fresh, target, { pages: PAGES, bare: true })));
      return;
    }
    const { picture, impact, graphs, verdict } = await drawTarget(deps, target, view);
    const name = titleOf(target);
    const data = {
      frame: frameOf(deps, asking, { title: name, fresh, graphs: graphs.values(), bare: true }),
      headline: headlineOf(verdict.sentence),
      verdict,
      open: `${root}graph?${targetQuery(target)}${viewQuery(view)}`,
      map: withView(`${PAGES}map`, lastingQuery(view)),
      empty: picture.boxes.length === 0 ? noPicture(target) : undefined,
      picture: await pictureOn(deps.layouts, picture, { view, root: PAGES, verdict, impact }),
    };
    response.send(deps.render("embed", data));
  });
}

function map(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response) => {
    const { view, root, now } = asking;
    const site = await layOutOverview(deps, fresh, now);
    const picture = await overviewPicture(site, view);
    const { verdict } = site;
    const facts = { sources: fresh.sources, hosts: site.hosts.length, graphs: site.graphs };
    const data = {
      frame: frameOf(deps, asking, { title: "Map", fresh, graphs: site.graphs.values(), bare: true }),
      headline: headlineOf(verdict.sentence),
      verdict,
      open: withView(root, lastingQuery(view)),
      empty: emptySite(facts) ?? nothingMapped(facts),
      picture: await pictureOn(deps.layouts, picture, { view, root: PAGES, verdict }),
    };
    response.send(deps.render("embed", data));
  });
}
