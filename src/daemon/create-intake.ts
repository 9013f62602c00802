/** The intake as the configuration wants it: who may report, and how a report is read. */
import type { AgentsConfig } from "../config/config-value.ts";
import { bearerToken } from "../ingest/agent-tokens.ts";
import { readReport } from "../ingest/report-door.ts";
import { followTokenFile } from "../ingest/token-file.ts";
import type { Logger } from "../logger.ts";
import { type IntakeDeps, ReportIntake } from "./report-intake.ts";

/** Reads deliveries as the configuration wants it. */
export function reportReader({ interval }: AgentsConfig): IntakeDeps["read"] {
  return ({ raw, encoding, sent, receivedAt }) => readReport(raw, { encoding, sentHeader: sent, receivedAt, interval });
}

/** Makes the intake. */
export function createIntake(
  agents: AgentsConfig,
  logger: Logger,
  deps: Pick<IntakeDeps, "keep" | "deliver" | "nameOf" | "told">,
): ReportIntake {
  const check = agents.auth === "none" ? undefined : followTokenFile(agents.tokensFile);
  return new ReportIntake({
    ...deps,
    logger,
    read: reportReader(agents),
    needsToken: check !== undefined,
    mayReport: (authorization, host) => check === undefined || check(host, bearerToken(authorization)),
  });
}
