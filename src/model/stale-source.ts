/** Whether what a source told last is too old to be taken for the present. */
import type { SourceHealth } from "./monitoring.ts";

/** Whether what it told last is older than it may be; a source that told nothing yet is that, too. */
export function isOutdated({ asOf, staleAfter }: Pick<SourceHealth, "asOf" | "staleAfter">, now: number): boolean {
  return now - asOf > staleAfter;
}

/**
 * Whether it is as of `now`, Unix seconds. States of which no age is known are stale once their source fails; where a
 * source has told none yet, nothing can be.
 */
export function isStaleSource(source: SourceHealth, now: number): boolean {
  const { ok, asOf, hosts, checks } = source;
  return asOf > 0 ? isOutdated(source, now) : !ok && hosts + checks > 0;
}
