/**
 * Tells what an Icinga 2 says through its API: everything when it connects, then what its events bring. Whatever goes
 * wrong changes nothing of what was told; only the source's health says so.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../logger.ts";
import { fingerprint } from "../model/fingerprint.ts";
import type { MonitoringComment, MonitoringDowntime } from "../model/monitoring-notes.ts";
import { backoffDelay } from "./backoff.ts";
import { HealthTeller } from "./health-teller.ts";
import { Icinga2Client, type Icinga2Server } from "./icinga2-client.ts";
import { connectionFault, faultText, type Icinga2Fault } from "./icinga2-fault.ts";
import { Icinga2Picture, type Icinga2Reading } from "./icinga2-picture.ts";
import { type Icinga2Listener, Icinga2Session, type Icinga2Times } from "./icinga2-session.ts";
import { QuietLog } from "./quiet-log.ts";
import type { ObservationSink, Source } from "./source.ts";
import type { StatusNews } from "./told-statuses.ts";

/** How often and how long, in seconds, with what comes after a failure. */
export interface Icinga2SourceTimes extends Icinga2Times {
  /** First and longest wait after a failure. */
  readonly first: number;
  readonly longest: number;
  /** Wait after a failure that only a person can mend. */
  readonly lasting: number;
}

/** What the source asks, and whom it tells. */
export interface Icinga2SourceOptions extends Icinga2Server {
  readonly name: string;
  /** Name of our queue of events. */
  readonly queue: string;
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Objects of one answer at most. */
  readonly most?: number;
  readonly times?: Partial<Icinga2SourceTimes>;
}

const TYPE = "icinga2";

const TIMES: Icinga2SourceTimes = {
  watch: 10,
  patience: 5,
  settle: 1,
  resync: 600,
  first: 1,
  longest: 30,
  lasting: 60,
};

/** Seconds that an answer may be late before what we hold counts as stale. */
const SLACK = 5;

/** Makes the source; it does nothing before `start`. */
export function createIcinga2Source(options: Icinga2SourceOptions): Source {
  return new Icinga2Source(options);
}

class Icinga2Source implements Source, Icinga2Listener {
  readonly name: string;
  readonly #options: Icinga2SourceOptions;
  readonly #sink: ObservationSink;
  readonly #times: Icinga2SourceTimes;
  readonly #health: HealthTeller;
  readonly #quiet: QuietLog;
  readonly #picture = new Icinga2Picture();
  readonly #stopping = new AbortController();
  #objects = 0;
  #notes = 0;
  #lag = 0;
  #failures = 0;
  #running: Promise<void> | undefined;
  #onFirstWord: () => void = () => undefined;

  constructor(options: Icinga2SourceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    const staleAfter = 3 * this.#times.watch + SLACK;
    const { name: source, now, logger } = options;
    this.#sink = (observation) => {
      if (!this.#stopping.signal.aborted) {
        options.sink(observation);
      }
    };
    this.#quiet = new QuietLog(logger, now);
    this.#health = new HealthTeller({ source, type: TYPE, staleAfter, sink: this.#sink, quiet: this.#quiet, now });
  }

  /** Begins to ask, and resolves when all was told or the first attempt failed. */
  async start(): Promise<void> {
    const told = new Promise<void>((resolve) => {
      this.#onFirstWord = resolve;
    });
    this.#running = this.#run();
    await told;
  }

  /** Ends; nothing is told after it was called. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#onFirstWord();
    await this.#running;
  }

  objects(reading: Icinga2Reading): void {
    if (reading.mark !== this.#objects) {
      this.#objects = reading.mark;
      this.#sink({ kind: "objects", source: this.name, ...reading.objects });
    }
  }

  states({ full, statuses, gone }: StatusNews): void {
    if (full || statuses.length > 0 || gone.length > 0) {
      this.#sink({ kind: "states", source: this.name, full, asOf: this.#options.now(), statuses, gone });
    }
  }

  notes(comments: readonly MonitoringComment[], downtimes: readonly MonitoringDowntime[]): void {
    const mark = fingerprint(JSON.stringify([[...comments].sort(byId), [...downtimes].sort(byId)]));
    if (mark !== this.#notes) {
      this.#notes = mark;
      this.#sink({ kind: "notes", source: this.name, comments, downtimes });
    }
  }

  well(newest: number): void {
    const now = this.#options.now();
    if (this.#health.isFailing) {
      this.#options.logger.info({ source: this.name }, "Icinga 2 answers again");
    }
    this.#lag = newest > 0 ? Math.max(0, now - newest) : this.#lag;
    this.#health.hear({ asOf: now, ...this.#picture.counts, lag: this.#lag });
    this.#health.well();
    this.#onFirstWord();
  }

  warn(message: string, reason: string, fields: object): void {
    this.#quiet.warn(message, reason, { source: this.name, ...fields });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const seconds = await this.#connect();
      await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Connects once, and returns how many seconds to wait before the next time. */
  async #connect(): Promise<number> {
    const { signal } = this.#stopping;
    const { first, longest, lasting } = this.#times;
    const started = this.#options.now();
    let client: Icinga2Client | undefined;
    let fault: Icinga2Fault | undefined;
    try {
      client = new Icinga2Client(this.#options, this.#options.most);
      await this.#session(client).run(signal);
    } catch (error) {
      fault = connectionFault(error, this.#options.url, this.#options.caFile);
    } finally {
      client?.close();
    }
    // One that lasted ended for a reason of its own: a reload, most often.
    this.#failures = this.#options.now() - started > longest ? 1 : this.#failures + 1;
    if (fault !== undefined && !signal.aborted) {
      this.#tellFault(fault);
    }
    return fault?.isLasting ? lasting : backoffDelay(this.#failures, { first, longest }, this.#options.random());
  }

  #session(client: Icinga2Client): Icinga2Session {
    const { queue, now } = this.#options;
    return new Icinga2Session({ client, queue, now, picture: this.#picture, times: this.#times, listener: this });
  }

  #tellFault(fault: Icinga2Fault): void {
    this.warn("Icinga 2 cannot be asked", fault.reason, { cause: fault.message, next: fault.next });
    this.#health.failed(faultText(fault));
    this.#onFirstWord();
  }
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
