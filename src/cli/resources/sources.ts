/** `dotm get sources`: who tells monitoring states, and how fresh they are. */
import type { SourceHealth } from "../../model/monitoring.ts";
import { sourceFacts } from "../../model/source-facts.ts";
import { isStaleSource } from "../../model/stale-source.ts";
import type { Listing } from "../listing.ts";
import { ageText, isoTime } from "../words.ts";
import type { ListRequest } from "./hosts-of.ts";

/** Lists the monitoring sources. */
export async function listSources({ reader, now }: ListRequest): Promise<Listing> {
  const sources = await reader.sources();
  const columns = [
    ...[{ head: "NAME" }, { head: "TYPE" }, { head: "STATUS" }, { head: "AGE" }, { head: "LAG" }, { head: "HOSTS" }],
    ...[{ head: "CHECKS" }, { head: "FAILURES" }, { head: "ERROR" }],
  ];
  return {
    kind: "SourceList",
    items: sources.map((health) => ({ ...sourceFacts(health, now), asOf: isoTime(health.asOf) })),
    columns,
    rows: sources.map((health) => {
      const { source, type, hosts, checks, lag, errors, error, warning = "" } = health;
      const ages = [ageText(health.asOf, now), `${lag.toFixed(1)} s`];
      return [source, type, sourceStatus(health, now), ...ages, `${hosts}`, `${checks}`, `${errors}`, error ?? warning];
    }),
    names: sources.map(({ source }) => source),
  };
}

/** `OK`, `FAILED` where the last attempt failed, `STALE` where what we hold is too old. */
export function sourceStatus(health: SourceHealth, now: number): string {
  if (isStaleSource(health, now)) {
    return "STALE";
  }
  return health.ok ? "OK" : "FAILED";
}
