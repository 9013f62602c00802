/** Takes agents' reports over TLS at a port of their own. */
import type { AgentsConfig } from "../config/config-value.ts";
import type { Logger } from "../logger.ts";
import type { ReportDeps } from "../web/agent-routes.ts";
import { createReportApp } from "../web/report-app.ts";
import { type Served, serveHttp } from "./serve-http.ts";

/**
 * Listens where the configuration says; undefined where it does not.
 * @throws DotmError DOTM_CONFIG_INVALID where certificate or key cannot be used, DOTM_ADDRESS_TAKEN
 */
export async function serveAgents(
  listen: AgentsConfig["listen"],
  deps: ReportDeps,
  logger: Logger,
): Promise<Served | undefined> {
  if (listen === null) {
    return undefined;
  }
  return serveHttp(createReportApp(deps, logger), listen, { part: "agents", files: listen, logger });
}
