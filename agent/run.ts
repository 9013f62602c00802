/** The agent's day: look, keep, send, wait. */
import type { Collector } from "./collect.ts";
import { packReport } from "./encode.ts";
import type { ReportCount } from "./report-count.ts";
import type { Sender } from "./sender.ts";
import type { ReportSpool } from "./spool.ts";

/** What running needs; `sleep` resolves early when the signal aborts. */
export interface RunDeps {
  readonly collector: Collector;
  readonly count: ReportCount;
  readonly spool: ReportSpool;
  readonly sender: Sender;
  readonly host: string;
  readonly agent: string;
  /** Seconds between two reports. */
  readonly interval: number;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** 0 up to 1. */
  readonly random: () => number;
  /** Seconds of a clock that never jumps. */
  readonly steady: () => number;
  readonly log: (line: string) => void;
}

/**
 * Sends a report at once and then one every interval, until the signal aborts. The second one comes after a random
 * part of the interval, so that agents started together do not report together for ever.
 */
export async function runAgent(deps: RunDeps, signal: AbortSignal): Promise<void> {
  deps.sender.start();
  let pause = deps.random() * deps.interval;
  while (!signal.aborted) {
    const began = deps.steady();
    await reportOnce(deps);
    await deps.sleep(Math.max(0, pause - (deps.steady() - began)), signal);
    pause = deps.interval;
  }
  await deps.sender.stop();
}

async function reportOnce({ collector, count, spool, sender, host, agent, interval, log }: RunDeps): Promise<void> {
  try {
    const thinned = spool.thinned;
    const report = await collector.collect({ host, agent, interval, ...count.next() });
    if (!spool.add(packReport(report))) {
      log("the spool cannot be written; the newest reports are kept in memory");
    }
    if (spool.thinned > thinned) {
      log(`the spool is full: ${spool.thinned - thinned} waiting reports were given up`);
    }
    sender.wake();
  } catch (error) {
    log(`no report this time: ${error instanceof Error ? error.message : String(error)}`);
  }
}
