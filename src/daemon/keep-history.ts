/** Takes snapshots when they are due, and removes those whose time is over. */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Settings } from "../model/settings.ts";
import type { Command } from "../store/commands.ts";
import { isSnapshotDue } from "../store/history-due.ts";
import { expireSnapshots, listedSnapshots } from "../store/history-expire.ts";
import { takeSnapshot } from "../store/history-take.ts";
import type { RedisClient } from "../store/redis.ts";

/** What keeping history needs. */
export interface HistoryDeps {
  /** A connection of its own, as values are large. */
  readonly client: RedisClient;
  /** The setting `history` as it holds now. */
  readonly setting: () => Settings["history"];
  /** How often this daemon wrote the whole picture; 0 while the stored one is not its own. */
  readonly rewrites: () => number;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** Milliseconds between two looks at the clock, 5,000 unless said otherwise. */
  readonly every?: number;
}

const EVERY = 5_000;

/** Seconds between two looks for what is to be removed. */
const EXPIRE_EVERY = 60;

/** Looks at the clock until stopped. */
export class HistoryKeeper {
  private readonly deps: HistoryDeps;
  private readonly complained = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  /** Writings of the whole picture that a snapshot was taken after. */
  private covered = 0;
  private expiredAt = 0;
  private failed = false;

  constructor(deps: HistoryDeps) {
    this.deps = deps;
  }

  /** Begins to look. */
  start(): void {
    this.deps.client.connect().catch(() => undefined);
    this.timer = setInterval(() => this.look(), this.deps.every ?? EVERY);
  }

  /** Looks now, unless it is about it. */
  look(): void {
    if (this.deps.client.status === "ready" && this.deps.rewrites() > 0) {
      this.working ??= this.work().finally(() => {
        this.working = undefined;
      });
    }
  }

  /** Ends; a snapshot under way is finished. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
    this.deps.client.disconnect();
  }

  private async work(): Promise<void> {
    try {
      await this.takeIfDue();
      await this.expireNowAndThen();
      this.failed = false;
    } catch (error) {
      if (!this.failed) {
        this.deps.logger.warn({ error: messageOf(error) }, "History cannot be kept now; trying again");
      }
      this.failed = true;
    }
  }

  private async takeIfDue(): Promise<void> {
    const { client, setting, rewrites, logger, now } = this.deps;
    const { newest } = await listedSnapshots(client, this.onRefused);
    // Asked after the waiting: what people set meanwhile holds.
    const { enabled, interval } = setting();
    const rewritten = rewrites();
    if (!enabled || !isSnapshotDue({ now: now(), newest, interval, rewritten: rewritten > this.covered })) {
      return;
    }
    const begun = performance.now();
    const taken = await takeSnapshot(client, { now, onRefused: this.onRefused });
    if (taken !== undefined) {
      this.covered = rewritten;
      const { at, bytes, head } = taken;
      const ms = Math.round(performance.now() - begun);
      logger.debug({ at, bytes, hosts: head.hosts, ms }, "A snapshot was taken");
    }
  }

  private async expireNowAndThen(): Promise<void> {
    const { client, setting, now } = this.deps;
    if (Math.abs(now() - this.expiredAt) >= EXPIRE_EVERY) {
      this.expiredAt = now();
      await expireSnapshots(client, { now: now(), expire: setting().expire, onRefused: this.onRefused });
    }
  }

  private readonly onRefused = ({ key }: Command, reason: string): void => {
    if (!this.complained.has(key)) {
      this.complained.add(key);
      this.deps.logger.warn({ key, reason }, "Redis key is not as DOTM left it; history goes on without it");
    }
  };
}
