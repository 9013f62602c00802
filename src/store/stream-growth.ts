/**
 * Saves a stream by what was appended to it. Streams change often and little; dumping one as a whole each time would
 * write hundreds of times what happened.
 */
import type { Redis } from "ioredis";
import type { DumpRecord } from "./dump-record.ts";

/** Entries saved one by one at most; more are cheaper as a whole. */
const MOST_ENTRIES = 1_000;

/** First bytes of dumps of streams (rdb.h, RDB_TYPE_STREAM_LISTPACKS and its two successors). */
const STREAM_TYPES: readonly (number | undefined)[] = [15, 19, 21];

/** What `XINFO STREAM` says. */
interface StreamInfo {
  readonly lastId: string;
  readonly firstId: string | undefined;
  readonly groups: number;
}

/** Remembers up to where each stream was saved. Keys are binary strings. */
export class StreamGrowth {
  private readonly client: Redis;
  /** Last id known to be in the dump; null for a stream just met. */
  private readonly saved = new Map<string, string | null>();

  constructor(client: Redis) {
    this.client = client;
  }

  /** Forgets everything, after a flush. */
  clear(): void {
    this.saved.clear();
  }

  /** Notes a value that was dumped as a whole. */
  noteDump(key: string, dump: Buffer | null): void {
    if (dump === null || !STREAM_TYPES.includes(dump[0])) {
      this.saved.delete(key);
    } else if (!this.saved.has(key)) {
      this.saved.set(key, null);
    }
  }

  /** Records of what was appended since the last time; undefined where the key must be dumped as a whole. */
  async records(key: string): Promise<DumpRecord[] | undefined> {
    const last = this.saved.get(key);
    if (last === undefined) {
      return undefined;
    }
    const name = Buffer.from(key, "latin1");
    const info = await this.info(name);
    // Asked before the dump, so the dump holds at least this; what is appended twice is refused when it is loaded.
    this.saved.set(key, info?.lastId ?? null);
    if (last === null || info === undefined || info.groups > 0 || isBefore(info.lastId, last)) {
      return undefined;
    }
    const entries = await this.client.xrangeBuffer(name, `(${last}`, "+", "COUNT", MOST_ENTRIES);
    if (entries.length === 0 || entries.length === MOST_ENTRIES || info.firstId === undefined) {
      return undefined;
    }
    const trim = words("xtrim", name, "MINID", info.firstId);
    const added = entries.map(([id, fields]) => [...words("xadd", name, id), ...fields]);
    return [...added, trim].map((command) => ({ kind: "command", key: name, words: command }));
  }

  private async info(name: Buffer): Promise<StreamInfo | undefined> {
    try {
      return streamInfo(await this.client.xinfo("STREAM", name));
    } catch {
      return undefined;
    }
  }
}

function streamInfo(answer: unknown): StreamInfo {
  const flat = Array.isArray(answer) ? answer : [];
  const value = (name: string): unknown => flat[flat.indexOf(name) + 1];
  const first = value("first-entry");
  return {
    lastId: String(value("last-generated-id")),
    firstId: Array.isArray(first) ? String(first[0]) : undefined,
    groups: Number(value("groups")),
  };
}

function words(...parts: (string | Buffer)[]): Buffer[] {
  return parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part));
}

function isBefore(a: string, b: string): boolean {
  const [timeA = 0n, countA = 0n] = a.split("-").map(BigInt);
  const [timeB = 0n, countB = 0n] = b.split("-").map(BigInt);
  return timeA < timeB || (timeA === timeB && countA < countB);
}
