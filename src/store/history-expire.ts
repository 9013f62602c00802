/** Removes snapshots whose time is over, and of the streams what no snapshot leads to. */
import { type Command, deleteKey, STREAM_LENGTH } from "./commands.ts";
import { snapshotHead } from "./history-codec.ts";
import { keys, ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { askAll, askCommands, askNames, askOne, type OnRefused, runCommands } from "./run-commands.ts";

/** What removing needs. */
export interface ExpireOptions {
  /** Unix seconds. */
  readonly now: number;
  /** Seconds that snapshots are kept, 0 for ever. */
  readonly expire: number;
  readonly onRefused: OnRefused;
  /** Bytes of Redis' memory that the log may take, 64 MiB unless said otherwise. */
  readonly logBytes?: number;
}

/** The listed snapshots. */
export interface ListedSnapshots {
  /** Oldest first, each once, whatever the list's order. */
  readonly times: readonly number[];
  /** The one taken last: where a clock was set back, not the one with the latest time. */
  readonly newest: number | undefined;
  /** Whether the list is somebody else's, so that no snapshot can be named in it. */
  readonly isForeign: boolean;
}

const LOG_BYTES = 64 * 1024 * 1024;

/** Snapshots listed: one a minute for eleven years; the setting `history` allows for ten. */
const MOST_SNAPSHOTS = 6_000_000;
const SNAPSHOTS_AT_ONCE = 50_000;

/** Seconds after which a name without a value is that of a snapshot whose taker died. */
const LOST_AFTER = 600;

/** Bytes of a snapshot that hold its first line for sure. */
export const HEAD_BYTES = 1_024;

/** Reads the list, of one that is too long the end; what is no time in it is somebody else's and left alone. */
export async function listedSnapshots(
  client: RedisClient,
  onRefused: OnRefused,
  most = MOST_SNAPSHOTS,
): Promise<ListedSnapshots> {
  const key = keys.history;
  const asking: Command = { key, words: ["llen", key] };
  const answer = await askOne(client, asking, onRefused);
  const length = Number(answer ?? 0);
  if (length > most) {
    onRefused(asking, `it has ${length} entries, more than DOTM ever writes; the last ${most} count`);
  }
  const times: number[] = [];
  for (let from = Math.max(0, length - most); from < length; from += SNAPSHOTS_AT_ONCE) {
    const words = ["lrange", key, from, Math.min(from + SNAPSHOTS_AT_ONCE, length) - 1] as const;
    const entries = await askNames(client, { key, words }, onRefused);
    times.push(...entries.filter((entry) => /^\d{1,12}$/.test(entry)).map(Number));
  }
  return { times: [...new Set(times)].sort((a, b) => a - b), newest: times.at(-1), isForeign: answer === undefined };
}

/**
 * Removes what is older than `expire`, and names whose snapshot is lost. Returns the times of those removed.
 * @throws what Redis said where it cannot be used
 */
export async function expireSnapshots(client: RedisClient, options: ExpireOptions): Promise<number[]> {
  const { now, expire, onRefused } = options;
  const { times } = await listedSnapshots(client, onRefused);
  const sizes = await sizesOf(client, times, onRefused);
  const old = times.filter((at) => expire > 0 && at < now - expire);
  const lost = times.filter((at) => sizes.get(at) === 0 && at < now - LOST_AFTER);
  const removed = [...new Set([...old, ...lost])];
  await remove(client, removed, onRefused);
  await trimStreams(
    client,
    times.filter((at) => !removed.includes(at)),
    options,
  );
  return removed;
}

/**
 * Gives up the older half of the history: snapshots, never the last one, and the streams beside them. For a Redis that has no
 * memory left: what is now matters more than what was. Returns the times of the snapshots that are gone.
 */
export async function giveUpHalf(client: RedisClient, onRefused: OnRefused): Promise<number[]> {
  const { times } = await listedSnapshots(client, onRefused);
  const removed = times.slice(0, Math.floor(times.length / 2));
  await remove(client, removed, onRefused);
  for (const key of [ownKeys.historyLog, keys.changes]) {
    const length = Number((await askOne(client, { key, words: ["xlen", key] }, onRefused)) ?? 0);
    await runCommands(client, [{ key, words: ["xtrim", key, "MAXLEN", Math.floor(length / 2)] }], onRefused);
  }
  return removed;
}

async function remove(client: RedisClient, times: readonly number[], onRefused: OnRefused): Promise<void> {
  for (const at of times) {
    // The name goes last: it leads to the value as long as there is one.
    await runCommands(client, [deleteKey(keys.snapshot(at), "string")], onRefused);
    await runCommands(client, [{ key: keys.history, words: ["lrem", keys.history, 0, at] }], onRefused);
  }
}

/** Bytes of each snapshot, 0 where there is none. */
export async function sizesOf(
  client: RedisClient,
  times: readonly number[],
  onRefused: OnRefused,
): Promise<Map<number, number>> {
  const questions = times.map((at): Command => ({ key: keys.snapshot(at), words: ["strlen", keys.snapshot(at)] }));
  const sizes = new Map<number, number>();
  let index = 0;
  for await (const size of askCommands(client, questions, onRefused)) {
    sizes.set(times[index] ?? 0, Number(size ?? 0));
    index += 1;
  }
  return sizes;
}

async function trimStreams(client: RedisClient, times: readonly number[], options: ExpireOptions): Promise<void> {
  const { onRefused, logBytes = LOG_BYTES } = options;
  const from = await oldestPlace(client, times, onRefused);
  const { changes } = keys;
  const log = ownKeys.historyLog;
  if (from === undefined) {
    await runCommands(client, [{ key: changes, words: ["xtrim", changes, "MAXLEN", "~", STREAM_LENGTH] }], onRefused);
  } else {
    const since = from.slice(0, from.indexOf("-"));
    await runCommands(
      client,
      [
        { key: changes, words: ["xtrim", changes, "MINID", "~", since] },
        { key: log, words: ["xtrim", log, "MINID", "~", from] },
      ],
      onRefused,
    );
  }
  await boundLog(client, logBytes, onRefused);
}

/** Where the oldest snapshot that can be read begins in the log; undefined where there is none. */
async function oldestPlace(
  client: RedisClient,
  times: readonly number[],
  onRefused: OnRefused,
): Promise<string | undefined> {
  for (const at of times) {
    const key = keys.snapshot(at);
    const question: Command = { key, words: ["getrange", key, 0, HEAD_BYTES - 1] };
    const head = snapshotHead(Buffer.from(String((await askOne(client, question, onRefused)) ?? "")));
    if (head?.from != null) {
      return head.from.id;
    }
  }
  return undefined;
}

/** Where the log takes too much memory, its oldest entries go; what they led to is then known by snapshots alone. */
async function boundLog(client: RedisClient, most: number, onRefused: OnRefused): Promise<void> {
  const key = ownKeys.historyLog;
  const questions: Command[] = [
    { key, words: ["memory", "USAGE", key] },
    { key, words: ["xlen", key] },
  ];
  const [bytes = 0, length = 0] = (await askAll(client, questions, onRefused)).map((answer) => Number(answer ?? 0));
  if (bytes > most) {
    const keep = Math.floor((length * most * 0.9) / bytes);
    await runCommands(client, [{ key, words: ["xtrim", key, "MAXLEN", "~", keep] }], onRefused);
  }
}
