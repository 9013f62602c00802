/** Reads `dotm::history::log` entry by entry. */
import type { Command } from "./commands.ts";
import type { LogPlace } from "./history-codec.ts";
import { ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { askOne, type OnRefused } from "./run-commands.ts";

/** One entry; `content` undefined where the whole picture was written anew. */
export interface HistoryEntry extends LogPlace {
  /** Unix milliseconds when it was written. */
  readonly at: number;
  readonly content: Buffer | undefined;
  /** Whether history was off from there on: changes that followed are not in the log. */
  readonly isEnd: boolean;
}

/** Entries asked for at once. */
const AT_ONCE = 200;

/** The entries from an id on, that one included, in their order. */
export async function* entriesFrom(
  client: RedisClient,
  id: string,
  onRefused: OnRefused,
): AsyncGenerator<HistoryEntry, void, void> {
  let from = id;
  for (;;) {
    const entries = await ask(client, ["xrangeBuffer", ownKeys.historyLog, from, "+", "COUNT", AT_ONCE], onRefused);
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < AT_ONCE) {
      return;
    }
    from = `(${last.id}`;
  }
}

/** The newest entry; undefined where there is none. */
export async function lastEntry(client: RedisClient, onRefused: OnRefused): Promise<HistoryEntry | undefined> {
  const command: Command = { key: ownKeys.historyLog, words: ["xrevrange", ownKeys.historyLog, "+", "-", "COUNT", 1] };
  return entriesOf(await askOne(client, command, onRefused))[0];
}

async function ask(client: RedisClient, words: Command["words"], onRefused: OnRefused): Promise<HistoryEntry[]> {
  return entriesOf(await askOne(client, { key: ownKeys.historyLog, words }, onRefused));
}

function entriesOf(answer: unknown): HistoryEntry[] {
  return Array.isArray(answer) ? answer.flatMap((entry) => (Array.isArray(entry) ? [entryOf(entry)] : [])) : [];
}

function entryOf([id, flat]: readonly unknown[]): HistoryEntry {
  const words: readonly unknown[] = Array.isArray(flat) ? flat : [];
  const fields = new Map<string, unknown>();
  for (let at = 0; at + 1 < words.length; at += 2) {
    fields.set(String(words[at]), words[at + 1]);
  }
  const content = fields.get("z");
  return {
    id: String(id),
    at: Number(String(fields.get("at"))),
    writer: String(fields.get("writer") ?? ""),
    n: Number(String(fields.get("n"))),
    content: content instanceof Buffer ? content : undefined,
    isEnd: fields.has("off"),
  };
}
