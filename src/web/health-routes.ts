/** `/healthz`: the process answers. `/readyz`: it can answer, part by part. `/metrics`: figures for Prometheus. */
import { type Request, type Response, Router } from "express";
import type { AppDeps } from "./app-deps.ts";
import { type MetricsDeps, readMetrics } from "./metrics.ts";
import { METRICS_TYPE } from "./metrics-text.ts";

/** What they need. */
export type HealthDeps = MetricsDeps & Pick<AppDeps, "readiness">;

/** The routes of health. */
export function healthRoutes(deps: HealthDeps): Router {
  const router = Router();
  router.get("/healthz", (_request: Request, response: Response) => {
    response.set("Cache-Control", "no-store").json({ status: "ok", version: deps.config.version });
  });
  router.get("/readyz", async (_request: Request, response: Response) => {
    const readiness = await deps.readiness();
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
