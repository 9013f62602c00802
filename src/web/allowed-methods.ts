/** Which methods a path takes; everything else is refused before any route sees it. */
import type { NextFunction, Request, Response } from "express";
import { pathOf } from "./base-path.ts";
import { sendProblem } from "./failures.ts";

const READ = ["GET", "HEAD"] as const;

/** Paths that take more than reading, the first that fits counts. */
const WRITES: readonly (readonly [path: RegExp, methods: readonly string[]])[] = [
  [/^\/api\/v1\/(?:agents\/report|events|webhooks\/alertmanager)$/, ["POST"]],
  [/^\/api\/v1\/settings\/[^/]+$/, [...READ, "PUT", "POST", "DELETE"]],
  [/^\/(?:settings|rules|hosts)$/, [...READ, "POST"]],
  [
    /^\/(?:backend|compat)\/(?:settings\/[^/]+\/[^/]+|nodes|config|mon\/reload|queue\/result\/[^/]+)$/,
    [...READ, "POST"],
  ],
];

/** Refuses what no route takes. */
export function allowedMethods(request: Request, response: Response, next: NextFunction): void {
  const path = pathOf(request.url);
  const allowed = WRITES.find(([pattern]) => pattern.test(path))?.[1] ?? READ;
  if (allowed.includes(request.method)) {
    next();
    return;
  }
  response.set("Allow", allowed.join(", "));
  const detail = `${request.method} is not answered here; ask with ${allowed.join(" or ")}.`;
  sendProblem(response, 405, "Method not allowed", detail);
}
