/**
 * Reads the past: the list of snapshots, and the picture as it was stored at a moment. That is the last snapshot before it
 * with what was written from there up to the moment; where some of that is missing, as far as it leads.
 */
import { LRUCache } from "lru-cache";
import { DotmError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Settings } from "../model/settings.ts";
import type { Command } from "./commands.ts";
import { FewAtOnce } from "./few-at-once.ts";
import { type SnapshotHead, snapshotHead, snapshotLines } from "./history-codec.ts";
import { HEAD_BYTES, listedSnapshots, sizesOf } from "./history-expire.ts";
import { replay } from "./history-replay.ts";
import { keys } from "./keys.ts";
import { bytesCommand, bytesFrom } from "./long-values.ts";
import type { MapReader } from "./map-reader.ts";
import { PastMapReader } from "./past-map-reader.ts";
import { PastPicture } from "./past-picture.ts";
import type { RedisClient } from "./redis.ts";
import { foreignKey, orStoreError } from "./redis-errors.ts";
import { askCommands, askOne } from "./run-commands.ts";
import { type StoreOptions, storeAddress } from "./store-place.ts";

/** One snapshot as the list shows it. */
export interface SnapshotInfo {
  /** Unix seconds. */
  readonly at: number;
  /** Bytes in Redis. */
  readonly bytes: number;
  readonly hosts: number;
  readonly problems: number;
  /** Why it cannot be read, null where it can. */
  readonly fault: string | null;
}

/** The picture at a moment. */
export interface Past {
  readonly reader: MapReader;
  /** The moment asked for, Unix seconds. */
  readonly at: number;
  /** Unix seconds of what is shown: `at` where it is exact, else of the last that is known before. */
  readonly asOf: number;
  /** Whether it is what was stored then, to the last value. */
  readonly exact: boolean;
}

/** What pages and commands ask of the past. */
export interface History {
  /** The snapshots, oldest first. */
  list(): Promise<readonly SnapshotInfo[]>;
  /**
   * The picture at a moment; a whole second means its end.
   * @throws DotmError DOTM_NOT_FOUND where nothing is known of that time, DOTM_USAGE where it has not come yet,
   *   DOTM_BUSY where too many pictures are being brought back
   */
  at(moment: number): Promise<Past>;
}

/** Pictures kept, as one person looks at one from several sides. */
const KEPT = 3;

/** Pictures brought back at a time, as each is a whole site in memory, and those who wait for theirs. */
const AT_ONCE = 2;
const MOST_WAITING = 40;

/** Seconds after which no writing from before a moment is under way any more. */
const SETTLED = 10;

/** Bytes of a snapshot: it inflates to 1 GiB at most, which is four times as many even where it is hard to compress. */
const LONGEST_SNAPSHOT = 256 << 20;

/** Snapshots tried where the last ones before a moment cannot be read. */
const MOST_TRIED = 5;

/** Reads over one connection. */
export class HistoryReader implements History {
  private readonly client: RedisClient;
  private readonly address: string;
  private readonly logger: Logger;
  private readonly now: () => number;
  private readonly settings: () => Promise<Settings>;
  private readonly pictures = new LRUCache<number, Promise<Past>>({ max: KEPT });
  private readonly turns = new FewAtOnce(AT_ONCE, MOST_WAITING);

  constructor(
    client: RedisClient,
    options: StoreOptions,
    around: { readonly logger: Logger; readonly now: () => number; readonly settings: () => Promise<Settings> },
  ) {
    this.client = client;
    this.address = storeAddress(options);
    this.logger = around.logger;
    this.now = around.now;
    this.settings = around.settings;
  }

  list(): Promise<readonly SnapshotInfo[]> {
    return orStoreError(this.readList(), this.address);
  }

  at(moment: number): Promise<Past> {
    const cut = Number.isInteger(moment) ? moment * 1000 + 999 : Math.floor(moment * 1000);
    const known = this.pictures.get(cut);
    if (known !== undefined) {
      return known;
    }
    const asked = this.turns.run(() => orStoreError(this.restore(moment, cut), this.address));
    if (cut / 1000 < this.now() - SETTLED) {
      this.pictures.set(cut, asked);
      asked.catch(() => this.pictures.delete(cut));
    }
    return asked;
  }

  private async readList(): Promise<readonly SnapshotInfo[]> {
    const times = await this.times();
    const sizes = await sizesOf(this.client, times, this.onRefused);
    const heads = times.map((at): Command => {
      const key = keys.snapshot(at);
      return { key, words: ["getrange", key, 0, HEAD_BYTES - 1] };
    });
    const rows: SnapshotInfo[] = [];
    for await (const answer of askCommands(this.client, heads, this.onRefused)) {
      const at = times[rows.length] ?? 0;
      const head = snapshotHead(Buffer.from(String(answer ?? "")));
      rows.push(infoOf(at, sizes.get(at) ?? 0, head));
    }
    return rows;
  }

  /** @throws DotmError DOTM_STORE_FAILED where the list is somebody else's: that nothing is known would be no answer */
  private async times(): Promise<readonly number[]> {
    let told = "";
    const { times, isForeign } = await listedSnapshots(this.client, (command, reason) => {
      told = reason;
      this.onRefused(command, reason);
    });
    if (isForeign) {
      throw foreignKey({ key: keys.history }, told);
    }
    return times;
  }

  private async restore(moment: number, cut: number): Promise<Past> {
    if (moment > this.now() + 1) {
      throw new DotmError("DOTM_USAGE", `${isoOf(moment)} has not come yet.`, "Ask for a time that is over.");
    }
    const times = await this.times();
    const before = times.filter((at) => at * 1000 <= cut);
    for (const at of before.reverse().slice(0, MOST_TRIED)) {
      const restored = await this.from(at, moment, cut);
      if (restored !== undefined) {
        return restored;
      }
    }
    throw await this.nothingKnown(moment, times, before);
  }

  /** The picture from one snapshot on; undefined where that cannot be read, or was taken later in the same second. */
  private async from(snapshot: number, moment: number, cut: number): Promise<Past | undefined> {
    const key = keys.snapshot(snapshot);
    const answer = await askOne(this.client, bytesCommand(key, LONGEST_SNAPSHOT), this.onRefused);
    const bytes = bytesFrom(answer, key, LONGEST_SNAPSHOT, this.onRefused);
    const head = bytes === undefined ? undefined : snapshotHead(bytes);
    const lines = bytes === undefined || head === undefined ? undefined : await snapshotLines(bytes);
    if (head === undefined || lines === undefined) {
      const isThere = answer instanceof Buffer && answer.length > 0;
      const reason = isThere ? "it is not what DOTM writes" : "it is in the list but not there";
      this.logger.warn({ key, reason }, "A snapshot cannot be read; the one before it is taken");
      return undefined;
    }
    if (head.at * 1000 > cut) {
      return undefined;
    }
    const picture = new PastPicture(lines);
    const { exact, last } = await replay(this.client, picture, head, cut, this.onRefused);
    const asOf = exact ? moment : Math.floor(Math.max(head.at, last / 1000));
    const revision = { id: `${snapshot}-${exact ? cut : last}`, at: asOf };
    return { reader: new PastMapReader(picture, { settings: this.settings, revision }), at: moment, asOf, exact };
  }

  private async nothingKnown(moment: number, times: readonly number[], before: readonly number[]): Promise<DotmError> {
    const { history } = await this.settings();
    if (times.length === 0) {
      return history.enabled
        ? notFound("No snapshot has been taken yet.", `One is taken every ${history.interval} s while DOTM runs.`)
        : notFound("History is switched off.", "dotm settings set history enabled 1");
    }
    return before.length > 0
      ? notFound(`The snapshots before ${isoOf(moment)} cannot be read.`, "dotm history list")
      : notFound(
          `Nothing is known of ${isoOf(moment)}: history begins at ${isoOf(times[0] ?? 0)}.`,
          "dotm history list",
        );
  }

  private readonly onRefused = ({ key }: Command, reason: string): void => {
    this.logger.warn({ key, reason }, "Redis key is not as DOTM left it; skipped");
  };
}

function infoOf(at: number, bytes: number, head: SnapshotHead | undefined): SnapshotInfo {
  if (head === undefined) {
    const fault = bytes === 0 ? "it is being written, or was lost" : "it is not what DOTM writes";
    return { at, bytes, hosts: 0, problems: 0, fault };
  }
  return { at, bytes, hosts: head.hosts, problems: head.problems, fault: null };
}

function notFound(message: string, next: string): DotmError {
  return new DotmError("DOTM_NOT_FOUND", message, next);
}

/** A time for people, to the second. */
function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString().replace(/\.\d{3}Z$/, "Z");
}
