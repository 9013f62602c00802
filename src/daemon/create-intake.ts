/** The intake as the configuration wants it: who may report, and how a report is read. */
import type { AgentsConfig } from "../config/config-value.ts";
import { bearerToken } from "../ingest/agent-tokens.ts";
import { ReportReader } from "../ingest/report-reader.ts";
import { followTokenFile } from "../ingest/token-file.ts";
import type { Logger } from "../logger.ts";
import { type Delivery, type IntakeDeps, ReportIntake } from "./report-intake.ts";

/** Reads deliveries as the configuration wants it. */
export function reportReader({ interval }: AgentsConfig): Pick<IntakeDeps, "read" | "readWhole"> {
  const reader = new ReportReader();
  const arrivalOf = ({ encoding, sent, receivedAt }: Delivery) => ({
    encoding,
    sentHeader: sent,
    receivedAt,
    interval,
  });
  return {
    read: (delivery) => reader.read(delivery.raw, arrivalOf(delivery)),
    readWhole: (delivery) => reader.readWhole(delivery.raw, arrivalOf(delivery)).report,
  };
}

/** Makes the intake. */
export function createIntake(
  agents: AgentsConfig,
  logger: Logger,
  deps: Pick<IntakeDeps, "keep" | "deliver" | "nameOf" | "told">,
): ReportIntake {
  const tokens = agents.auth === "none" ? undefined : followTokenFile(agents.tokensFile);
  return new ReportIntake({
    ...deps,
    logger,
    ...reportReader(agents),
    needsToken: tokens !== undefined,
    mayKnock: ({ authorization, certified = [] }) =>
      tokens === undefined || certified.length > 0 || tokens.isKnown(bearerToken(authorization)),
    mayReport: ({ authorization, certified }, host) =>
      tokens === undefined ||
      certified?.includes(host.toLowerCase()) === true ||
      tokens.speaksFor(host, bearerToken(authorization)),
    clock: () => performance.now(),
  });
}
