/** Runs the configured sources side by side: one that hangs or cannot be made keeps none of the others waiting. */
import type { SourceConfig } from "../config/config-value.ts";
import { DotmError, messageOf } from "../errors.ts";
import { HealthTeller } from "../ingest/health-teller.ts";
import { QuietLog } from "../ingest/quiet-log.ts";
import type { ObservationSink, Source } from "../ingest/source.ts";
import type { Logger } from "../logger.ts";

/** What running them needs. */
export interface RunSourcesDeps {
  readonly configured: readonly SourceConfig[];
  /** Makes one that does nothing yet; throws where what it is made from cannot be read. */
  readonly make: (config: SourceConfig, sink: ObservationSink) => Source;
  /** Told of each that has begun. */
  readonly begun: (source: Source) => void;
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  readonly times?: Partial<RunTimes>;
}

/** Seconds. */
export interface RunTimes {
  /** The first words of all sources are waited for this long at most. */
  readonly patience: number;
  /** Until a source that could not begin is tried again, and one that has said nothing so far is told of. */
  readonly retry: number;
}

const TIMES: RunTimes = { patience: 5, retry: 30 };

/** One source of the configuration, and who tells of it while it cannot begin. */
interface Attempt {
  readonly config: SourceConfig;
  readonly health: HealthTeller;
  readonly quiet: QuietLog;
}

/** The sources, running from `start` to `stop`. */
export class RunSources {
  readonly #deps: RunSourcesDeps;
  readonly #times: RunTimes;
  readonly #running = new Map<string, Source>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  /** Sources that have not said anything yet. */
  readonly #unheard: Set<string>;
  #isWaiting = true;
  #unheardTimer: NodeJS.Timeout | undefined;
  #starting: Promise<void> | undefined;
  #goOn: () => void = () => undefined;
  #stopped = false;

  constructor(deps: RunSourcesDeps) {
    this.#deps = deps;
    this.#times = { ...TIMES, ...deps.times };
    this.#unheard = new Set(deps.configured.map(({ name }) => name));
  }

  /** Names of the sources whose first word is waited for. */
  get silent(): readonly string[] {
    return this.#isWaiting ? [...this.#unheard] : [];
  }

  /** Begins with all at once; resolves when each has told how it is, or after a bounded time. The second call is the first. */
  start(): Promise<void> {
    this.#starting ??= this.#startAll();
    return this.#starting;
  }

  /** Ends all; nothing is told after it was called. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#unheardTimer);
    for (const retry of this.#retries.values()) {
      clearTimeout(retry);
    }
    this.#goOn();
    await Promise.all([...this.#running.keys()].map((name) => this.#end(name)));
  }

  async #startAll(): Promise<void> {
    const { configured, logger, now } = this.#deps;
    const { patience, retry } = this.#times;
    const allSpoke = new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
    const attempts = configured.map((config): Attempt => {
      const { name: source, type } = config;
      const quiet = new QuietLog(logger, now);
      const health = new HealthTeller({ source, type, staleAfter: 3 * retry, sink: this.#sink, quiet, now });
      return { config, health, quiet };
    });
    this.#unheardTimer = setTimeout(() => this.#tellUnheard(attempts), retry * 1000);
    for (const attempt of attempts) {
      void this.#run(attempt);
    }
    const timer = setTimeout(this.#goOn, patience * 1000);
    if (this.#stopped || this.#unheard.size === 0) {
      this.#goOn();
    }
    await allSpoke;
    clearTimeout(timer);
    this.#isWaiting = false;
  }

  /** What hangs before its first word (a disk that is away, an answer that trickles) would be seen nowhere. */
  #tellUnheard(attempts: readonly Attempt[]): void {
    for (const { config, health } of attempts.filter(({ config: { name } }) => this.#unheard.has(name))) {
      const next = "It is waited for; look whether what it reads hangs, or is very slow.";
      health.failed(`${config.name} has said nothing since the start, ${this.#times.retry} s ago. ${next}`);
    }
  }

  async #run(attempt: Attempt): Promise<void> {
    if (this.#stopped) {
      return;
    }
    const { name } = attempt.config;
    try {
      const source = this.#deps.make(attempt.config, this.#sink);
      this.#running.set(name, source);
      await source.start();
      if (!this.#stopped) {
        this.#deps.begun(source);
      }
    } catch (error) {
      await this.#end(name);
      this.#tryAgain(attempt, error);
    }
  }

  #tryAgain(attempt: Attempt, error: unknown): void {
    if (this.#stopped) {
      return;
    }
    const { config, health, quiet } = attempt;
    const cause = messageOf(error);
    const next = error instanceof DotmError ? error.next : "This is a fault of DOTM: please report it.";
    quiet.warn("a source cannot begin; it is tried again", "failed", { source: config.name, cause, next });
    health.failed(`${cause}. ${next}`);
    this.#retries.set(
      config.name,
      setTimeout(() => void this.#run(attempt), this.#times.retry * 1000),
    );
  }

  async #end(name: string): Promise<void> {
    const source = this.#running.get(name);
    this.#running.delete(name);
    try {
      await source?.stop();
    } catch (error) {
      this.#deps.logger.error({ source: name, error }, "could not stop a source");
    }
  }

  readonly #sink: ObservationSink = (observation) => {
    if (this.#stopped) {
      return;
    }
    this.#deps.sink(observation);
    if (observation.kind === "health" && this.#unheard.delete(observation.source) && this.#unheard.size === 0) {
      this.#goOn();
    }
  };
}
