/** The addresses that Grafana's older plugin Node Graph API asks below the one it is given, led to ours. */
import type { NextFunction, Request, Response } from "express";

const OURS: ReadonlyMap<string, string> = new Map([
  ["/api/graph/fields", "/api/v1/grafana/fields"],
  ["/api/graph/data", "/api/v1/grafana/data"],
  ["/api/health", "/healthz"],
]);

/** Goes on as if the other address had been asked. */
export function grafanaAliases(request: Request, _response: Response, next: NextFunction): void {
  const [path = "", ...query] = request.url.split("?");
  const ours = OURS.get(path);
  if (ours !== undefined) {
    request.url = [ours, ...query].join("?");
  }
  next();
}
