/** Answers about the past: every page, picture and answer of the API over the picture as it was, none of which has to know. */
import type { NextFunction, Request, Response, Router } from "express";
import { askImpact } from "../impact/ask.ts";
import type { Past } from "../store/history-reader.ts";
import type { MapReader } from "../store/map-reader.ts";
import { inSlices } from "../store/time-slices.ts";
import { isoOf } from "./ages.ts";
import { queryOf } from "./base-path.ts";
import { momentAsked } from "./moment-asked.ts";
import type { PageDeps } from "./page-frame.ts";
import { otherParameters, timeAsked } from "./url-contract.ts";

/** Answers what asks for a time by the same routes over the picture of then; everything else goes on. */
export function inTime(deps: PageDeps, routes: (deps: PageDeps) => Router) {
  // A picture of the past stays the same value as long as it is kept, and so do its routes with what they keep.
  const known = new WeakMap<Past, Router>();
  const routesOf = (past: Past): Router => {
    const router = known.get(past) ?? routes(depsOf(deps, past));
    known.set(past, router);
    return router;
  };
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const asked = timeAsked(otherParameters(queryOf(request.url)));
    if (asked === null || request.method !== "GET") {
      next();
      return;
    }
    try {
      const past = await deps.history.at(momentAsked(asked, deps.now()));
      response.set({ "X-DOTM-As-Of": isoOf(past.asOf), "X-DOTM-Exact": String(past.exact) });
      routesOf(past)(request, response, next);
    } catch (error) {
      // Each way of answering tells a failure of the store in its own way; pictures draw it.
      routes({ ...deps, reader: failing(error) })(request, response, next);
    }
  };
}

function depsOf(deps: PageDeps, past: Past): PageDeps {
  const { reader, asOf } = past;
  return {
    ...deps,
    reader,
    past: { ...past, present: deps.now },
    now: () => asOf,
    impactOf: (host, check, assumed) => askImpact(reader, { host, check, assumed, now: asOf, doing: inSlices }),
  };
}

function failing(error: unknown): MapReader {
  return new Proxy({} as MapReader, { get: () => () => Promise.reject(error) });
}
