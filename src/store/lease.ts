/**
 * The lease by which one engine leads: a token in Redis that vanishes unless its holder renews it. Who holds it writes;
 * everybody else waits for it. A holder that could not renew stops writing before anybody else can begin.
 */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { type Command, scriptCommand } from "./commands.ts";
import { ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { askOne } from "./run-commands.ts";

/** What the lease needs. */
export interface LeaseOptions {
  readonly client: RedisClient;
  /** Who asks; another one in every process and at every start. */
  readonly token: string;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Called when this process leads from now on; it was not leading before, or somebody else led meanwhile. */
  readonly onLead: (epoch: number) => void;
  /** Called when it does not lead any more. */
  readonly onLost: () => void;
  /** Called when a lease that had lapsed is ours again, and nobody else led meanwhile. */
  readonly onRegained: () => void;
  readonly logger: Logger;
  readonly times?: LeaseTimes;
}

/** Milliseconds. */
export interface LeaseTimes {
  /** How long Redis keeps the token. */
  readonly lasts: number;
  /** Between two renewals. */
  readonly renew: number;
  /** After the last renewal no more is written. */
  readonly writes: number;
  /** Between two attempts to get it. */
  readonly wait: number;
}

const TIMES: LeaseTimes = { lasts: 15_000, renew: 5_000, writes: 10_000, wait: 1_000 };

/** The lease. `start` begins to ask for it, `stop` gives it back. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #times: LeaseTimes;
  /** The epoch this process leads in; 0 where it does not. */
  #epoch = 0;
  #renewedAt = Number.NEGATIVE_INFINITY;
  /** Token of who leads, where that is not us. */
  #holder: string | undefined;
  /** Whether its key was somebody else's when it was last asked for, which is told once. */
  #isForeign = false;
  /** Since when a store that somebody led knows of no leader. */
  #emptySince: number | undefined;
  #force = false;
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #stopped = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#times = options.times ?? TIMES;
  }

  /** Whether this process leads, as far as it knows; while Redis is away it goes on in memory. */
  get leads(): boolean {
    return this.#epoch > 0;
  }

  /** Whether it may write now. */
  get mayWrite(): boolean {
    return this.leads && this.#options.monotonic() - this.#renewedAt < this.#times.writes;
  }

  /** The token of who leads; undefined where nobody is known to. */
  get leader(): string | undefined {
    return this.leads ? this.#options.token : this.#holder;
  }

  /** Asks once and goes on asking. `force`: whoever holds it is known to be dead. Resolves after the first answer. */
  start(force = false): Promise<void> {
    this.#force = force;
    this.#options.client.on("ready", this.#askSoon);
    return this.ask();
  }

  /** Asks now, as somebody else may hold it. */
  ask(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = undefined;
      if (!this.#stopped) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.ask(), this.leads ? this.#times.renew : this.#times.wait);
      }
    });
    return this.#asking;
  }

  /** Gives it back and asks no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#options.client.off("ready", this.#askSoon);
    await this.#asking;
    this.#epoch = 0;
    // Whether it was granted or not: the answer to the last question may have come too late.
    const release = scriptCommand("release-lease-1", [ownKeys.leader], [this.#options.token]);
    await this.#run(release).catch((error: unknown) => {
      this.#options.logger.debug({ error: messageOf(error) }, "the lease could not be given back; it runs out");
    });
  }

  readonly #askSoon = (): void => void this.ask();

  async #askOnce(): Promise<void> {
    const { token, monotonic, logger } = this.#options;
    const asked = monotonic();
    const args = [token, this.#times.lasts, this.#epoch, this.#mode(asked)];
    try {
      const answer = await this.#run(scriptCommand("take-lease-2", [ownKeys.leader, ownKeys.leaderEpoch], args));
      const [granted, told] = Array.isArray(answer) ? answer : [];
      if (this.#stopped && !this.leads) {
        return;
      }
      if (granted === 1) {
        this.#granted(Number(told), asked);
      } else if (granted === 0) {
        this.#refused(String(told), asked);
      }
    } catch (error) {
      logger.debug({ error: messageOf(error) }, "the lease cannot be asked for; trying again");
    }
  }

  #mode(now: number): "force" | "wait" | "" {
    if (this.#force) {
      return "force";
    }
    const patient = this.#emptySince === undefined || now - this.#emptySince < this.#times.lasts;
    return !this.leads && this.#holder !== undefined && patient ? "wait" : "";
  }

  #granted(epoch: number, asked: number): void {
    const before = this.#epoch;
    const couldWrite = this.mayWrite;
    this.#force = false;
    this.#holder = undefined;
    this.#emptySince = undefined;
    this.#epoch = epoch;
    this.#renewedAt = asked;
    if (before === epoch) {
      if (!couldWrite) {
        this.#options.onRegained();
      }
      return;
    }
    if (before > 0) {
      this.#options.onLost();
    }
    this.#options.logger.info({ epoch }, "this engine leads");
    this.#options.onLead(epoch);
  }

  #refused(holder: string, asked: number): void {
    this.#emptySince = holder === "" ? (this.#emptySince ?? asked) : undefined;
    if (holder !== "") {
      this.#holder = holder;
    }
    if (this.leads) {
      this.#epoch = 0;
      this.#options.logger.warn({ holder }, "another engine leads now; this one stands by");
      this.#options.onLost();
    }
  }

  async #run(command: Command): Promise<unknown> {
    const { client, logger } = this.#options;
    const told = this.#isForeign;
    let isForeign = false;
    const refused = ({ key }: Command, reason: string) => {
      isForeign = true;
      if (!told) {
        logger.error({ key, reason }, "the lease cannot be used: nobody leads until that key is gone");
      }
    };
    const answer = await askOne(client, command, refused);
    this.#isForeign = isForeign;
    return answer;
  }
}
