/**
 * Keeps what the embedded Valkey holds on disk: every few seconds the keys that changed since, told by the engine itself
 * (client tracking), and now and then everything anew. The engine has no persistence of its own.
 */
import { Redis } from "ioredis";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Command } from "./commands.ts";
import type { DataLock } from "./data-lock.ts";
import type { DumpLog } from "./dump-log.ts";
import type { DumpRecord } from "./dump-record.ts";
import { ownKeys } from "./keys.ts";
import { runCommands } from "./run-commands.ts";
import { StreamGrowth } from "./stream-growth.ts";

/** What the keeper needs. */
export interface KeeperOptions {
  readonly port: number;
  /** The password that holds until `open`. */
  readonly password: string;
  readonly log: DumpLog;
  readonly lock: DataLock;
  readonly logger: Logger;
  /** Milliseconds between two saves. */
  readonly interval: number;
}

/** Keys dumped by one pipeline. */
const KEYS_AT_ONCE = 200;

/** The log is written anew when it has this many bytes more than, and several times what it had the last time. */
const SLACK_BYTES = 8 * 1024 * 1024;
const SLACK_TIMES = 3;

/** Milliseconds before a lost connection is made anew. */
const RETRY = 100;

const INVALIDATE = "__redis__:invalidate";

/** Watches one running engine. `restore` first, then `start` and `open`; `stop` saves once more. */
export class DumpKeeper {
  private readonly options: KeeperOptions;
  private readonly client: Redis;
  private readonly listener: Redis;
  private readonly streams: StreamGrowth;
  private changed = new Set<string>();
  private flushed = false;
  /** True where changes may have gone unnoticed, so that everything must be saved. */
  private missed = false;
  /** True while somebody waits for the next save. */
  private isAsked = false;
  private saving: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: KeeperOptions) {
    this.options = options;
    this.client = connection(options);
    this.listener = connection(options);
    this.streams = new StreamGrowth(this.client);
  }

  /** Fills the empty engine with what was kept. Call once. */
  async restore(): Promise<void> {
    await Promise.all([this.client.connect(), this.listener.connect()]);
    let batch: Command[] = [];
    for await (const record of this.options.log.load()) {
      batch.push(restoring(record));
      if (batch.length >= KEYS_AT_ONCE) {
        await this.run(batch);
        batch = [];
      }
    }
    await this.run(batch);
  }

  /** Begins to watch and to save. */
  async start(): Promise<void> {
    this.listener.on("messageBuffer", (_channel: Buffer, keys: Buffer[] | null) => this.note(keys));
    await this.watch();
    this.client.on("ready", this.rewatch);
    this.listener.on("ready", this.rewatch);
    this.timer = setInterval(this.saveOrTell, this.options.interval);
  }

  private readonly saveOrTell = (): void => {
    this.save().catch((error: unknown) => {
      this.options.logger.error({ error: messageOf(error) }, "The embedded store could not be saved; trying again");
    });
  };

  /** Lets everybody in who knows the password. */
  async open(password: string): Promise<void> {
    await this.client.config("SET", "requirepass", password);
    this.client.options.password = password;
    this.listener.options.password = password;
  }

  /** Saves what changed since the last time; returns when it is on disk. */
  async save(): Promise<void> {
    while (this.saving !== undefined) {
      await this.saving.catch(() => undefined);
    }
    this.saving = this.saveChanged().finally(() => {
      this.saving = undefined;
    });
    await this.saving;
  }

  /** Stops watching; `last` false leaves out the last save, for an engine that is gone. */
  async stop(last: boolean): Promise<void> {
    clearInterval(this.timer);
    try {
      if (last) {
        await this.allTold();
        await this.save();
      }
      await this.saving?.catch(() => undefined);
    } finally {
      // Else they would look for an engine that is gone, for ever.
      this.client.disconnect();
      this.listener.disconnect();
      await this.options.log.close();
    }
  }

  /** Resolves when the engine has told of everything that was changed before: it does so at the end of a round of its loop. */
  private async allTold(): Promise<void> {
    await this.listener.ping().catch(() => undefined);
    await this.listener.ping().catch(() => undefined);
  }

  /** The engine hangs up on a listener that lags too far behind; what it did not say must be looked for. */
  private readonly rewatch = (): void => {
    this.missed = true;
    this.watch().catch(() => {
      // one of the two is not back yet; its return comes here again
    });
  };

  private async watch(): Promise<void> {
    const id = await this.listener.client("ID");
    await this.listener.subscribe(INVALIDATE);
    await this.client.client("TRACKING", "OFF");
    await this.client.client("TRACKING", "ON", "REDIRECT", id, "BCAST");
  }

  private note(keys: readonly Buffer[] | null): void {
    if (keys === null) {
      this.flushed = true;
      this.changed.clear();
      return;
    }
    for (const key of keys) {
      this.changed.add(key.toString("latin1"));
    }
    if (!this.isAsked && this.changed.has(ownKeys.saveAsked)) {
      this.isAsked = true;
      setImmediate(this.saveOrTell);
    }
  }

  private async saveChanged(): Promise<void> {
    const { log, lock } = this.options;
    if (!(await lock.isHeld())) {
      throw new Error("another daemon has taken over this data folder");
    }
    if (!this.missed && !this.flushed && !this.isAsked && this.changed.size === 0) {
      return;
    }
    const { isAsked } = this;
    this.isAsked = false;
    // Whoever asked by now has all of theirs among what is taken.
    const asked = isAsked ? await this.client.get(ownKeys.saveAsked) : null;
    await (isAsked ? this.allTold() : undefined);
    const whole = this.missed || log.size > SLACK_TIMES * log.baseSize + SLACK_BYTES;
    this.missed = false;
    const { keys, flushed } = this.takeChanged();
    try {
      await (whole ? log.rewrite(this.everything()) : this.append(keys, flushed));
    } catch (error) {
      // What was said of these keys is lost with the attempt, so nothing less than everything will do.
      this.missed = true;
      this.isAsked = isAsked;
      throw error;
    }
    if (asked !== null) {
      await this.client.set(ownKeys.saved, asked);
    }
  }

  private takeChanged(): { readonly keys: readonly string[]; readonly flushed: boolean } {
    const taken = { keys: [...this.changed], flushed: this.flushed };
    this.changed = new Set();
    this.flushed = false;
    return taken;
  }

  private async append(keys: readonly string[], flushed: boolean): Promise<void> {
    if (flushed) {
      this.streams.clear();
      await this.options.log.append([{ kind: "flush" }]);
    }
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
      const whole: string[] = [];
      const records: DumpRecord[] = [];
      for (const key of keys.slice(at, at + KEYS_AT_ONCE)) {
        const grown = await this.streams.records(key);
        if (grown === undefined) {
          whole.push(key);
        } else {
          records.push(...grown);
        }
      }
      await this.options.log.append([...records, ...(await this.dumps(whole))]);
    }
  }

  private async *everything(): AsyncGenerator<DumpRecord[], void, void> {
    let cursor = "0";
    do {
      const [next, keys] = await this.client.scanBuffer(cursor, "COUNT", KEYS_AT_ONCE);
      cursor = next.toString();
      const found = await this.dumps(keys.map((key) => key.toString("latin1")));
      yield found.filter((record) => record.kind === "value");
    } while (cursor !== "0");
  }

  private async dumps(keys: readonly string[]): Promise<DumpRecord[]> {
    const pipeline = this.client.pipeline();
    const names = keys.map((key) => Buffer.from(key, "latin1"));
    for (const name of names) {
      pipeline.dumpBuffer(name).pexpiretime(name);
    }
    const answers = (await pipeline.exec()) ?? [];
    return names.map((key, at) => {
      const [error, dump] = answers[2 * at] ?? [null, null];
      const [, expireAt] = answers[2 * at + 1] ?? [null, -1];
      if (error !== null) {
        throw error;
      }
      const value = dump as Buffer | null;
      this.streams.noteDump(key.toString("latin1"), value);
      return value === null
        ? { kind: "gone", key }
        : { kind: "value", key, value, expireAt: Math.max(0, Number(expireAt)) };
    });
  }

  /** An entry that is there already is refused and may be: a stream's growth overlaps the dump before it. */
  private async run(commands: readonly Command[]): Promise<void> {
    await runCommands(this.client, commands, ({ key, words }, reason) => {
      if (words[0] !== "xadd") {
        this.options.logger.error({ key, reason }, "A key could not be brought back into the embedded store");
      }
    });
  }
}

function restoring(record: DumpRecord): Command {
  if (record.kind === "flush") {
    return { key: "", words: ["flushall"] };
  }
  const key = record.key.toString();
  if (record.kind === "command") {
    const [name = Buffer.from("ping"), ...args] = record.words;
    return { key, words: [name.toString(), ...args] };
  }
  const expired = record.kind === "value" && record.expireAt > 0 && record.expireAt <= Date.now();
  return record.kind === "gone" || expired
    ? { key, words: ["del", record.key] }
    : { key, words: ["restore", record.key, record.expireAt, record.value, "REPLACE", "ABSTTL"] };
}

/** Told of changes in the older protocol: only there are they messages like any other. */
function connection({ port, password }: KeeperOptions): Redis {
  const client = new Redis({
    host: "127.0.0.1",
    port,
    password,
    protocol: 2,
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RETRY,
    connectionName: "dotm-keeper",
  });
  client.on("error", () => {
    // the engine's own end is what its thread tells; commands in flight reject by themselves
  });
  return client;
}
