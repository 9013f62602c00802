/** The app behind `agents.listen`: the route of reports alone, so that the port agents reach shows nobody the map. */
import express, { type Express, type Request, type Response } from "express";
import { agentRoutes, type ReportDeps } from "./agent-routes.ts";
import { type FailureLog, failedAtDoor, sendProblem } from "./failures.ts";

/** Makes the app. */
export function createReportApp(deps: ReportDeps, logger: FailureLog): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.enable("case sensitive routing");
  app.set("query parser", false);
  app.use(agentRoutes(deps));
  app.use((_request: Request, response: Response) => {
    sendProblem(response, 404, "Not found", "This port takes reports of agents, and nothing else.");
  });
  app.use(failedAtDoor(logger));
  return app;
}
