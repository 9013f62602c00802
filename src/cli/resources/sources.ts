/** `dotm get sources`: who tells monitoring states, and how fresh they are. */
import type { SourceHealth } from "../../model/monitoring.ts";
import type { Listing } from "../listing.ts";
import { ageText, isoTime } from "../words.ts";
import type { ListRequest } from "./hosts-of.ts";

/** Lists the monitoring sources. */
export async function listSources({ reader, now }: ListRequest): Promise<Listing> {
  const sources = await reader.sources();
  const columns = [
    ...[{ head: "NAME" }, { head: "TYPE" }, { head: "STATUS" }, { head: "AGE" }, { head: "HOSTS" }, { head: "CHECKS" }],
    { head: "ERROR" },
  ];
  return {
    kind: "SourceList",
    items: sources.map((health) => sourceItem(health, now)),
    columns,
    rows: sources.map((health) => {
      const { source, type, hosts, checks, error, warning = "" } = health;
      const trouble = error ?? warning;
      return [source, type, sourceStatus(health, now), ageText(health.asOf, now), `${hosts}`, `${checks}`, trouble];
    }),
    names: sources.map(({ source }) => source),
  };
}

function sourceItem(health: SourceHealth, now: number) {
  const { source, type, ok, error, warning = null, asOf, staleAfter, hosts, checks } = health;
  return {
    name: source,
    type,
    ok,
    error,
    warning,
    stale: isStale(health, now),
    asOf: isoTime(asOf),
    staleAfter,
    hosts,
    checks,
  };
}

/** `OK`, `FAILED` where the last attempt failed, `STALE` where what we hold is too old. */
export function sourceStatus(health: SourceHealth, now: number): string {
  if (isStale(health, now)) {
    return "STALE";
  }
  return health.ok ? "OK" : "FAILED";
}

function isStale(health: SourceHealth, now: number): boolean {
  return health.asOf > 0 && now - health.asOf > health.staleAfter;
}
