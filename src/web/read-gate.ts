/** The door of everything that reads, where not everybody may look. */
import type { NextFunction, Request, Response } from "express";
import { pathOf } from "./base-path.ts";
import { type Access, callerOf } from "./caller.ts";
import { sendProblem } from "./failures.ts";

/** What has a door of its own, or tells nothing of the site. */
const OPEN = /^\/(?:healthz|readyz|assets\/.*|api\/v1\/(?:agents\/report|events|webhooks\/alertmanager))$/;

/** Refuses who is not known. Browsers then ask for a name, which does not matter, and a password, which is the token. */
export function readGate(access: Access) {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (access.read === "everybody" || OPEN.test(pathOf(request.url))) {
      next();
      return;
    }
    const caller = callerOf(request, access);
    if ("role" in caller && caller.how !== null) {
      next();
      return;
    }
    const reason = "reason" in caller ? caller.reason : "Looking needs a token: dotm token add NAME";
    const status = "status" in caller ? caller.status : 401;
    response.set({ "Cache-Control": "no-store", "WWW-Authenticate": 'Basic realm="dotm", charset="UTF-8"' });
    sendProblem(response, status, status === 401 ? "Not allowed without a token" : "Bad request", reason);
  };
}
