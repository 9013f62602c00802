/** What the daemon counts of itself, for `/metrics`. */
import type { PublisherStatus } from "../store/map-publisher.ts";
import type { ProcessFigures } from "../web/app-deps.ts";
import type { IntakeCounts } from "./intake-counts.ts";

/** The figures as they are now. */
export function processFigures(
  { accepted, repeated, refused }: IntakeCounts,
  { connected, pendingKeys }: PublisherStatus,
  lastTurn: number,
): ProcessFigures {
  const reports = { reportsAccepted: accepted, reportsRepeated: repeated, reportsRefused: refused };
  return { ...reports, storeConnected: connected, storePendingKeys: pendingKeys, lastTurn };
}
