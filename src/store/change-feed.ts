/** Follows `dotm::changes` for any number of listeners over one connection of its own. */
import { setTimeout as delay } from "node:timers/promises";
import type { ChangeEvent } from "../model/changes.ts";
import type { Command } from "./commands.ts";
import { keys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { orStoreError } from "./redis-errors.ts";
import { askOne } from "./run-commands.ts";
import { type StoreOptions, storeAddress } from "./store-place.ts";

/** One entry of the stream. */
export interface StreamedChange extends ChangeEvent {
  /** Id of the entry; later ones are greater. */
  readonly id: string;
  /** Unix seconds. */
  readonly at: number;
}

/** What a reader of changes may ask. */
export interface ChangeFollower {
  /** Calls back with what is new, oldest first, until the answer is called. */
  listen(listener: (changes: readonly StreamedChange[]) => void): () => void;
  /**
   * What was written after an entry, oldest first; undefined where that is not known any more, as the entry is older
   * than the stream or more than `MOST_MISSED` came since.
   * @throws DotmError DOTM_STORE_UNREACHABLE
   */
  since(id: string): Promise<readonly StreamedChange[] | undefined>;
}

/** Entries a listener that was away is told one by one; whoever missed more looks anew. */
export const MOST_MISSED = 1_000;

/** Milliseconds one reading waits for news: less than what counts as an outage of Redis. */
const BLOCK = 1_000;
const AT_ONCE = 500;
/** Milliseconds before a failed reading is tried again. */
const PAUSE = 500;

/** Connections of a feed: one that only waits for news, and any other to look back with. */
export interface FeedConnections {
  readonly waiting: RedisClient;
  readonly asking: RedisClient;
}

/** `start` follows the stream, `stop` ends it and the connection that waits. */
export class ChangeFeed implements ChangeFollower {
  private readonly connections: FeedConnections;
  private readonly address: string;
  private readonly listeners = new Set<(changes: readonly StreamedChange[]) => void>();
  private readonly ending = new AbortController();
  private following: Promise<void> | undefined;
  private last: string | undefined;

  constructor(connections: FeedConnections, options: StoreOptions) {
    this.connections = connections;
    this.address = storeAddress(options);
  }

  start(): void {
    this.connections.waiting.connect().catch(() => undefined);
    this.following ??= this.follow();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.connections.waiting.disconnect();
    await this.following;
  }

  listen(listener: (changes: readonly StreamedChange[]) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  async since(id: string): Promise<readonly StreamedChange[] | undefined> {
    if (!STREAM_ID.test(id)) {
      return undefined;
    }
    // The entry itself is asked for, too: where it is there, nothing after it is lost.
    const command: Command = {
      key: keys.changes,
      words: ["xrange", keys.changes, id, "+", "COUNT", MOST_MISSED + 2],
    };
    // A key that is somebody else's is told by who reads what is now.
    const asked = askOne(this.connections.asking, command, () => undefined);
    const entries = ((await orStoreError(asked, this.address)) ?? []) as readonly Entry[];
    const changes = entries.map(parseEntry);
    return changes[0]?.id === id && changes.length <= MOST_MISSED + 1 ? changes.slice(1) : undefined;
  }

  private async follow(): Promise<void> {
    while (!this.ending.signal.aborted) {
      try {
        const news = await this.read();
        if (news.length > 0) {
          this.last = news.at(-1)?.id ?? this.last;
          this.tell(news);
        }
      } catch {
        // The connection itself tells and ends outages; where it is back, what came meanwhile is read.
        await delay(PAUSE, undefined, { signal: this.ending.signal }).catch(() => undefined);
      }
    }
  }

  private async read(): Promise<StreamedChange[]> {
    const { waiting } = this.connections;
    if (this.last === undefined) {
      const [newest] = await waiting.xrevrange(keys.changes, "+", "-", "COUNT", 1);
      this.last = newest?.[0] ?? "0-0";
    }
    const found = await waiting.xread("COUNT", AT_ONCE, "BLOCK", BLOCK, "STREAMS", keys.changes, this.last);
    return (found?.[0]?.[1] ?? []).map(parseEntry);
  }

  private tell(changes: readonly StreamedChange[]): void {
    for (const listener of this.listeners) {
      listener(changes);
    }
  }
}

const STREAM_ID = /^\d{1,20}-\d{1,20}$/;

const KINDS: readonly ChangeEvent["kind"][] = ["state", "topology", "impact", "source", "alarm", "notes"];

type Entry = readonly [id: string, fields: readonly string[]];

function parseEntry([id, flat]: Entry): StreamedChange {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) {
    fields.set(flat[i] ?? "", flat[i + 1] ?? "");
  }
  const kind = KINDS.find((each) => each === fields.get("kind")) ?? "topology";
  const text = (name: string) => fields.get(name) ?? null;
  const at = Number(fields.get("at") ?? 0);
  return { id, at, kind, host: text("host") ?? "", subject: text("subject"), from: text("from"), to: text("to") };
}
