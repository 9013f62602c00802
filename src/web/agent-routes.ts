/** `POST /api/v1/agents/report`: takes an agent's report off the wire, bounded, and hands it on as it came. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Router } from "express";
import type { AppDeps } from "./app-deps.ts";
import { certifiedHosts } from "./certified-hosts.ts";
import { exactRouter } from "./exact-router.ts";
import { type FailureLog, noteFailure } from "./failures.ts";
import { bodyGone, bytesOf } from "./read-body.ts";
import { commonValues } from "./response-headers.ts";

/** Bytes on the wire at most, compressed or not. */
const LARGEST = 8 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);
const PATH = "/api/v1/agents/report";

/** Answers that mean "later", and in how many seconds. */
const LATER: ReadonlyMap<number, number> = new Map([
  [429, 10],
  [503, 5],
]);

/** What taking in reports needs. */
export type ReportDeps = Pick<AppDeps, "acceptReport" | "refusedLargeReport" | "mayReport">;

/** The route of reports. */
export function agentRoutes(deps: ReportDeps): Router {
  const router = exactRouter();
  router.post(PATH, (request, response) => answer(request, response, deps));
  return router;
}

/** What answering before the app needs beside the door. */
interface ReportsFirst {
  readonly basePath: string;
  readonly frameAncestors: readonly string[];
  readonly logger: FailureLog;
}

/**
 * Answers reports as the app would, before it sees them: nothing that it looks at makes a difference to them, and no other
 * request comes as often. What it might treat otherwise (a query, a browser, a proxy that changes paths) is left to it.
 */
export function reportsFirst(
  app: RequestListener,
  deps: ReportDeps,
  { basePath, frameAncestors, logger }: ReportsFirst,
): RequestListener {
  const headers = new Map(Object.entries(commonValues(frameAncestors)));
  const path = `${basePath.replace(/\/$/, "")}${PATH}`;
  return (request, response) => {
    const { method, url, headers: asked } = request;
    if (method !== "POST" || url !== path || asked.origin !== undefined || "x-forwarded-prefix" in asked) {
      app(request, response);
      return;
    }
    response.setHeaders(headers);
    answer(request, response, deps).catch((error: unknown) => {
      noteFailure(logger, url, error);
      response.destroy();
    });
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, deps: ReportDeps): Promise<void> {
  response.setHeader("Cache-Control", "no-store");
  const certified = certifiedHosts(request.socket);
  const raw =
    deps.mayReport?.(request.headers, certified) === false
      ? (await bodyGone(request, LARGEST)) && NOTHING
      : await bytesOf(request, response, LARGEST);
  if (raw === "too many") {
    response.setHeader("Connection", "close");
    send(response, 503, "application/json", { error: "others are sending too much at this moment; send it again" });
    return;
  }
  if (raw === "too large" || raw === false) {
    deps.refusedLargeReport();
    // The rest is not read: the connection ends with the answer.
    response.setHeader("Connection", "close");
    const detail = `This takes at most ${LARGEST} bytes.`;
    send(response, 413, "application/problem+json", { type: "about:blank", title: "Too large", status: 413, detail });
    return;
  }
  const { status, body } = await deps.acceptReport(raw, request.headers, certified);
  if (status === 401) {
    response.setHeader("WWW-Authenticate", 'Bearer realm="dotm agent"');
  }
  send(response, status, "application/json", body);
}

function send(response: ServerResponse, status: number, type: string, body: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(body);
  const wait = LATER.get(status);
  if (wait !== undefined) {
    response.setHeader("Retry-After", wait);
  }
  response.statusCode = status;
  response.setHeader("Content-Type", `${type}; charset=utf-8`);
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
}
