/** `/api/v1/*`: the same answers for programs. */
import { type Request, type Response, Router } from "express";
import { withSummaryAt } from "../impact/summary.ts";
import { sendProblem } from "./failures.ts";
import { findTarget, type Target, unknownSentence } from "./find-target.ts";
import { askingOf, type PageDeps } from "./page-frame.ts";
import { otherParameters } from "./url-contract.ts";

const PAGE = 100;
const LARGEST_PAGE = 1000;

/** The routes of the API. */
export function apiRoutes(deps: PageDeps): Router {
  const router = Router();
  router.get("/api/v1/impact", impact(deps));
  router.get("/api/v1/impacts", impacts(deps));
  return router;
}

function impact(deps: PageDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const { query, view } = askingOf(request, deps);
    if (view.refused.length > 0) {
      const detail = `whatif understands down:ID, up:ID and maintenance:ID of a service, process or host, not ${view.refused[0]}.`;
      sendProblem(response, 400, "Bad request", detail);
      return;
    }
    const revision = await deps.reader.revision();
    if (deps.tags.unchanged(request, response, revision, deps.now())) {
      return;
    }
    const target = await findTarget(deps.reader, query, view.site);
    if (target.kind !== "found") {
      sendUnknown(response, target);
      return;
    }
    const answer = await deps.impactOf(target.host, target.check, view.assumed);
    if (answer === undefined) {
      sendProblem(response, 404, "Not found", `Nothing is known of ${target.host} but its name.`);
    } else {
      response.json(answer);
    }
  };
}

function sendUnknown(response: Response, target: Exclude<Target, { kind: "found" }>): void {
  response.removeHeader("ETag");
  if (target.kind === "nothing asked") {
    sendProblem(response, 400, "Bad request", unknownSentence(target));
  } else {
    sendProblem(response, 404, "Not found", unknownSentence(target), { suggestions: target.suggestions });
  }
}

function impacts(deps: PageDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const page = pageOf(otherParameters(askingOf(request, deps).query));
    if (page === undefined) {
      sendProblem(
        response,
        400,
        "Bad request",
        `limit is a number from 1 to ${LARGEST_PAGE}; cursor is what next said.`,
      );
      return;
    }
    const revision = await deps.reader.revision();
    const now = deps.now();
    if (deps.tags.unchanged(request, response, revision, now)) {
      return;
    }
    const [ranking, total] = await Promise.all([deps.reader.ranking(page.offset, page.limit), deps.reader.problems()]);
    const stored = await Promise.all(ranking.map(({ host, check }) => deps.reader.impact(host, check)));
    const items = stored.filter((each) => each !== undefined).map((each) => withSummaryAt(each, now));
    const end = page.offset + ranking.length;
    const next = ranking.length > 0 && end < total ? String(end) : null;
    response.json({ apiVersion: "dotm/v1", kind: "ImpactList", revision: revision.id, items, next });
  };
}

/** The page asked for; undefined where it makes no sense. */
function pageOf(parameters: URLSearchParams): { limit: number; offset: number } | undefined {
  const number = (name: string, otherwise: number) => {
    const text = parameters.get(name);
    if (text === null) {
      return otherwise;
    }
    return /^\d{1,9}$/.test(text) ? Number(text) : -1;
  };
  const limit = number("limit", PAGE);
  const offset = number("cursor", 0);
  return limit < 1 || limit > LARGEST_PAGE || offset < 0 ? undefined : { limit, offset };
}
