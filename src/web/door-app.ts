/** The app of a process that serves no pages: the doors for reports and pushes, and how the process is. */
import express, { type Express, type Request, type Response } from "express";
import { agentRoutes, type ReportDeps } from "./agent-routes.ts";
import { stripBasePath } from "./base-path.ts";
import { sendProblem } from "./failures.ts";
import { type HealthDeps, healthRoutes } from "./health-routes.ts";
import { type PushDeps, pushRoutes } from "./push-routes.ts";
import { commonHeaders } from "./response-headers.ts";

/** What it needs. */
export type DoorDeps = ReportDeps & PushDeps & HealthDeps;

/** Makes the app. */
export function createDoorApp(deps: DoorDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.use(commonHeaders([]));
  app.use(stripBasePath(deps.config.basePath));
  app.use(agentRoutes(deps));
  app.use(pushRoutes(deps));
  app.use(healthRoutes(deps));
  app.use((_request: Request, response: Response) => {
    sendProblem(response, 404, "Not found", "This process serves no pages: its roles do not have web among them.");
  });
  return app;
}
