/** What programs are told of a source, whichever way they ask; each way adds times as it writes them. */
import type { SourceHealth } from "./monitoring.ts";
import { isStaleSource } from "./stale-source.ts";

/** The facts as of `now`, Unix seconds; what is absent is written out. */
export function sourceFacts(health: SourceHealth, now: number) {
  const { source, type, ok, error, warning = null, staleAfter, hosts, checks, lag, errors, reasons = {} } = health;
  const stale = isStaleSource(health, now);
  return { name: source, type, ok, stale, error, warning, staleAfter, hosts, checks, lag, errors, reasons };
}
