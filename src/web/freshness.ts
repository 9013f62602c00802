/** How fresh the knowledge behind an answer is: sources by their age, agents by those that still speak. */
import { duration } from "../impact/summary.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { INTERNET } from "../model/ids.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import { isFuture } from "../model/set-back.ts";
import { isOutdated } from "../model/stale-source.ts";
import type { Revision } from "../store/map-reader.ts";

/** The engine gives a sign of life every few seconds; after this long its picture is called old. */
const SILENT_AFTER = 60;

/** One line of the footer. */
export interface FreshnessLine {
  readonly text: string;
  readonly bad: boolean;
}

/** The footer: one line each for sources and agents. */
export function freshnessLines(
  sources: readonly SourceHealth[],
  graphs: Iterable<HostGraph>,
  now: number,
): FreshnessLine[] {
  return [...sources.map((source) => sourceLine(source, now)), ...agentsLine([...graphs], now)];
}

/** The lines as one, for pictures. */
export function freshnessText(lines: readonly FreshnessLine[]): string {
  return lines.map(({ text }) => text).join(" · ");
}

/** A loud sentence where the engine has fallen silent, or nobody can know; undefined where it lives or never lived. */
export function silenceOf(revision: Revision, now: number): string | undefined {
  const silent = now - revision.at;
  if (isFuture(revision.at, now)) {
    return `The engine's last sign of life lies ${duration(-silent)} ahead: a clock is wrong, or was set back since. How old this picture is cannot be told.`;
  }
  return revision.at > 0 && silent > SILENT_AFTER
    ? `This picture is old: the engine last gave a sign of life ${duration(silent)} ago. What happened since is not in it.`
    : undefined;
}

function sourceLine(source: SourceHealth, now: number): FreshnessLine {
  const { source: name, asOf, error } = source;
  if (asOf <= 0) {
    return { text: `${name}: nothing read yet${error === null ? "" : ` (${error})`}`, bad: true };
  }
  const age = `${name} ${duration(now - asOf)} ago`;
  if (error !== null) {
    return { text: `${age}: ${error}`, bad: true };
  }
  const stale = isOutdated(source, now);
  return { text: stale ? `${age}, stale` : age, bad: stale };
}

function agentsLine(graphs: readonly HostGraph[], now: number): FreshnessLine[] {
  const hosts = graphs.filter(({ host, state, agent }) => host !== INTERNET && (state !== null || agent !== "none"));
  if (hosts.length === 0) {
    return [];
  }
  const fresh = hosts.filter(({ agent }) => agent === "fresh").length;
  const stale = hosts.filter(({ agent }) => agent === "stale");
  const oldest = Math.min(...stale.map(({ lastReport }) => lastReport).filter((at) => at > 0));
  const since = Number.isFinite(oldest) ? `, oldest ${duration(now - oldest)} ago` : "";
  return [{ text: `agents ${fresh}/${hosts.length} fresh${since}`, bad: stale.length > 0 }];
}
