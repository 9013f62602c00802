/** Empties the spool towards the server: oldest first, and patiently while the server is away. */
import type { PushResult } from "./push.ts";
import type { ReportSpool } from "./spool.ts";

/** What sending needs; `sleep` resolves early when the signal aborts. */
export interface SenderDeps {
  readonly spool: ReportSpool;
  readonly push: (body: Buffer, signal: AbortSignal) => Promise<PushResult>;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly log: (line: string) => void;
}

const LONGEST_WAIT = 60;

/** Sends what waits in the spool. `start` begins, `wake` says that a report was added, `stop` ends it. */
export class Sender {
  readonly #deps: SenderDeps;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #idle: (() => void) | undefined;
  #failures = 0;
  #lastReason = "";

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Looks at the spool again, if it was found empty. */
  wake(): void {
    this.#idle?.();
  }

  /** Ends it; what was not taken stays in the spool. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const waiting = this.#deps.spool.oldest();
      if (waiting === undefined) {
        await new Promise<void>((resolve) => {
          this.#idle = resolve;
        });
        continue;
      }
      const result = await this.#deps.push(waiting.body, signal);
      if (result.kind !== "later" || !signal.aborted) {
        await this.#settle(waiting.name, result);
      }
    }
  }

  async #settle(name: string, result: PushResult): Promise<void> {
    if (result.kind === "later") {
      this.#failed(result.reason);
      await this.#deps.sleep(this.#pause(result.wait), this.#stop.signal);
      return;
    }
    if (result.kind === "refused") {
      this.#deps.log(`report ${name} is given up: ${result.reason}`);
    }
    this.#deps.spool.remove(name);
    this.#succeeded();
  }

  /** Full jitter: any time up to a limit that doubles from 1 to 60 s, so that a thousand agents do not come back at once. */
  #pause(asked: number | undefined): number {
    const limit = Math.min(LONGEST_WAIT, 2 ** Math.min(this.#failures - 1, 10));
    const jitter = this.#deps.random() * limit;
    return asked === undefined ? jitter : asked + this.#deps.random() * Math.min(asked, LONGEST_WAIT) * 0.1;
  }

  #failed(reason: string): void {
    this.#failures++;
    if (reason !== this.#lastReason) {
      this.#deps.log(`cannot deliver reports, will try again: ${reason}`);
    }
    this.#lastReason = reason;
  }

  #succeeded(): void {
    if (this.#failures > 0) {
      this.#deps.log(`reports are delivered again; ${this.#deps.spool.size} waiting`);
    }
    this.#failures = 0;
    this.#lastReason = "";
  }
}
