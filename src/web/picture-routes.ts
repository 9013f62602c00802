/** `/image` and `/popup`: pictures alone. Whatever goes wrong is drawn, as an `<img>` shows nothing else. */

import type { Request, Response, Router } from "express";
import { LRUCache } from "lru-cache";
import { titleOf } from "../model/ids.ts";
import type { Tone } from "../render/palette.ts";
import { renderPopup } from "../render/popup.ts";
import { renderSentence } from "../render/sentence-svg.ts";
import { drawTarget, paint } from "./draw-target.ts";
import { exactRouter } from "./exact-router.ts";
import { causeOf, noteFailure } from "./failures.ts";
import { findTarget, type Target, unknownSentence } from "./find-target.ts";
import { freshnessLines, freshnessText, silenceOf } from "./freshness.ts";
import { layOutOverview, overviewPicture } from "./overview-data.ts";
import { type Asking, askingOf, type Fresh, type PageDeps, readFresh } from "./page-frame.ts";
import { pastWords } from "./past-notice.ts";
import { asPicture } from "./response-headers.ts";

/** The routes of pictures. */
export function pictureRoutes(deps: PageDeps): Router {
  const router = exactRouter();
  router.get("/image", picture(deps, image));
  router.get("/popup", picture(deps, popup));
  return router;
}

const WHAT_IF = "It takes down:ID, up:ID and maintenance:ID of a service, process or host.";

type Found = Extract<Target, { kind: "found" }>;
type Draw = (deps: PageDeps, asking: Asking, fresh: Fresh, target: Target) => Promise<string>;

/** Pictures kept by their entity tag, those being drawn included, so that many askers cost one drawing. */
const KEPT = 100;

function picture(deps: PageDeps, draw: Draw) {
  const kept = new LRUCache<string, Promise<string>>({ max: KEPT });
  const drawOnce = (tag: string, asking: Asking, fresh: Fresh): Promise<string> => {
    const known = kept.get(tag);
    if (known !== undefined) {
      return known;
    }
    const drawing = findTarget(deps.reader, asking.query, asking.view.site).then((target) =>
      draw(deps, asking, fresh, target),
    );
    kept.set(tag, drawing);
    drawing.catch(() => kept.delete(tag));
    return drawing;
  };
  return async (request: Request, response: Response): Promise<void> => {
    asPicture(response);
    const asking = askingOf(request, deps);
    const [refused] = asking.view.refused;
    if (refused !== undefined) {
      response.send(
        sentenceSvg(asking, `whatif does not understand “${refused.slice(0, 120)}”.`, "unknown", [WHAT_IF]),
      );
      return;
    }
    try {
      const fresh = await readFresh(deps.reader);
      if (!deps.tags.unchanged(request, response, fresh.revision, deps.now())) {
        response.send(await drawOnce(response.get("ETag") ?? "", asking, fresh));
      }
    } catch (error) {
      const cause = causeOf(error);
      noteFailure(deps.logger, request.url, error, cause);
      const { sentence, next } = cause;
      // Browsers show an SVG of an answer 200 only; so that caches keep it not, it carries no tag.
      response.removeHeader("ETag");
      response.set("Cache-Control", "no-store").send(sentenceSvg(asking, sentence, "unknown", [next]));
    }
  };
}

async function image(deps: PageDeps, asking: Asking, fresh: Fresh, target: Target): Promise<string> {
  if (target.kind === "nothing asked") {
    return siteImage(deps, asking, fresh);
  }
  if (target.kind !== "found") {
    return unknownSvg(asking, target);
  }
  const { impact, graphs, picture: chosen, verdict } = await drawTarget(deps, target, asking.view);
  const freshness = freshText(deps, fresh, asking, graphs.values());
  const { view, root } = asking;
  return await paint(deps.layouts, chosen, { view, root, verdict, impact, withVerdict: true, freshness });
}

/** The picture of the site, where no host is asked for. */
async function siteImage(deps: PageDeps, asking: Asking, fresh: Fresh): Promise<string> {
  const site = await layOutOverview(deps, fresh, asking.now);
  const chosen = await overviewPicture(site, asking.view);
  const freshness = freshText(deps, fresh, asking, site.graphs.values());
  const { view, root } = asking;
  return await paint(deps.layouts, chosen, {
    view,
    root,
    verdict: site.verdict,
    impact: undefined,
    withVerdict: true,
    freshness,
  });
}

async function popup(deps: PageDeps, asking: Asking, fresh: Fresh, target: Target): Promise<string> {
  if (target.kind !== "found") {
    return unknownSvg(asking, target);
  }
  const impact = await deps.impactOf(target.host, target.check, asking.view.assumed);
  if (impact === undefined) {
    return sentenceSvg(asking, nothingKnown(target), "unknown", []);
  }
  const { palette, theme } = asking.view;
  return renderPopup(impact, {
    palette,
    theme: theme === "auto" ? "light" : theme,
    freshness: freshText(deps, fresh, asking, []),
  });
}

function nothingKnown(target: Found): string {
  return `Nothing is known of ${titleOf(target)} but its name.`;
}

function unknownSvg(asking: Asking, target: Exclude<Target, Found>): string {
  const suggestions = target.kind === "nothing asked" ? [] : target.suggestions;
  const notes = suggestions.length === 0 ? [] : [`Did you mean ${suggestions.slice(0, 5).join(", ")}?`];
  return sentenceSvg(asking, unknownSentence(target), "unknown", notes);
}

function sentenceSvg({ view }: Asking, sentence: string, tone: Tone, notes: readonly string[]): string {
  const theme = view.theme === "auto" ? "light" : view.theme;
  return renderSentence(sentence, { palette: view.palette, theme, tone, notes: notes.filter((note) => note !== "") });
}

function freshText(
  { past }: PageDeps,
  fresh: Fresh,
  { now }: Asking,
  graphs: Parameters<typeof freshnessLines>[1],
): string {
  const then = past === undefined ? undefined : pastWords(past);
  const lines = freshnessText(freshnessLines(fresh.sources, graphs, now));
  return [then === undefined ? undefined : `${then.sentence}.`, then?.doubt, silenceOf(fresh.revision, now), lines]
    .filter((text) => text !== undefined)
    .join(" ");
}
