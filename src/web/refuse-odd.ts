/** Doors go by the path as it is written, routes by what Express makes of it: where these may differ, nobody is let in. */
import type { Request, Response } from "express";
import { sendProblem } from "./failures.ts";

/** Targets that mean the same path to whoever reads them: from `/` on, no whole address, no backslash, fragment, blank. */
const PLAIN = /^\/[^?#\\\s\p{Cc}\ufeff]*(?:\?|$)/u;

/** Refuses all others. */
export function refuseOdd(request: Request, response: Response, next: () => void): void {
  if (PLAIN.test(request.url)) {
    next();
    return;
  }
  response.set("Cache-Control", "no-store");
  sendProblem(
    response,
    400,
    "Bad request",
    "An address is a path from / on, without a fragment, a backslash or blanks.",
  );
}
