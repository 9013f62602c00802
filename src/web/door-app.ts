/** The app of a process that serves no pages: the doors for reports and pushes, and how the process is. */
import express, { type Express, type NextFunction, type Request, type Response } from "express";
import { agentRoutes, type ReportDeps } from "./agent-routes.ts";
import { pathOf, stripBasePath } from "./base-path.ts";
import type { Access } from "./caller.ts";
import { type FailureLog, failedAtDoor, sendProblem } from "./failures.ts";
import { type HealthDeps, healthRoutes } from "./health-routes.ts";
import { type PushDeps, pushRoutes } from "./push-routes.ts";
import { readGate } from "./read-gate.ts";
import { refuseOdd } from "./refuse-odd.ts";
import { commonHeaders } from "./response-headers.ts";
import { groupsSeen } from "./restricted/as-seen.ts";

/** What it needs. */
export type DoorDeps = ReportDeps & PushDeps & HealthDeps & { readonly access: Access; readonly logger: FailureLog };

/** Makes the app. */
export function createDoorApp(deps: DoorDeps): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.enable("case sensitive routing");
  app.set("query parser", false);
  app.use(commonHeaders([]));
  app.use(refuseOdd);
  app.use(stripBasePath(deps.config.basePath));
  app.use(readGate(deps.access));
  app.use(onlyWhoSeesAll(deps.access));
  app.use(agentRoutes(deps));
  app.use(pushRoutes(deps));
  app.use(healthRoutes(deps));
  app.use((_request: Request, response: Response) => {
    sendProblem(response, 404, "Not found", "This process serves no pages: its roles do not have web among them.");
  });
  app.use(failedAtDoor(deps.logger));
  return app;
}

/** Refuses figures of the whole site to who sees some hosts only. */
function onlyWhoSeesAll(access: Access) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    if (/^\/metrics\/?$/i.test(pathOf(request.url)) && (await groupsSeen(request, access)) !== null) {
      response.set("Cache-Control", "no-store");
      sendProblem(response, 403, "Not for restricted viewers", "This is for those who may see all hosts.");
      return;
    }
    next();
  };
}
