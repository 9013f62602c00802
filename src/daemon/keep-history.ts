/** Takes snapshots when they are due, and removes those whose time is over, or for which there is no room. */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { isFuture } from "../model/set-back.ts";
import type { Settings } from "../model/settings.ts";
import type { Command } from "../store/commands.ts";
import { isSnapshotDue } from "../store/history-due.ts";
import { expireSnapshots, giveUpHalf, listedSnapshots } from "../store/history-expire.ts";
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
  /** Whether the clock can be trusted so far that old snapshots are removed; it can unless said otherwise. */
  readonly isTrusted?: () => boolean;
  /** Whether the picture cannot be written as the store has no memory left; it can unless said otherwise. */
  readonly isFull?: () => boolean;
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
  private lookedAt = 0;
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
    if (this.deps.client.status === "ready" && (this.deps.rewrites() > 0 || this.isFull)) {
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
      if (this.isFull) {
        await this.makeRoom();
      } else {
        await this.takeIfDue();
        await this.expireNowAndThen();
      }
      this.failed = false;
    } catch (error) {
      if (!this.failed) {
        this.deps.logger.warn({ error: messageOf(error) }, "History cannot be kept now; trying again");
      }
      this.failed = true;
    }
  }

  private get isFull(): boolean {
    return this.deps.isFull?.() ?? false;
  }

  private async makeRoom(): Promise<void> {
    const gone = await giveUpHalf(this.deps.client, this.onRefused);
    const message = "Redis has no memory left (maxmemory): the older half of the history is given up to make room";
    this.deps.logger.warn({ snapshots: gone.length }, message);
  }

  private async takeIfDue(): Promise<void> {
    const { client, setting, rewrites, logger, now } = this.deps;
    const { newest } = await listedSnapshots(client, this.onRefused);
    // Asked after the waiting: what people set meanwhile holds.
    const { enabled, interval } = setting();
    const rewritten = rewrites();
    const at = now();
    // What the log holds from before a clock was set back is yet to come: nothing leads past it but a new snapshot.
    const wasSetBack = isFuture(this.lookedAt, at);
    if (
      !enabled ||
      !(wasSetBack || isSnapshotDue({ now: at, newest, interval, rewritten: rewritten > this.covered }))
    ) {
      this.lookedAt = at;
      return;
    }
    const begun = performance.now();
    const taken = await takeSnapshot(client, { now, onRefused: this.onRefused });
    if (taken !== undefined) {
      this.covered = rewritten;
      this.lookedAt = at;
      const { bytes, head } = taken;
      const ms = Math.round(performance.now() - begun);
      logger.debug({ at: taken.at, bytes, hosts: head.hosts, ms }, "A snapshot was taken");
    }
  }

  private async expireNowAndThen(): Promise<void> {
    const { client, setting, now, isTrusted = () => true } = this.deps;
    if (isTrusted() && Math.abs(now() - this.expiredAt) >= EXPIRE_EVERY) {
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
