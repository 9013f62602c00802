/** Follows `dotm::observations` over a connection of its own: what other processes saw, as soon as they say so. */
import { setTimeout as delay } from "node:timers/promises";
import { isFault, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Command } from "./commands.ts";
import { keys } from "./keys.ts";
import { beginConnecting, type RedisClient } from "./redis.ts";
import { isOutage, replyError } from "./redis-errors.ts";
import { askOne } from "./run-commands.ts";

/** One entry: its fields. */
export type Observed = Readonly<Record<string, string>>;

/** What following needs. */
export interface FollowerOptions {
  /** Nobody else's: it waits in Redis most of the time. Connected and disconnected here. */
  readonly client: RedisClient;
  readonly onObserved: (entries: readonly Observed[]) => void;
  /** Called where entries were trimmed before they were read, or where some may have been missed. */
  readonly onMissed: () => void;
  readonly logger: Logger;
}

/** Entries read at once. */
const AT_ONCE = 1_000;
/** Milliseconds Redis is asked to wait for news: well below what counts as an outage. */
const BLOCK = 1_000;
/** Milliseconds between two attempts. */
const PAUSE = 500;

type Entry = readonly [id: string, fields: readonly string[]];

/** The follower; begins with what is appended after `start`. */
export class ObservationFollower {
  readonly #options: FollowerOptions;
  #last: string | undefined;
  readonly #end = new AbortController();
  #running: Promise<void> | undefined;
  #fault: string | null = null;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Begins to follow; resolves when everything appended from now on will be told, or Redis is away. */
  async start(): Promise<void> {
    await beginConnecting(this.#options.client);
    await this.#find().catch(() => undefined);
    this.#running = this.#follow();
  }

  /** Why nothing can be followed though Redis answers, with the next step; null where all is well. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Ends following. */
  async stop(): Promise<void> {
    this.#end.abort();
    this.#options.client.disconnect();
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { onMissed } = this.#options;
    const { signal } = this.#end;
    let failed = this.#last === undefined;
    while (!signal.aborted) {
      try {
        if (failed || this.#last === undefined) {
          await this.#find();
          failed = false;
          onMissed();
        }
        await this.#read();
        this.#fault = null;
      } catch (error) {
        failed = true;
        this.#note(error);
        await delay(PAUSE, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** An outage is told by others; what is left is a key that holds something else, which no waiting mends. */
  #note(error: unknown): void {
    const { client, logger } = this.#options;
    if (isFault(error)) {
      logger.error({ stack: error.stack }, "What other processes see cannot be followed, by a fault of DOTM");
      return;
    }
    if (client.status !== "ready" || isOutage(error) || this.#fault !== null) {
      return;
    }
    const [key, reason] = [keys.observations, messageOf(error)];
    const next = `Look at it (redis-cli type ${key}); if nobody needs it: redis-cli del ${key}`;
    this.#fault = `${key} in Redis is not as DOTM left it (${reason}): what other processes see goes unnoticed. ${next}`;
    logger.warn({ key, reason, next }, "What other processes see cannot be followed");
  }

  /** Where to begin; where something was read before, there. */
  async #find(): Promise<void> {
    const [newest] = await this.#ask("xrevrange", keys.observations, "+", "-", "COUNT", 1);
    const found = (newest as Entry | undefined)?.[0] ?? "0-0";
    // Another server may count on from less than the last one told: what it appends would not be read.
    this.#last = this.#last === undefined || isAfter(this.#last, found) ? found : this.#last;
  }

  async #read(): Promise<void> {
    const last = this.#last ?? "$";
    const answer = await this.#ask("xread", "COUNT", AT_ONCE, "BLOCK", BLOCK, "STREAMS", keys.observations, last);
    const entries = ((answer[0] as readonly [string, readonly Entry[]] | undefined) ?? ["", []])[1];
    const newest = entries.at(-1);
    if (newest === undefined || this.#end.signal.aborted) {
      return;
    }
    this.#last = newest[0];
    this.#options.onObserved(entries.map(([, fields]) => fieldsOf(fields)));
    if (entries.length === AT_ONCE) {
      await this.#lookBack(last);
    }
  }

  /** Far behind: what came right after the last entry may have been trimmed. */
  async #lookBack(last: string): Promise<void> {
    const [oldest] = await this.#ask("xrange", keys.observations, "-", "+", "COUNT", 1);
    const first = (oldest as Entry | undefined)?.[0];
    if (first !== undefined && isAfter(first, last)) {
      this.#options.onMissed();
    }
  }

  async #ask(...words: readonly [string, ...(string | number)[]]): Promise<readonly unknown[]> {
    const refused = (_: Command, reason: string): never => {
      throw replyError(reason);
    };
    const answer = await askOne(this.#options.client, { key: keys.observations, words }, refused);
    return Array.isArray(answer) ? answer : [];
  }
}

function fieldsOf(flat: readonly string[]): Observed {
  const fields: Record<string, string> = {};
  for (let at = 0; at + 1 < flat.length; at += 2) {
    fields[flat[at] ?? ""] = flat[at + 1] ?? "";
  }
  return fields;
}

function isAfter(a: string, b: string): boolean {
  const [timeA = 0, countA = 0] = a.split("-").map(Number);
  const [timeB = 0, countB = 0] = b.split("-").map(Number);
  return timeA > timeB || (timeA === timeB && countA > countB);
}
