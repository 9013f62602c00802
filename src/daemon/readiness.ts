/** Whether a process can do its work, part by part. */
import type { SourceHealth } from "../model/monitoring.ts";
import type { DeliveryState } from "../notify/delivery.ts";
import type { PublisherStatus } from "../store/map-publisher.ts";

/** One part of the process. */
export interface ReadyPart {
  readonly ok: boolean;
  readonly detail: string;
}

/** The answer of `/readyz`. */
export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, ReadyPart>>;
}

/** A leading engine, as far as readiness goes. */
export interface LeadingSigns {
  readonly publisher: PublisherStatus;
  /** Unix seconds of the last turn, 0 before the first. */
  readonly lastTurn: number;
  readonly sources: ReadonlyMap<string, SourceHealth>;
  /** How the targets of `notify` are. */
  readonly targets: readonly DeliveryState[];
  /** Names of the sources whose first word is waited for. */
  readonly silent: readonly string[];
}

/** What it is judged from. */
export interface ReadinessSigns {
  readonly roles: readonly string[];
  /** Whether the store can be reached. */
  readonly connected: boolean;
  /** Undefined where this process does not lead. */
  readonly leading: LeadingSigns | undefined;
  /** Who leads, by name; undefined where nobody is known to. */
  readonly leader: string | undefined;
  /** Unix seconds. */
  readonly now: number;
  /** What is told beside. */
  readonly told: Readonly<Record<string, string>>;
  /** Faults that are told beside and do not decide; null for none. */
  readonly faults: Readonly<Record<string, string | null>>;
}

/**
 * Puts the parts together; ready where the store can be used, and where this process leads, the store is written, the engine
 * turns and no source's first word is waited for. A stale source or a target of `notify` that hangs is told, not unready; so is what `told` and `faults` say.
 */
export function readiness({ roles, connected, leading, leader, now, told, faults }: ReadinessSigns): Readiness {
  const deciding: Record<string, ReadyPart> =
    leading === undefined
      ? { store: { ok: connected, detail: connected ? "connected" : "away" } }
      : leadingParts(leading, now);
  if (leading === undefined && roles.includes("engine")) {
    const detail = leader === undefined ? "nobody leads yet" : `stands by; ${leader} leads`;
    deciding["engine"] = { ok: leader !== undefined, detail };
  }
  const parts = { ...deciding, roles: { ok: true, detail: roles.join(", ") } };
  const beside = Object.entries(told).map(([name, detail]) => [name, { ok: true, detail }] as const);
  const faulty = Object.entries(faults).flatMap(([name, detail]) =>
    detail === null ? [] : [[name, { ok: false, detail }] as const],
  );
  const sources = [...(leading?.sources ?? [])].map(
    ([name, source]) => [`source ${name}`, sourcePart(source, now)] as const,
  );
  const targets = (leading?.targets ?? []).map((target) => [`target ${target.name}`, targetPart(target)] as const);
  return {
    ready: Object.values(deciding).every(({ ok }) => ok),
    parts: { ...parts, ...Object.fromEntries([...beside, ...faulty, ...sources, ...targets]) },
  };
}

function leadingParts({ publisher, lastTurn, silent }: LeadingSigns, now: number): Record<string, ReadyPart> {
  const store = publisher.connected && publisher.error === null && publisher.lastWrittenAt > 0;
  const pending = publisher.pendingKeys > 0 ? `, ${publisher.pendingKeys} changes wait to be written` : "";
  const turns = lastTurn > 0 && now - lastTurn < 30;
  const spoken = silent.length === 0;
  const turned = lastTurn > 0 ? `leads, last turn ${Math.round(now - lastTurn)} s ago` : "leads, not turned yet";
  return {
    store: { ok: store, detail: `${publisher.error ?? (publisher.connected ? "connected" : "away")}${pending}` },
    engine: { ok: turns, detail: turned },
    sources: { ok: spoken, detail: spoken ? "none is waited for" : `waiting for ${silent.join(", ")}` },
  };
}

function sourcePart({ ok, error, warning, asOf, hosts, checks, lag, errors }: SourceHealth, now: number): ReadyPart {
  const age = asOf > 0 ? `${Math.round(now - asOf)} s old, taken in after ${lag.toFixed(1)} s` : "nothing read yet";
  const warned = warning === undefined ? "" : `; ${warning}`;
  const counts = `${hosts} hosts, ${checks} checks${errors > 0 ? `, ${errors} failed attempts` : ""}`;
  return { ok, detail: error ?? `${age}, ${counts}${warned}` };
}

function targetPart({ sent, dropped, waiting, error }: DeliveryState): ReadyPart {
  const counts = `${sent} sent, ${waiting} wait, ${dropped} dropped`;
  return { ok: error === null, detail: error === null ? counts : `${error}; ${counts}` };
}
