/** Warns of what lasts without filling the log: each message at most once a minute. */
import type { Logger } from "../logger.ts";

const SECONDS = 60;

/** A logger's warnings, each fixed text at most once a minute. */
export class QuietLog {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #last = new Map<string, number>();

  constructor(logger: Logger, now: () => number) {
    this.#logger = logger;
    this.#now = now;
  }

  /** Warns unless the same message with the same `reason`, a fixed text too, was written less than a minute ago. */
  warn(message: string, reason: string, fields: object): void {
    const key = `${message}\n${reason}`;
    const last = this.#last.get(key);
    if (last === undefined || this.#now() - last >= SECONDS || this.#now() < last) {
      this.#last.set(key, this.#now());
      this.#logger.warn({ reason, ...fields }, message);
    }
  }
}
