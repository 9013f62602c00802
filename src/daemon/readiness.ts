/** Whether the daemon can answer, part by part. */
import type { SourceHealth } from "../model/monitoring.ts";
import type { PublisherStatus } from "../store/map-publisher.ts";

/** One part of the daemon. */
export interface ReadyPart {
  readonly ok: boolean;
  readonly detail: string;
}

/** The answer of `/readyz`. */
export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, ReadyPart>>;
}

/** What it is judged from. */
export interface ReadinessSigns {
  readonly publisher: PublisherStatus;
  /** Unix seconds of the engine's last turn, 0 before the first. */
  readonly lastTurn: number;
  readonly sources: ReadonlyMap<string, SourceHealth>;
  /** Names of the sources whose first word is waited for. */
  readonly silent: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  /** What is told beside. */
  readonly told: Readonly<Record<string, string>>;
}

/**
 * Puts the parts together; ready where the store is written, the engine turns and no source's first word is waited for.
 * A stale source is told, not unready; so is what `told` says.
 */
export function readiness({ publisher, lastTurn, sources, silent, now, told }: ReadinessSigns): Readiness {
  const store = publisher.connected && publisher.error === null && publisher.lastWrittenAt > 0;
  const pending = publisher.pendingKeys > 0 ? `, ${publisher.pendingKeys} changes wait to be written` : "";
  const turns = lastTurn > 0 && now - lastTurn < 30;
  const spoken = silent.length === 0;
  const parts: Record<string, ReadyPart> = {
    store: { ok: store, detail: `${publisher.error ?? (publisher.connected ? "connected" : "away")}${pending}` },
    engine: { ok: turns, detail: lastTurn > 0 ? `last turn ${Math.round(now - lastTurn)} s ago` : "not turned yet" },
    sources: { ok: spoken, detail: spoken ? "none is waited for" : `waiting for ${silent.join(", ")}` },
  };
  for (const [name, detail] of Object.entries(told)) {
    parts[name] = { ok: true, detail };
  }
  for (const [name, source] of sources) {
    parts[`source ${name}`] = sourcePart(source, now);
  }
  return { ready: store && turns && spoken, parts };
}

function sourcePart({ ok, error, warning, asOf, hosts, checks, lag, errors }: SourceHealth, now: number): ReadyPart {
  const age = asOf > 0 ? `${Math.round(now - asOf)} s old, taken in after ${lag.toFixed(1)} s` : "nothing read yet";
  const warned = warning === undefined ? "" : `; ${warning}`;
  const counts = `${hosts} hosts, ${checks} checks${errors > 0 ? `, ${errors} failed attempts` : ""}`;
  return { ok, detail: error ?? `${age}, ${counts}${warned}` };
}
