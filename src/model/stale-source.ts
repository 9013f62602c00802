/** Whether what a source told last is too old to be taken for the present. */
import type { SourceHealth } from "./monitoring.ts";

/**
 * Whether it is as of `now`, Unix seconds. States of which no age is known are stale once their source fails; where a
 * source has told none yet, nothing can be.
 */
export function isStaleSource({ ok, asOf, staleAfter, hosts, checks }: SourceHealth, now: number): boolean {
  return asOf > 0 ? now - asOf > staleAfter : !ok && hosts + checks > 0;
}
