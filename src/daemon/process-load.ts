/** How the process itself fares: how late its event loop is, how many files it holds open. */
import { readdirSync, readFileSync } from "node:fs";
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { LoopLag, OpenFiles } from "../web/app-deps.ts";

/** Milliseconds between two looks at the clock. */
const RESOLUTION = 20;

/** Watches the event loop; `start` begins, `stop` ends it. */
export class LoopWatch {
  readonly #delays: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });

  start(): void {
    this.#delays.enable();
  }

  stop(): void {
    this.#delays.disable();
  }

  /** How late the loop was since this was asked last. */
  take(): LoopLag {
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1_000) || 0;
    const lag = { p99: late(this.#delays.percentile(99)), max: late(this.#delays.max) };
    this.#delays.reset();
    return lag;
  }
}

/** Files and sockets the process holds open; undefined where the kernel does not tell (proc(5)). */
export function openFiles(): OpenFiles | undefined {
  try {
    const most = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1];
    // The list itself is one of them while it is read.
    return { open: readdirSync("/proc/self/fd").length - 1, most: Number(most ?? Number.NaN) };
  } catch {
    return undefined;
  }
}
