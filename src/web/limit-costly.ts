/** Bounds questions that are computed anew for each asker: what-if, causes, paths, searches, surveys, comparisons, exports. */
import type { NextFunction, Request, Response } from "express";
import type { AppDeps } from "./app-deps.ts";
import { pathOf, queryOf } from "./base-path.ts";
import { sendProblem } from "./failures.ts";
import { RateLimit } from "./rate-limit.ts";
import { refusePicture } from "./refuse-picture.ts";
import { askerOf } from "./take-turns.ts";
import { otherParameters } from "./url-contract.ts";

/** Questions of one address at once, and then each second. */
const BURST = 120;
const PER_SECOND = 10;

const TOO_OFTEN = "These questions are computed anew each time; ask again in a second.";

const COSTLY =
  /^\/(?:api\/v1\/(?:what-if|causes|path|search|report|graph|grafana|rules|history\/diff|hosts\/suggestions)|history|report|rules)(?:\/|$)/i;

/** Refuses who asks too often, with when to ask again. */
export function limitCostly({ now, access }: Pick<AppDeps, "now" | "access">) {
  const limit = new RateLimit(BURST, PER_SECOND);
  return (request: Request, response: Response, next: NextFunction): void => {
    const isCostly = COSTLY.test(pathOf(request.url)) || otherParameters(queryOf(request.url)).has("whatif");
    if (!isCostly || limit.take(askerOf(request, access), now())) {
      next();
      return;
    }
    response.set({ "Retry-After": "1", "Cache-Control": "no-store" });
    if (refusePicture(request, response, TOO_OFTEN)) {
      return;
    }
    sendProblem(response, 429, "Too many requests", TOO_OFTEN);
  };
}
