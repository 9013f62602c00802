/**
 * Brings parcels to one target, one sending after the other: what cannot be sent is tried again with longer and longer
 * pauses, until it is too old or another of its key has come. Nothing here is ever waited for by the engine.
 */
import { setTimeout as delay } from "node:timers/promises";
import { timeLimit } from "../../agent/time-limit.ts";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Parcel, Target } from "./target.ts";

/** What delivering needs. */
export interface DeliveryOptions<T> {
  readonly target: Target<T>;
  /** Parcels that wait at most; beyond it the oldest are dropped. */
  readonly room: number;
  /** Seconds after which a parcel is worth nothing. */
  readonly keepFor: number;
  /** Whether this process may speak now. */
  readonly maySend: () => boolean;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** Milliseconds of the pauses after failures in a row; the last one stays. */
  readonly pauses?: readonly number[];
  /** Milliseconds that one sending may take. */
  readonly patience?: number;
}

/** How a target is. */
export interface DeliveryState {
  readonly name: string;
  readonly sent: number;
  /** Given up: too old, too many, or never taken by the target. */
  readonly dropped: number;
  readonly failures: number;
  readonly waiting: number;
  /** Why the last sending failed, null where it did not. */
  readonly error: string | null;
}

const PAUSES = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const;
const PATIENCE = 10_000;

/** The way to one target; from its making to `stop`. */
export class Delivery<T> {
  readonly #options: DeliveryOptions<T>;
  readonly #waiting = new Map<string, Parcel<T>>();
  readonly #end = new AbortController();
  #sending: Promise<void> | undefined;
  #sent = 0;
  #dropped = 0;
  #failures = 0;
  #inARow = 0;
  #error: string | null = null;
  #refusal: string | undefined;

  constructor(options: DeliveryOptions<T>) {
    this.#options = options;
  }

  /** Takes a parcel. Never waits, never throws. */
  put(parcel: Parcel<T>): void {
    this.#waiting.delete(parcel.key);
    this.#waiting.set(parcel.key, parcel);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > this.#options.room && oldest !== undefined) {
      this.#waiting.delete(oldest);
      this.#dropped += 1;
    }
    this.#sending ??= this.#work().finally(() => {
      this.#sending = undefined;
    });
  }

  /** How it stands. */
  get state(): DeliveryState {
    return {
      name: this.#options.target.name,
      sent: this.#sent,
      dropped: this.#dropped,
      failures: this.#failures,
      waiting: this.#waiting.size,
      error: this.#error,
    };
  }

  /** Ends; what waits is left. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#sending;
  }

  async #work(): Promise<void> {
    const { signal } = this.#end;
    // What is put within one turn goes together.
    await delay(0);
    while (this.#waiting.size > 0 && !signal.aborted) {
      this.#dropOld();
      const parcels = this.#next();
      if (parcels.length > 0 && !(await this.#trySending(parcels))) {
        const pauses = this.#options.pauses ?? PAUSES;
        await delay(pauses[Math.min(this.#inARow, pauses.length) - 1], undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #dropOld(): void {
    const { now, keepFor, maySend } = this.#options;
    for (const [key, { at }] of this.#waiting) {
      if (now() - at > keepFor || !maySend()) {
        this.#waiting.delete(key);
        this.#dropped += 1;
      }
    }
  }

  #next(): Parcel<T>[] {
    return [...this.#waiting.values()].slice(0, this.#options.target.atOnce);
  }

  async #trySending(parcels: readonly Parcel<T>[]): Promise<boolean> {
    const { target, patience = PATIENCE } = this.#options;
    const contents = parcels.map(({ content }) => content);
    const signal = timeLimit(this.#end.signal, patience);
    try {
      // A target may hang without looking at the signal.
      const { refused, reason } = await Promise.race([target.send(contents, signal), whenAborted(signal, patience)]);
      this.#sent += parcels.length - refused;
      this.#dropped += refused;
      this.#noteRefused(reason);
      this.#noteSuccess();
      for (const parcel of parcels) {
        if (this.#waiting.get(parcel.key) === parcel) {
          this.#waiting.delete(parcel.key);
        }
      }
      return true;
    } catch (error) {
      this.#noteFailure(error);
      return false;
    }
  }

  #noteSuccess(): void {
    if (this.#error !== null) {
      this.#options.logger.info({ target: this.#options.target.name }, "A target is written to again");
    }
    this.#error = null;
    this.#inARow = 0;
  }

  #noteFailure(error: unknown): void {
    if (this.#end.signal.aborted) {
      return;
    }
    const next = error instanceof DotmError ? error.next : "";
    this.#failures += 1;
    this.#inARow += 1;
    if (this.#error === null) {
      const fields = { target: this.#options.target.name, error: messageOf(error), next };
      this.#options.logger.warn(fields, "A target of notify cannot be written to; it is tried again");
    }
    this.#error = `${messageOf(error)}${next === "" ? "" : ` ${next}`}`;
  }

  #noteRefused(reason: string | undefined): void {
    if (reason !== undefined && reason !== this.#refusal) {
      this.#options.logger.warn({ target: this.#options.target.name, reason }, "A target of notify does not take all");
    }
    this.#refusal = reason ?? this.#refusal;
  }
}

function whenAborted(signal: AbortSignal, patience: number): Promise<never> {
  return new Promise((_, reject) => {
    const late = () => reject(new Error(`no answer within ${patience / 1_000} s`));
    signal.addEventListener("abort", late, { once: true });
  });
}
