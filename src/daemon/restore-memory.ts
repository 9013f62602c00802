/** Brings back what an earlier leader remembered, as soon as the store is there. */
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../compute.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { ReportStore, StoredReport } from "../store/report-store.ts";

/** What bringing back needs. */
export interface RestoreDeps {
  readonly reports: ReportStore;
  readonly engine: Engine;
  /** Takes a host's last report as it is stored. */
  readonly take: (stored: StoredReport) => Promise<void>;
  readonly logger: Logger;
  /** Ends trying. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two attempts. */
const PAUSE = 500;

/** Loads everything; tries again until it succeeds. False where it was ended before. */
export async function restoreMemory(deps: RestoreDeps): Promise<boolean> {
  const { logger, signal } = deps;
  let told = false;
  while (!signal.aborted) {
    try {
      await loadAll(deps);
      return !signal.aborted;
    } catch (error) {
      if (!told) {
        told = true;
        logger.warn({ error: messageOf(error) }, "could not bring back what was remembered; trying again");
      }
      await delay(PAUSE, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}

async function loadAll({ reports, engine, take, logger }: RestoreDeps): Promise<void> {
  await reports.demandKnownSchema();
  const original = await reports.loadOriginal();
  if (original.length > 0) {
    logger.info({ hosts: original.length }, "The store is the original DOTM's; what it knew is taken over");
  }
  for (const { host, edges, listeners } of original) {
    engine.restore(host, edges, listeners);
  }
  for await (const { host, records } of reports.loadEdges()) {
    engine.restore(host, records.values(), []);
  }
  for await (const { host, records } of reports.loadListeners()) {
    engine.restore(host, [], records);
  }
  for await (const { host, alarms } of reports.loadAlarms()) {
    engine.recall(host, alarms);
  }
  for await (const stored of reports.loadReports()) {
    await take(stored);
  }
}
