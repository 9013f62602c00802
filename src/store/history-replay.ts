/** Brings the picture of a snapshot up to a moment, by the log. */
import { type Differences, type LogPlace, type SnapshotHead, unpackEntry } from "./history-codec.ts";
import { entriesFrom, type HistoryEntry } from "./history-entries.ts";
import type { PastPicture } from "./past-picture.ts";
import type { RedisClient } from "./redis.ts";
import type { OnRefused } from "./run-commands.ts";

/** How far the log led. */
export interface Replayed {
  /** Whether to the moment, with nothing missing. */
  readonly exact: boolean;
  /** When the last of what was brought in was written, Unix milliseconds; 0 where nothing was. */
  readonly last: number;
}

/** Changes the picture to how it was at a moment, `cut`, Unix milliseconds; stops before anything that is missing. */
export async function replay(
  client: RedisClient,
  picture: PastPicture,
  { from }: SnapshotHead,
  cut: number,
  onRefused: OnRefused,
): Promise<Replayed> {
  const entries = entriesFrom(client, from?.id ?? "-", onRefused);
  // While the entry before the snapshot is there, none after it was trimmed away.
  const first = from === null ? undefined : (await entries.next()).value;
  // A snapshot that somebody asked for while history was off is all that is known of that time.
  if (from !== null && (first?.id !== from.id || first.isEnd)) {
    return { exact: false, last: 0 };
  }
  let place = from;
  let last = 0;
  for await (const entry of entries) {
    if (entry.at > cut) {
      return { exact: place === null || follows(entry, place) || beginsAnew(entry, place), last };
    }
    const differences = await differencesOf(entry, place);
    if (differences === undefined) {
      return { exact: false, last };
    }
    picture.change(differences);
    place = entry;
    last = entry.at;
  }
  return { exact: true, last };
}

/** What an entry changes; undefined where that cannot be known, or does not come right after `place`. */
async function differencesOf(entry: HistoryEntry, place: LogPlace | null): Promise<Differences | undefined> {
  const leadsOn = place !== null && follows(entry, place);
  return leadsOn && entry.content !== undefined ? unpackEntry(entry.content) : undefined;
}

/** Whether an entry comes right after another, or is the same told twice. */
function follows(entry: HistoryEntry, before: LogPlace): boolean {
  return entry.writer === before.writer && (entry.n === before.n + 1 || entry.n === before.n);
}

/** Whether another writer begins there: what the one before wrote was all of it. */
function beginsAnew({ content, writer }: HistoryEntry, before: LogPlace): boolean {
  return content === undefined && writer !== before.writer;
}
