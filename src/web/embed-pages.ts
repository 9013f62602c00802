/**
 * `/embed/graph` and `/embed/map`: verdict and picture alone, for the frames of other pages. Links within the picture stay
 * in the frame; what leads out opens beside it, as a sandboxed frame may not change the page around.
 */
import { type NextFunction, type Request, type Response, Router } from "express";
import { targetQuery } from "../render/graph-link.ts";
import { selectOverview } from "../render/select-picture.ts";
import { didYouMean } from "./did-you-mean.ts";
import { drawTarget, paint } from "./draw-target.ts";
import { emptySite, nothingMapped } from "./empty-state.ts";
import { findTarget } from "./find-target.ts";
import { noPicture } from "./graph-page.ts";
import { layOutOverview } from "./overview-data.ts";
import {
  type Asking,
  askingOf,
  type Fresh,
  frameOf,
  headlineOf,
  type PageDeps,
  pictureOf,
  readFresh,
} from "./page-frame.ts";
import { framePolicy } from "./response-headers.ts";
import { viewQuery } from "./view-parameters.ts";

/** Where the pages of frames lie, seen from one of them. */
const PAGES = "./";

type Page = (deps: PageDeps, asking: Asking, fresh: Fresh, response: Response) => Promise<void>;

/** The routes of frames. */
export function embedPages(deps: PageDeps): Router {
  const router = Router();
  router.use("/embed/", (_request: Request, response: Response, next: NextFunction) => {
    response.set("Content-Security-Policy", framePolicy(deps.config.frameAncestors));
    next();
  });
  router.get("/embed/graph", answer(deps, graph));
  router.get("/embed/map", answer(deps, map));
  return router;
}

function answer(deps: PageDeps, page: Page) {
  return async (request: Request, response: Response): Promise<void> => {
    const asking = askingOf(request, deps);
    const fresh = await readFresh(deps.reader);
    if (!deps.tags.unchanged(request, response, fresh.revision, deps.now())) {
      await page(deps, asking, fresh, response);
    }
  };
}

async function graph(deps: PageDeps, asking: Asking, fresh: Fresh, response: Response): Promise<void> {
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
  const name = target.check === null ? target.host : `${target.host} / ${target.check}`;
  const svg = await paint(deps.layouts, picture, {
    view,
    root: PAGES,
    verdict,
    impact,
    withVerdict: false,
    freshness: "",
  });
  const isEmpty = picture.boxes.length === 0;
  const data = {
    frame: frameOf(deps, asking, { title: name, fresh, graphs: graphs.values(), bare: true }),
    headline: headlineOf(verdict.sentence),
    verdict,
    open: `${root}graph?${targetQuery(target)}${viewQuery(view)}`,
    map: `${PAGES}map`,
    empty: isEmpty ? noPicture(target) : undefined,
    picture: isEmpty ? undefined : pictureOf(svg),
  };
  response.send(deps.render("embed", data));
}

async function map(deps: PageDeps, asking: Asking, fresh: Fresh, response: Response): Promise<void> {
  const { view, root, now } = asking;
  const site = await layOutOverview(deps, fresh, now);
  const picture = selectOverview(site.graphs, { fold: view.fold, notGiven: site.notLoaded });
  const { verdict } = site;
  const svg = await paint(deps.layouts, picture, {
    view,
    root: PAGES,
    verdict,
    impact: undefined,
    withVerdict: false,
    freshness: "",
  });
  const facts = { sources: fresh.sources, hosts: site.hosts.length, graphs: site.graphs };
  const data = {
    frame: frameOf(deps, asking, { title: "Map", fresh, graphs: site.graphs.values(), bare: true }),
    headline: headlineOf(verdict.sentence),
    verdict,
    open: root,
    empty: emptySite(facts) ?? nothingMapped(facts),
    picture: picture.boxes.length === 0 ? undefined : pictureOf(svg),
  };
  response.send(deps.render("embed", data));
}
