/**
 * `dotm::pushes`: pushed states on their way from the process that acknowledged them to the engine that leads. An entry stays
 * until the states it tells are kept elsewhere.
 */

import { observationCommand } from "./change-commands.ts";
import { type Command, setText, type Word, writeHash } from "./commands.ts";
import type { Fence } from "./fenced-batch.ts";
import { ownKeys } from "./keys.ts";
import { shortKeys, textFrom } from "./long-values.ts";
import type { RedisClient } from "./redis.ts";
import { refuseForeign } from "./redis-errors.ts";
import { askOne, runCommands } from "./run-commands.ts";
import { readHash } from "./whole-hashes.ts";

/** A push that was acknowledged. */
export interface AcknowledgedPush {
  readonly source: string;
  readonly format: "events" | "alertmanager";
  /** The body as it came. */
  readonly text: string;
  /** Unix seconds when it was acknowledged. */
  readonly at: number;
  /** The journal that holds it, and its place there: what tells it from all others. */
  readonly journal: string;
  readonly position: number;
}

/** An entry, and what it says; undefined where that is no push. */
export interface ListedPush {
  readonly push: AcknowledgedPush | undefined;
}

/** Entries read at once. */
const AT_ONCE = 100;
/** Entries that may wait; more stay in the journals of those who took them. */
const MOST_WAITING = 10_000;

/** Journals of which it is known how far they were taken in: one for each process and data folder there ever was. */
const MOST_JOURNALS = 100_000;

/** Bytes of all states of a source: just below what Redis keeps as one value, which is as much as they can be. */
const LONGEST_COPY = 500 << 20;

/** The list. All methods reject where Redis is away. */
export class PushList {
  readonly #client: RedisClient;
  readonly #fence: Fence | undefined;

  /** `fence` for the engine that leads: once another does, nothing is taken off. */
  constructor(client: RedisClient, fence?: Fence) {
    this.#client = client;
    this.#fence = fence;
  }

  /** Appends a push and tells the engine; false where too many wait. */
  async add(push: AcknowledgedPush): Promise<boolean> {
    const waiting = await this.#ask(ownKeys.pushes, "llen", ownKeys.pushes);
    if (Number(waiting) >= MOST_WAITING) {
      return false;
    }
    await this.#ask(ownKeys.pushes, "rpush", ownKeys.pushes, JSON.stringify(push));
    await runCommands(this.#client, [observationCommand({ kind: "push" })], refuseForeign);
    return true;
  }

  /** The oldest entries, those that were taken off before left out as undefined. */
  async next(): Promise<ListedPush[]> {
    const texts = (await this.#ask(ownKeys.pushes, "lrange", ownKeys.pushes, 0, AT_ONCE - 1)) as string[] | undefined;
    const done = await readHash(this.#client, ownKeys.pushesDone, MOST_JOURNALS, refuseForeign);
    return (texts ?? []).map((text) => {
      const push = pushFrom(text);
      const isNew = push !== undefined && push.position > Number(done[push.journal] ?? -1);
      return { push: isNew ? push : undefined };
    });
  }

  /** Takes the oldest entries off, as what they tell is kept. */
  async done(entries: readonly ListedPush[]): Promise<void> {
    const positions = new Map<string, number>();
    for (const { push } of entries) {
      if (push !== undefined) {
        positions.set(push.journal, Math.max(push.position, positions.get(push.journal) ?? 0));
      }
    }
    const trim: Command = { key: ownKeys.pushes, words: ["ltrim", ownKeys.pushes, entries.length, -1] };
    await runCommands(
      this.#client,
      [...writeHash(ownKeys.pushesDone, [...positions]), trim],
      refuseForeign,
      this.#fence,
    );
  }

  /** Keeps all states of a source as a text, for the next leader. */
  async keep(source: string, text: string): Promise<void> {
    await runCommands(this.#client, [setText(ownKeys.pushed(source), text)], refuseForeign, this.#fence);
  }

  /** What was kept of a source last; undefined where nothing was. @throws where it has more than `longest` bytes */
  async kept(source: string, longest = LONGEST_COPY): Promise<string | undefined> {
    const key = ownKeys.pushed(source);
    await shortKeys(this.#client, [key], { type: "string", most: longest }, refuseForeign);
    return textFrom(await this.#ask(key, "get", key));
  }

  async #ask(key: string, name: string, ...args: Word[]): Promise<unknown> {
    return await askOne(this.#client, { key, words: [name, ...args] }, refuseForeign);
  }
}

function pushFrom(text: string): AcknowledgedPush | undefined {
  try {
    const { source, format, text: body, at, journal, position } = JSON.parse(text) as Partial<AcknowledgedPush>;
    const told = typeof source === "string" && typeof body === "string" && typeof journal === "string";
    if (!told || (format !== "events" && format !== "alertmanager")) {
      return undefined;
    }
    return { source, format, text: body, at: Number(at), journal, position: Number(position) };
  } catch {
    return undefined;
  }
}
