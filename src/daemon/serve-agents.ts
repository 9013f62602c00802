/** Takes agents' reports over TLS at a port of their own. */
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { AgentsConfig } from "../config/config-value.ts";
import { DotmError, messageOf } from "../errors.ts";
import type { ReportDeps } from "../web/agent-routes.ts";
import { createReportApp } from "../web/report-app.ts";
import { type Served, serveHttp } from "./serve-http.ts";

/**
 * Listens where the configuration says; undefined where it does not.
 * @throws DotmError DOTM_CONFIG_INVALID where certificate or key cannot be used, DOTM_ADDRESS_TAKEN
 */
export async function serveAgents(listen: AgentsConfig["listen"], deps: ReportDeps): Promise<Served | undefined> {
  return listen === null ? undefined : serveHttp(createReportApp(deps), listen, certificate(listen));
}

function certificate({ certFile, keyFile }: NonNullable<AgentsConfig["listen"]>) {
  try {
    const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    const next = `Give a certificate and its key in PEM: agents.cert_file (${certFile}), agents.key_file (${keyFile}).`;
    throw new DotmError("DOTM_CONFIG_INVALID", `agents.listen cannot speak TLS: ${messageOf(error)}`, next, {
      cause: error,
    });
  }
}
