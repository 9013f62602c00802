/** Answers about the past: every page, picture and answer of the API over the picture as it was, none of which has to know. */
import type { NextFunction, Request, Response, Router } from "express";
import { DotmError } from "../errors.ts";
import { askImpact } from "../impact/ask.ts";
import { MOMENT_FORMS, parseMoment } from "../model/moment.ts";
import type { Past } from "../store/history-reader.ts";
import type { MapReader } from "../store/map-reader.ts";
import { isoOf } from "./ages.ts";
import { queryOf } from "./base-path.ts";
import type { PageDeps } from "./page-frame.ts";
import { otherParameters, timeAsked } from "./url-contract.ts";

/** What says that a page shows the past. */
export interface PastNotice {
  /** `As it was at 2026-11-25T03:00:00Z`. */
  readonly sentence: string;
  /** What is not known, where it is not exact. */
  readonly doubt: string | undefined;
  /** The same page as it is now. */
  readonly nowHref: string;
}

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

/** A moment as it was asked for, Unix seconds. @throws DotmError DOTM_USAGE */
export function momentAsked(text: string, now: number): number {
  const moment = parseMoment(text, now);
  if (moment === undefined) {
    throw new DotmError("DOTM_USAGE", `“${text.slice(0, 60)}” is not a time.`, MOMENT_FORMS);
  }
  return moment;
}

/** What a page says about the time it shows; `query` is the page's own. */
export function pastNotice(past: Past, query: string): PastNotice {
  const others = query.split("&").filter((part) => part !== "" && !/^(?:amp;)?(?:at|history)=/.test(part));
  return { ...pastWords(past), nowHref: `?${others.join("&")}` };
}

/** The time in words. */
export function pastWords({ at, asOf, exact }: Past): Pick<PastNotice, "sentence" | "doubt"> {
  return {
    sentence: `As it was at ${isoOf(asOf)}`,
    doubt: exact ? undefined : `What changed from there to ${isoOf(at)} is not known.`,
  };
}

function depsOf(deps: PageDeps, past: Past): PageDeps {
  const { reader, asOf } = past;
  return {
    ...deps,
    reader,
    past,
    now: () => asOf,
    impactOf: (host, check, assumed) => askImpact(reader, { host, check, assumed, now: asOf }),
  };
}

function failing(error: unknown): MapReader {
  return new Proxy({} as MapReader, { get: () => () => Promise.reject(error) });
}
