/** Keeps count of what is wrong, by reason, and warns of it without filling the log: each reason at most once a minute. */
import type { Logger } from "../logger.ts";

const SECONDS = 60;

/** Reasons are fixed texts; should one ever not be, what comes after so many is counted together. */
const MOST_REASONS = 100;
const OTHERS = "other";

/** A logger's warnings, each fixed text at most once a minute. */
export class QuietLog {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #last = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  constructor(logger: Logger, now: () => number) {
    this.#logger = logger;
    this.#now = now;
  }

  /** How often each reason was given, `count` of its warnings added up; undefined where none was. */
  get counts(): Readonly<Record<string, number>> | undefined {
    return this.#counts.size === 0 ? undefined : Object.fromEntries(this.#counts);
  }

  /** Counts, and warns unless the same message with the same `reason`, a fixed text too, was written less than a minute ago. */
  warn(message: string, reason: string, fields: object): void {
    const name = this.#counts.has(reason) || this.#counts.size < MOST_REASONS ? reason : OTHERS;
    const count = "count" in fields && typeof fields.count === "number" ? fields.count : 1;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
    const key = `${message}\n${name}`;
    const last = this.#last.get(key);
    if (last === undefined || this.#now() - last >= SECONDS || this.#now() < last) {
      this.#last.set(key, this.#now());
      this.#logger.warn({ reason, ...fields }, message);
    }
  }
}
