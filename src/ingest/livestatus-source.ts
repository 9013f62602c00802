/** Tells what a Nagios, Naemon, Checkmk or Icinga 2 says through Livestatus, and how the source is. */
import type { LivestatusPlace } from "../config/config-value.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { backoffDelay } from "./backoff.ts";
import { HealthTeller } from "./health-teller.ts";
import { LivestatusConnection } from "./livestatus-connection.ts";
import { LivestatusFault } from "./livestatus-fault.ts";
import { LivestatusFollower } from "./livestatus-follower.ts";
import { LivestatusTables } from "./livestatus-tables.ts";
import { QuietLog } from "./quiet-log.ts";
import type { ObservationSink, Source } from "./source.ts";

/** Whom the source asks, how often, and whom it tells. All times are seconds. */
export interface LivestatusSourceOptions {
  readonly name: string;
  readonly place: LivestatusPlace;
  /** Between two questions for what changed. */
  readonly interval: number;
  /** Between two questions for everything. */
  readonly resync: number;
  /** Until an answer must be whole. */
  readonly timeout: number;
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Rows of one answer at most. */
  readonly most?: number;
}

const TYPE = "livestatus";
const CONNECT_SECONDS = 3;
const RETRY = { first: 1, longest: 30 };

/** Seconds an answer may be late before what was told counts as stale, beside its deadline. */
const SLACK = 5;

/** Whoever needs long for its answers is asked less often: it rests this many times as long, up to LONGEST_REST seconds. */
const REST = 9;
const LONGEST_REST = 10;

/** Shortest rest, seconds, of a server that holds its answer back until something changes. */
const SHORTEST_REST = 0.5;

/** Makes the source; it does nothing before `start`. */
export function createLivestatusSource(options: LivestatusSourceOptions): Source {
  return new LivestatusSource(options);
}

class LivestatusSource implements Source {
  readonly name: string;
  readonly #options: LivestatusSourceOptions;
  readonly #quiet: QuietLog;
  readonly #health: HealthTeller;
  readonly #connection: LivestatusConnection;
  readonly #follower: LivestatusFollower;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: LivestatusSourceOptions) {
    const { name, place, interval, timeout, resync, logger, now, most } = options;
    const sink: ObservationSink = (observation) => (this.#stopped ? undefined : options.sink(observation));
    const staleAfter = 3 * Math.max(interval, LONGEST_REST) + timeout + SLACK;
    this.name = name;
    this.#options = options;
    this.#quiet = new QuietLog(logger, now);
    this.#health = new HealthTeller({ source: name, type: TYPE, staleAfter, sink, quiet: this.#quiet, now });
    this.#connection = new LivestatusConnection(place, { connect: CONNECT_SECONDS, answer: timeout });
    const tables = new LivestatusTables(this.#connection, most);
    this.#follower = new LivestatusFollower({ source: name, tables, resync, sink, quiet: this.#quiet, now });
  }

  /** Begins to ask, and resolves after the first look, whether it got an answer or not. */
  async start(): Promise<void> {
    await this.#look(0);
  }

  /** Ends; nothing is told after it was called. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#connection.close();
    await this.#looking;
  }

  #look(wait: number): Promise<void> {
    this.#looking = this.#lookOnce(wait);
    return this.#looking;
  }

  async #lookOnce(wait: number): Promise<void> {
    const { now, interval, random } = this.#options;
    const begun = now();
    try {
      const took = await this.#follower.look(wait);
      this.#tellWell(begun);
      this.#lookAgainIn(Math.max(interval, Math.min(LONGEST_REST, took * REST)));
    } catch (error) {
      this.#failures++;
      this.#tellFault(error);
      this.#lookAgainIn(backoffDelay(this.#failures, RETRY, random()));
    }
  }

  /** A server that can wait is asked soon, and answers when something changes or the rest of the time is over. */
  #lookAgainIn(seconds: number): void {
    if (this.#stopped) {
      return;
    }
    const canWait = this.#failures === 0 && this.#follower.canWait && seconds > SHORTEST_REST;
    const rest = canWait && seconds === this.#options.interval ? SHORTEST_REST : seconds;
    this.#timer = setTimeout(() => void this.#look(seconds - rest), rest * 1000);
  }

  #tellWell(asOf: number): void {
    if (this.#failures > 0) {
      this.#options.logger.info({ source: this.name }, "Livestatus answers again");
    }
    this.#failures = 0;
    this.#health.hear({ asOf, ...this.#follower.counts });
    this.#health.well();
  }

  #tellFault(error: unknown): void {
    const fault = error instanceof LivestatusFault ? error : undefined;
    const [cause, next] = [messageOf(error), fault?.next ?? "Report this as a bug."];
    if (!this.#stopped) {
      this.#quiet.warn("Livestatus cannot be read", fault?.reason ?? "failed", { source: this.name, cause, next });
    }
    this.#health.failed(`${cause}. ${next}`);
  }
}
