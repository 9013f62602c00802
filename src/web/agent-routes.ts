/** `POST /api/v1/agents/report`: takes an agent's report off the wire, bounded, and hands it on as it came. */
import { type Request, type Response, Router } from "express";
import type { AppDeps } from "./app-deps.ts";
import { readBody } from "./read-body.ts";

/** Bytes on the wire at most, compressed or not. */
const LARGEST = 8 * 1024 * 1024;

/** What taking in reports needs. */
export type ReportDeps = Pick<AppDeps, "acceptReport" | "refusedLargeReport">;

/** The route of reports. */
export function agentRoutes(deps: ReportDeps): Router {
  const router = Router();
  router.post("/api/v1/agents/report", async (request: Request, response: Response) => {
    response.set("Cache-Control", "no-store");
    const raw = await readBody(request, response, LARGEST);
    if (raw === undefined) {
      deps.refusedLargeReport();
      return;
    }
    const { status, body } = await deps.acceptReport(raw, request.headers);
    if (status === 401) {
      response.set("WWW-Authenticate", 'Bearer realm="dotm agent"');
    }
    response.status(status).json(body);
  });
  return router;
}
