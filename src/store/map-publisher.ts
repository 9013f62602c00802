/**
 * Keeps the stored picture equal to the engine's: takes what each turn changed, holds it merged while Redis is away, and
 * writes the whole picture anew where Redis comes back without what was written before.
 */
import { randomUUID } from "node:crypto";
import { DotmError, isFault, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Changes } from "../model/changes.ts";
import { ChangesSum } from "../model/changes-sum.ts";
import type { Fence } from "./fenced-batch.ts";
import { HistoryLog } from "./history-log.ts";
import { MapWriter } from "./map-writer.ts";
import { type RedisClient, serverRunId } from "./redis.ts";

/** What the publisher needs of the daemon. */
export interface PublisherOptions {
  readonly client: RedisClient;
  /** The whole present picture as changes from nothing. Nothing is published while it is gathered. */
  readonly everything: () => ChangesSum | Promise<ChangesSum>;
  /** Told after the whole picture was written: what else was kept in this store may be gone, too. */
  readonly rewritten?: () => void;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** The lease of the one who writes; absent where nobody else can be there. */
  readonly lease?: WritingLease;
  /** Milliseconds between two signs of life, 5,000 unless said otherwise. */
  readonly beatInterval?: number;
  /** Whether the past is kept; it is not unless said otherwise. */
  readonly history?: () => boolean;
}

/** What the publisher knows of the lease. */
export interface WritingLease {
  readonly fence: Fence;
  /** Whether this process may write now. */
  readonly mayWrite: () => boolean;
  /** Told that Redis knows of another holder. */
  readonly onLost: () => void;
}

/** How the publisher is. */
export interface PublisherStatus {
  readonly connected: boolean;
  /** Things changed but not yet in Redis. */
  readonly pendingKeys: number;
  /** Unix seconds, 0 before the first time. */
  readonly lastWrittenAt: number;
  /** Why the last attempt failed, null where it did not. */
  readonly error: string | null;
}

/** Milliseconds before the attempts after a failed one. */
const BACKOFF = [100, 500, 1_000, 2_000, 5_000, 10_000] as const;
const BEAT_INTERVAL = 5_000;

/** Seconds between two renewals of what expires after an hour. */
const RENEW_INTERVAL = 900;

/** Publishes the engine's changes. `start` begins, `stop` writes what is pending if Redis is there, and ends. */
export class MapPublisher {
  /** How often the whole picture was written: at the start, after a flush. */
  rewrites = 0;
  private readonly options: PublisherOptions;
  private readonly writer: MapWriter;
  private readonly id = randomUUID();
  private pending: ChangesSum | undefined;
  /** What is being written now. */
  private taken: Changes | undefined;
  /** Whether what is pending is the whole picture already, of which the writing failed. */
  private isWhole = false;
  private working: Promise<void> | undefined;
  /** The mark we left with the whole picture; undefined until that is in this Redis. */
  private mark: string | undefined;
  /** True while it must be asked whether Redis is still the one we wrote to. */
  private suspect = true;
  private failures = 0;
  private lastWrittenAt = 0;
  private lastRenewedAt = 0;
  private error: string | null = null;
  private retry: NodeJS.Timeout | undefined;
  private beat: NodeJS.Timeout | undefined;
  private started = false;
  private stopped = false;

  constructor(options: PublisherOptions) {
    this.options = options;
    const { client, logger, now, history, lease } = options;
    const fence = lease?.fence;
    const log = history === undefined ? undefined : new HistoryLog(client, { now, enabled: history, fence });
    this.writer = new MapWriter(client, logger, { fence, history: log });
  }

  /** Begins to publish; what was taken before is written now. */
  start(): void {
    const { client, beatInterval } = this.options;
    this.started = true;
    client.on("close", this.onClose);
    client.on("ready", this.onReady);
    this.beat = setInterval(() => this.check(), beatInterval ?? BEAT_INTERVAL);
    this.work();
  }

  /** Takes what a turn changed. Never waits, never throws. */
  publish(changes: Changes): void {
    this.pending ??= new ChangesSum(changes.at);
    this.pending.add(changes);
    this.work();
  }

  /** Resolves when everything taken so far is in Redis, or the attempt to write it has failed. */
  async settled(): Promise<void> {
    while (this.working !== undefined) {
      await this.working;
    }
  }

  /** How it stands. */
  status(): PublisherStatus {
    return {
      connected: this.connected(),
      pendingKeys: countOf(this.pending?.changes) + countOf(this.taken),
      lastWrittenAt: this.lastWrittenAt,
      error: this.error,
    };
  }

  /** Writes what is pending if that can be done now, and ends. */
  async stop(): Promise<void> {
    clearInterval(this.beat);
    await this.settled();
    this.work();
    await this.settled();
    this.stopped = true;
    clearTimeout(this.retry);
    this.options.client.off("close", this.onClose);
    this.options.client.off("ready", this.onReady);
  }

  private readonly onClose = (): void => {
    this.suspect = true;
  };

  private readonly onReady = (): void => {
    this.failures = 0;
    this.work();
  };

  /** The lease is ours again: goes on. */
  resume(): void {
    this.suspect = true;
    this.work();
  }

  /** Writes the whole picture anew. */
  rewrite(): void {
    this.mark = undefined;
    this.suspect = true;
    this.pending ??= new ChangesSum(this.options.now());
    this.work();
  }

  private mayWrite(): boolean {
    return this.options.lease?.mayWrite() ?? true;
  }

  private connected(): boolean {
    return this.options.client.status === "ready";
  }

  /** Starts writing unless that is going on, there is nothing to write, or Redis is away. */
  private work(): void {
    if (this.pending !== undefined) {
      this.run(() => this.writePending());
    }
  }

  /** A sign of life, and now and then a look whether everything is still there. */
  private check(): void {
    if (this.connected() && this.mayWrite()) {
      this.work();
      this.writer.signLife(this.options.now()).catch(() => this.onClose());
      if (this.error === null) {
        this.run(() => this.verify());
      }
    }
  }

  private run(task: () => Promise<void>): void {
    if (this.working !== undefined || !this.started || this.stopped || !this.connected() || !this.mayWrite()) {
      return;
    }
    clearTimeout(this.retry);
    this.working = this.attempt(task).finally(() => {
      this.working = undefined;
      this.goOn();
    });
  }

  private goOn(): void {
    if (this.error === null) {
      this.work();
    } else if (!this.stopped) {
      const delay = BACKOFF[Math.min(this.failures, BACKOFF.length) - 1] ?? BACKOFF[0];
      this.retry = setTimeout(() => this.run(() => this.again()), delay);
    }
  }

  private async attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
      this.succeeded();
    } catch (error) {
      this.failed(error);
      if (error instanceof DotmError && error.code === "DOTM_LEASE_LOST") {
        this.options.lease?.onLost();
      }
    }
  }

  private succeeded(): void {
    if (this.error !== null) {
      this.options.logger.info({}, "The map is written again");
    }
    this.error = null;
    this.failures = 0;
  }

  private failed(error: unknown): void {
    const reason = messageOf(error);
    if (this.error === null) {
      const stack = isFault(error) ? error.stack : undefined;
      this.options.logger.warn({ reason, stack }, "The map cannot be written; changes are kept until it can");
    }
    this.error = reason;
    this.failures += 1;
    this.suspect = true;
  }

  private again(): Promise<void> {
    return this.pending === undefined ? this.verify() : this.writePending();
  }

  private async writePending(): Promise<void> {
    const taken = this.pending?.changes;
    if (taken === undefined) {
      return;
    }
    this.pending = undefined;
    this.taken = taken;
    try {
      await this.bring(taken);
      this.lastWrittenAt = this.options.now();
    } catch (error) {
      this.pending ??= new ChangesSum(taken.at);
      this.pending.addEarlier(this.taken ?? taken);
      throw error;
    } finally {
      this.taken = undefined;
    }
  }

  private async bring(changes: Changes): Promise<void> {
    const { now } = this.options;
    const mark = this.suspect ? await this.presentMark() : this.mark;
    if (this.suspect && (this.mark !== mark || !(await this.isMarked(mark)))) {
      this.mark = undefined;
    }
    this.suspect = false;
    if (this.mark !== undefined) {
      await this.writer.write(changes);
      return;
    }
    await this.writer.rewrite(this.isWhole ? changes : await this.wholeAfter(changes));
    this.isWhole = false;
    await this.writer.mark(mark ?? this.id);
    await this.writer.signLife(now());
    this.mark = mark;
    this.rewrites += 1;
    this.lastRenewedAt = now();
    this.options.rewritten?.();
  }

  /** The whole picture. What was told is gone until then must go even from the keys that a rewrite leaves alone. */
  private async wholeAfter(changes: Changes): Promise<Changes> {
    const earlier = this.pending ?? new ChangesSum(changes.at);
    earlier.addEarlier(changes);
    this.pending = undefined;
    this.taken = earlier.changes;
    const whole = await this.options.everything();
    whole.addEarlier(earlier.changes);
    this.taken = whole.changes;
    this.isWhole = true;
    return this.taken;
  }

  private async isMarked(mark: string | undefined): Promise<boolean> {
    const found = await this.writer.readMark();
    return found === mark || found === undefined;
  }

  private async presentMark(): Promise<string> {
    return `${this.id} ${await serverRunId(this.options.client)}`;
  }

  /**
   * Asks for a rewrite where our mark or something that should not have expired is gone, or where other processes serve
   * Redis now: in a cluster one of many can be replaced without a word.
   */
  private async verify(): Promise<void> {
    const { now } = this.options;
    const present =
      this.mark === undefined || ((await this.writer.readMark()) !== null && (await this.presentMark()) === this.mark);
    // Either way: after a clock was set back the last renewal may lie in the future.
    const due = this.mark !== undefined && Math.abs(now() - this.lastRenewedAt) >= RENEW_INTERVAL;
    if (due) {
      this.lastRenewedAt = now();
    }
    if (!present || (due && !(await this.writer.renew()))) {
      this.options.logger.warn({}, "The store has lost keys or is another one; the map is written anew");
      this.mark = undefined;
      this.suspect = true;
      this.pending ??= new ChangesSum(now());
    }
  }
}

function countOf(changes: Changes | undefined): number {
  if (changes === undefined) {
    return 0;
  }
  const { events, at: _, ...parts } = changes;
  return Object.values(parts).reduce((sum, part) => sum + part.size, events.length);
}
