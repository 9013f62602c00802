/** `POST /api/v1/events` and `POST /api/v1/webhooks/alertmanager`: states that others tell instead of being asked. */
import type { Request, Response, Router } from "express";
import type { AppDeps } from "./app-deps.ts";
import { type Access, localRole, mayAs } from "./caller.ts";
import { exactRouter } from "./exact-router.ts";
import { sendProblem } from "./failures.ts";
import { bodyGone, readBody } from "./read-body.ts";

/** Bytes of a body at most. */
const LARGEST = 1024 * 1024;

/** What a program needs to go on after an answer of this status; `Retry-After` is seconds. */
const HEADERS_OF: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { "WWW-Authenticate": 'Bearer realm="dotm push"' },
  503: { "Retry-After": "5" },
};

const ROUTES = [
  ["/api/v1/events", "events"],
  ["/api/v1/webhooks/alertmanager", "alertmanager"],
] as const;

/** What they need. */
export interface PushDeps extends Pick<AppDeps, "acceptPush" | "mayPush"> {
  readonly access: Pick<Access, "loopback" | "proxy">;
}

/** The routes of pushes. */
export function pushRoutes(deps: PushDeps): Router {
  const router = exactRouter();
  for (const [path, format] of ROUTES) {
    router.post(path, async (request: Request, response: Response) => {
      response.set("Cache-Control", "no-store");
      // A form of a foreign page cannot say this without asking first, and is never answered yes.
      if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(request.get("content-type") ?? "")) {
        sendProblem(response, 415, "Unsupported media type", "The body must be JSON: Content-Type: application/json");
        return;
      }
      const sender = {
        authorization: request.get("authorization"),
        isLocal: isProgramHere(request, deps.access),
      };
      const isKnown = deps.mayPush?.(sender) !== false;
      const raw = isKnown ? await readBody(request, response, LARGEST) : await nothingOf(request, response);
      if (raw === undefined) {
        return;
      }
      const source = new URL(request.url, "http://localhost").searchParams.get("source");
      const { status, body } = await deps.acceptPush({ format, source, raw, ...sender });
      response.set(HEADERS_OF[status] ?? {});
      response.status(status).json(body);
    });
  }
  return router;
}

/** What is kept of a stranger's body; undefined where it is too large even to go by, which is answered then. */
async function nothingOf(request: Request, response: Response): Promise<Buffer | undefined> {
  if (await bodyGone(request, LARGEST)) {
    return Buffer.alloc(0);
  }
  response.set("Connection", "close");
  sendProblem(response, 413, "Too large", `This takes at most ${LARGEST} bytes.`);
  return undefined;
}

/** Whether a program on this machine asks that may write: not a web page, and not somebody behind a proxy on this machine. */
function isProgramHere(request: Request, access: PushDeps["access"]): boolean {
  const role = localRole(request, access);
  return role !== null && mayAs(role, "editor") && request.get("origin") === undefined;
}
