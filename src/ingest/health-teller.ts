/** Tells how one source is: at every attempt, good or bad, with what it told last and how often it failed. */
import { notAfter } from "../model/set-back.ts";
import type { QuietLog } from "./quiet-log.ts";
import type { ObservationSink } from "./source.ts";

/** Of which source, and whom it tells. */
export interface HealthTellerOptions {
  /** Name of the source. */
  readonly source: string;
  /** `status-file`, `livestatus`, … */
  readonly type: string;
  /** Seconds after its last word from which what it told counts as stale. */
  readonly staleAfter: number;
  readonly sink: ObservationSink;
  /** Where what is wrong with the source is counted. */
  readonly quiet: QuietLog;
  /** Unix seconds. */
  readonly now: () => number;
}

/** What one good attempt gave. */
export interface Heard {
  /** When the source wrote or said it, Unix seconds. */
  readonly asOf: number;
  /** How many hosts and checks it speaks of in all. */
  readonly hosts: number;
  readonly checks: number;
  /** Seconds from its saying the newest thing to our taking it in; absent: counted from `asOf`. */
  readonly lag?: number;
  /** As in the options, where it is not always the same. */
  readonly staleAfter?: number;
  /** What is wrong although the attempt succeeded, with the next step. */
  readonly warning?: string | undefined;
}

/** One source's health. */
export class HealthTeller {
  readonly #options: HealthTellerOptions;
  #last = { asOf: 0, hosts: 0, checks: 0, lag: 0 };
  #staleAfter: number;
  #warning: string | undefined;
  #error: string | null = null;
  #errors = 0;
  #isTold = false;

  constructor(options: HealthTellerOptions) {
    this.#options = options;
    this.#staleAfter = options.staleAfter;
  }

  /** Whether the last attempt failed. */
  get isFailing(): boolean {
    return this.#error !== null;
  }

  /** Whether anything was told yet. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** When the source wrote what we hold, 0 before the first time. */
  get asOf(): number {
    return this.#last.asOf;
  }

  /** Takes what an attempt gave; `well` then tells it. */
  hear({ asOf, hosts, checks, lag = this.#options.now() - asOf, staleAfter, warning }: Heard): void {
    this.#staleAfter = staleAfter ?? this.#options.staleAfter;
    this.#warning = warning;
    this.#last = { asOf, hosts, checks, lag: Math.max(0, lag) };
  }

  /** Tells that the last attempt succeeded. */
  well(): void {
    this.#tell(null);
  }

  /** Tells that the last attempt failed; `error` names cause and next step. What was told before stays. */
  failed(error: string): void {
    this.#errors++;
    this.#tell(error);
  }

  #tell(error: string | null): void {
    const { source, type, sink, quiet, now } = this.#options;
    this.#error = error;
    this.#isTold = true;
    // Heard by a clock that was set back since: it would seem fresh until that has caught up.
    this.#last = { ...this.#last, asOf: notAfter(this.#last.asOf, now()) };
    const counted = { errors: this.#errors, staleAfter: this.#staleAfter, ...this.#last };
    const warned = this.#warning === undefined ? {} : { warning: this.#warning };
    const found = quiet.counts === undefined ? {} : { reasons: quiet.counts };
    sink({ kind: "health", source, type, ok: error === null, error, ...warned, ...counted, ...found });
  }
}
