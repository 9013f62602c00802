/** `/healthz`: the process answers. `/readyz`: it can answer, part by part. `/metrics`: figures for Prometheus. */
import type { Request, Response, Router } from "express";
import type { AppDeps, Readiness } from "./app-deps.ts";
import { type Access, callerOf } from "./caller.ts";
import { exactRouter } from "./exact-router.ts";
import { type MetricsDeps, readMetrics } from "./metrics.ts";
import { METRICS_TYPE } from "./metrics-text.ts";

/** What they need. */
export type HealthDeps = MetricsDeps & Pick<AppDeps, "readiness" | "access">;

/** The routes of health. */
export function healthRoutes(deps: HealthDeps): Router {
  const router = exactRouter();
  router.get("/healthz", (_request: Request, response: Response) => {
    response.set("Cache-Control", "no-store").json({ status: "ok", version: deps.config.version });
  });
  router.get("/readyz", async (request: Request, response: Response) => {
    const all = await deps.readiness();
    const readiness = (await isStranger(request, deps.access)) ? withoutDetails(all) : all;
    response.status(readiness.ready ? 200 : 503);
    response.set("Cache-Control", "no-store").json(readiness);
  });
  router.get("/metrics", async (_request: Request, response: Response) => {
    response
      .set("Cache-Control", "no-store")
      .type(METRICS_TYPE)
      .send(await readMetrics(deps));
  });
  return router;
}

/** Which parts are well, and nothing else: details name hosts and places. */
export function withoutDetails({ ready, parts }: Readiness): Readiness {
  const bare = Object.entries(parts).map(([name, { ok }]) => [name, { ok, detail: "" }] as const);
  return { ready, parts: Object.fromEntries(bare) };
}

/** Whether somebody asks who sees some hosts only, or whom nobody knows where only those who are known may look. */
async function isStranger(request: Request, access: Access): Promise<boolean> {
  if (access.read === "everybody" && access.restrictions.length === 0) {
    return false;
  }
  const caller = await callerOf(request, access);
  return "reason" in caller || caller.sees !== null || (access.read === "known" && caller.how === null);
}
