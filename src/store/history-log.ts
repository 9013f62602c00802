/**
 * Keeps `dotm::history::log`: what every writing changed in the picture. It remembers the values written last, compressed,
 * to tell what differs; its entries are numbered, so that readers notice one that is missing.
 */
import { randomUUID } from "node:crypto";
import type { Changes } from "../model/changes.ts";
import { type Difference, differenceOf, type Json } from "../model/json-difference.ts";
import { appendTo, type Word } from "./commands.ts";
import type { Fence } from "./fenced-batch.ts";
import { type Differences, packEntry, packText, unpackText } from "./history-codec.ts";
import { type HistoryKind, type HistoryValue, historyValues } from "./history-kinds.ts";
import { ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { type OnRefused, runCommands } from "./run-commands.ts";
import { TimeSlices } from "./time-slices.ts";

/** What the log needs. */
export interface HistoryLogOptions {
  /** Unix seconds, with fractions. */
  readonly now: () => number;
  /** Whether history is kept at all. */
  readonly enabled: () => boolean;
  /** Nothing is noted once another writer holds the lease. */
  readonly fence?: Fence | undefined;
}

/** Entries at most, whatever their size; `expireSnapshots` sees to the bytes. */
const MOST_ENTRIES = 500_000;

/** Bytes of one entry; a larger one is not worth its place, and is told of as missing. */
const LARGEST_ENTRY = 16 * 1024 * 1024;

/** The log of one writer. */
export class HistoryLog {
  private readonly client: RedisClient;
  private readonly options: HistoryLogOptions;
  private readonly writer = randomUUID().slice(0, 8);
  private readonly kept = new Map<string, Buffer>();
  private n = 0;
  /** True until the log says that the picture was written anew. */
  private isNew = true;
  /** Whether history is off and the log says so. */
  private isClosed = false;

  constructor(client: RedisClient, options: HistoryLogOptions) {
    this.client = client;
    this.options = options;
  }

  /** Notes what was just written; rejects where Redis cannot be used, and is then told the same again. */
  async append(changes: Changes, onRefused: OnRefused): Promise<void> {
    if (!this.options.enabled()) {
      await this.close(onRefused);
      return;
    }
    if (this.isNew) {
      await this.startAnew(onRefused);
    }
    const packed = new Map<string, Buffer | undefined>();
    const differences = await this.difference(changes, packed);
    if (packed.size === 0) {
      return;
    }
    const bytes = await packEntry(differences);
    const added = bytes.length <= LARGEST_ENTRY && (await this.add(["z", bytes], onRefused));
    if (!added) {
      this.n += 1;
    }
    for (const [name, text] of packed) {
      if (text === undefined) {
        this.kept.delete(name);
      } else {
        this.kept.set(name, text);
      }
    }
  }

  /** Notes that the whole picture was written anew: what was before leads not to what comes; and whether anything comes. */
  async startAnew(onRefused: OnRefused): Promise<void> {
    this.forget();
    const isOff = !this.options.enabled();
    const added = await this.add([isOff ? "off" : "new", 1], onRefused);
    this.isNew = !added;
    this.isClosed = added && isOff;
  }

  /** Notes once that entries end here: the picture goes on without, and the last of them must not pass for all there was. */
  private async close(onRefused: OnRefused): Promise<void> {
    if (!this.isClosed) {
      await this.startAnew(onRefused);
    }
    this.forget();
  }

  private forget(): void {
    this.kept.clear();
    this.isNew = true;
  }

  private async add(content: readonly Word[], onRefused: OnRefused): Promise<boolean> {
    const at = Math.floor(this.options.now() * 1000);
    const fields = ["at", at, "writer", this.writer, "n", this.n + 1, ...content];
    const command = appendTo(ownKeys.historyLog, fields, MOST_ENTRIES);
    let refused = false;
    const note: OnRefused = (...told) => {
      refused = true;
      onRefused(...told);
    };
    await runCommands(this.client, [command], note, this.options.fence);
    this.n += refused ? 0 : 1;
    return !refused;
  }

  /** What the changes change, by kind and name; `packed` gets the new values, undefined where one is gone. */
  private async difference(changes: Changes, packed: Map<string, Buffer | undefined>): Promise<Differences> {
    const all = new Map<HistoryKind, Map<string, Difference>>();
    const slices = new TimeSlices();
    for (const value of historyValues(changes)) {
      const difference = this.differenceOf(value, packed);
      if (difference !== undefined) {
        const ofKind = all.get(value.kind) ?? new Map<string, Difference>();
        all.set(value.kind, ofKind.set(value.name, difference));
      }
      if (slices.isOver) {
        await slices.next();
      }
    }
    return Object.fromEntries([...all].map(([kind, names]) => [kind, Object.fromEntries(names)]));
  }

  private differenceOf(value: HistoryValue, packed: Map<string, Buffer | undefined>): Difference | undefined {
    const { kind, name, text } = value;
    const key = `${kind}\t${name}`;
    const known = this.kept.get(key);
    const before = known === undefined ? undefined : unpackText(known);
    if (text !== undefined && text === before) {
      return undefined;
    }
    packed.set(key, text === undefined ? undefined : packText(text));
    if (text === undefined) {
      return 0;
    }
    const after = JSON.parse(text) as Json;
    return differenceOf(before === undefined ? undefined : (JSON.parse(before) as Json), after);
  }
}
