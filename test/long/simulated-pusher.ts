/** Somebody who pushes states to one process or another, and remembers what each was when it was acknowledged. */
import { setTimeout as delay } from "node:timers/promises";
import { oneOf, type Random } from "../support/random.ts";
import type { SimulatedCheck } from "./simulated-nagios.ts";

const STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;
const HOSTS = 10;
/** Milliseconds. */
const BETWEEN = 200;
const PATIENCE = 10_000;

/** Pushes to the source `alerts` until it is stopped; what was told last is acknowledged then. */
export class SimulatedPusher {
  /** What the store must say in the end. */
  readonly checks: readonly SimulatedCheck[] = Array.from({ length: HOSTS }, (_, at) => ({
    host: `push${at}`,
    check: "Pushed",
    state: "OK",
    since: 0,
  }));
  accepted = 0;
  failed = 0;
  readonly #urls: readonly string[];
  readonly #random: Random;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(urls: readonly string[], random: Random) {
    this.#urls = urls;
    this.#random = random;
  }

  start(): void {
    this.#running = this.#push();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #push(): Promise<void> {
    while (!this.#stopped) {
      await this.#tell(oneOf(this.#random, this.checks), oneOf(this.#random, STATES));
      await delay(BETWEEN);
    }
    for (const check of this.checks) {
      await this.#tell(check, oneOf(this.#random, STATES));
    }
  }

  /** Tells one state until somebody acknowledged. What was tried before may have been taken in too: the newer time counts. */
  async #tell(check: SimulatedCheck, state: (typeof STATES)[number]): Promise<void> {
    for (;;) {
      const now = Date.now();
      // From now on it may be the one or the other.
      check.since = now / 1_000;
      const event = { host: check.host, check: check.check, state, stateType: "HARD", output: `pushed ${now}` };
      if (await this.#send({ ...event, time: new Date(now).toISOString() })) {
        this.accepted += 1;
        check.state = state;
        return;
      }
      this.failed += 1;
      await delay(BETWEEN);
    }
  }

  async #send(event: object): Promise<boolean> {
    try {
      const answer = await fetch(`${oneOf(this.#random, this.#urls)}api/v1/events?source=alerts`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ events: [event] }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      await answer.arrayBuffer();
      return answer.status === 200;
    } catch {
      return false;
    }
  }
}
