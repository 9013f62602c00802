/** The door of everything that reads, where not everybody may look. */
import type { NextFunction, Request, Response } from "express";
import { pathOf } from "./base-path.ts";
import { type Access, type Caller, type CallerRefused, callerOf } from "./caller.ts";
import { sendProblem } from "./failures.ts";

/** What has a door of its own, or tells nothing of the site. */
const OPEN = /^\/(?:healthz|readyz|assets\/.*|api\/v1\/(?:agents\/report|events|webhooks\/alertmanager))$/;

/** Told of who would have written. */
type Note = (request: Request, caller: Caller | CallerRefused, reason: string) => void;

/** Refuses who is not known. Browsers then ask for a name, which does not matter, and a password, which is the token. */
export function readGate(access: Access, note: Note = () => undefined) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    if (access.read === "everybody" || OPEN.test(pathOf(request.url))) {
      next();
      return;
    }
    const caller = await callerOf(request, access);
    if ("role" in caller && caller.how !== null) {
      next();
      return;
    }
    const refused: CallerRefused = "reason" in caller ? caller : { status: 401, reason: needsOf(access) };
    if (request.method !== "GET" && request.method !== "HEAD") {
      note(request, caller, refused.reason);
    }
    refuse(response, refused);
  };
}

function needsOf({ passwords }: Access): string {
  const own = passwords === null ? "" : "a name and its password, or ";
  return `Looking needs ${own}a token: dotm token add NAME`;
}

const TITLES = {
  400: "Bad request",
  401: "Not allowed without a login",
  429: "Too many requests",
  503: "Busy",
} as const;

function refuse(response: Response, { status, reason, wait }: CallerRefused): void {
  response.set({ "Cache-Control": "no-store", ...(wait === undefined ? {} : { "Retry-After": `${wait}` }) });
  if (status === 401) {
    response.set("WWW-Authenticate", 'Basic realm="dotm", charset="UTF-8"');
  }
  sendProblem(response, status, TITLES[status], reason);
}
