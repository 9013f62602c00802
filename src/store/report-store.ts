/** What survives the engine: hosts' last reports and what is remembered of connections and listeners. */
import { DotmError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import { type AlarmsOfHost, readAlarms } from "./alarm-reader.ts";
import { observationCommand } from "./change-commands.ts";
import { addMembers, type Command, scriptCommand } from "./commands.ts";
import { type IndexKind, isHostPart, keys, ownKeys } from "./keys.ts";
import { loadOriginal, type OriginalHost } from "./load-original.ts";
import { bytesCommand, bytesFrom, LONGEST_REPORT, MOST_INDEXED, membersOfSet } from "./long-values.ts";
import { edgeFromJson, listenerFromJson } from "./record-codec.ts";
import type { RedisClient } from "./redis.ts";
import { foreignKey, orStoreError, storeError } from "./redis-errors.ts";
import { askCommands, type OnRefused, runCommands } from "./run-commands.ts";
import { type StoreOptions, storeAddress } from "./store-place.ts";
import { demandKnownSchema } from "./store-schema.ts";
import { hashCommands, hashFrom } from "./whole-hashes.ts";

/** Values asked for at once: reports can be large. */
const REPORTS_AT_ONCE = 20;
/** Hosts whose connections are asked for at once; they are read without a pause. */
const HOSTS_AT_ONCE = 10;

/** What is remembered of one host at most is half of it. */
const MOST_OF_HOST = 60_000;

/** A stored report: gzip of JSON, as it was saved. */
export interface StoredReport {
  readonly host: string;
  readonly gzip: Buffer;
}

/** Remembered things of one host by field. */
export interface Remembered<T> {
  readonly host: string;
  readonly records: ReadonlyMap<string, T>;
}

type Questions = readonly (readonly [host: string, command: Command])[];
type Answered = readonly [host: string, answer: unknown];

/** Saves and loads what a new leader starts from. All methods reject with DOTM_STORE_UNREACHABLE where Redis is away. */
export class ReportStore {
  private readonly client: RedisClient;
  private readonly address: string;
  private readonly logger: Logger;
  private readonly from: string;

  /** `from` is the id of this process, by which it knows its own words in `dotm::observations`. */
  constructor(client: RedisClient, options: StoreOptions, logger: Logger, from = "") {
    this.from = from;
    this.client = client;
    this.address = storeAddress(options);
    this.logger = logger;
  }

  /**
   * Keeps the last reports of hosts (gzip of JSON), each unless a newer one is there that is not of the future (`now`, Unix
   * seconds: the clock was set back since), and tells followers of `dotm::observations`. Resolves to those that the store refuses, with why: their keys are somebody else's.
   */
  async saveReports(reports: ReadonlyMap<string, Buffer>, now: number): Promise<ReadonlyMap<string, DotmError>> {
    const refused = new Map<string, DotmError>();
    const kept: Command[] = [];
    const hosts = new Map<string, string>();
    for (const [host, gzipJson] of reports) {
      try {
        hosts.set(keys.report(host), host);
        kept.push(scriptCommand("save-report-1", [keys.report(host)], [gzipJson, `${now}`]));
      } catch (error) {
        if (!(error instanceof DotmError)) {
          throw error;
        }
        refused.set(host, error);
      }
    }
    const named = [...hosts.values()];
    const told = named.map((host) => observationCommand({ kind: "report", host, from: this.from }));
    const commands = [...addMembers(ownKeys.index("reports"), named), ...kept, ...told];
    const onRefused: OnRefused = (command, reason) => {
      const host = hosts.get(command.key);
      for (const each of host === undefined ? named : [host]) {
        refused.set(each, foreignKey(command, reason));
      }
    };
    await orStoreError(runCommands(this.client, commands, onRefused), this.address);
    return refused;
  }

  /**
   * Forgets a host's report that came then, Unix seconds; one that came later stays, and so does the host's place in the
   * index, which leads to nothing.
   */
  async forgetReport(host: string, receivedAt: number): Promise<void> {
    const command = scriptCommand("forget-report-1", [keys.report(host)], [`"receivedAt":${receivedAt},`]);
    await orStoreError(runCommands(this.client, [command], this.onRefused), this.address);
  }

  /** Asks the leading engine to read everything again and to write the map anew. */
  async askReload(): Promise<void> {
    await this.tell({ kind: "reload", from: this.from });
  }

  /** Tells the leading engine why a host's report cannot be had; null where it can be had again. */
  async tellFault(host: string, fault: string | null): Promise<void> {
    await this.tell({ kind: "fault", host, fault: fault ?? "", from: this.from });
  }

  private async tell(fields: Readonly<Record<string, string>>): Promise<void> {
    await orStoreError(runCommands(this.client, [observationCommand(fields)], this.onRefused), this.address);
  }

  /** The reports of these hosts, of those that have one. */
  async *reportsOf(hosts: readonly string[]): AsyncGenerator<StoredReport, void, void> {
    yield* this.found(this.each(readReports(hosts.filter(isHostPart)), REPORTS_AT_ONCE));
  }

  /** @throws DotmError DOTM_STORE_NEWER where a newer DOTM wrote this store */
  demandKnownSchema(): Promise<void> {
    return orStoreError(demandKnownSchema(this.client, this.address), this.address);
  }

  /** What the original DOTM knew of its hosts, where this store was its own until now. */
  loadOriginal(): Promise<readonly OriginalHost[]> {
    return orStoreError(loadOriginal(this.client, this.onRefused), this.address);
  }

  /** All reports, in no order. */
  async *loadReports(): AsyncGenerator<StoredReport, void, void> {
    yield* this.found(this.ofHosts("reports", readReports, REPORTS_AT_ONCE));
  }

  private async *found(answers: AsyncIterable<Answered>): AsyncGenerator<StoredReport, void, void> {
    for await (const [host, answer] of answers) {
      const gzip = bytesFrom(answer, keys.report(host), LONGEST_REPORT, this.onRefused);
      if (gzip !== undefined) {
        yield { host, gzip };
      }
    }
  }

  /** Remembered connections of all hosts that have any. */
  loadEdges(): AsyncGenerator<Remembered<EdgeRecord>, void, void> {
    return this.loadHashes("edges", keys.edges, edgeFromJson);
  }

  /** Remembered listeners of all hosts that have any. */
  loadListeners(): AsyncGenerator<Remembered<ListenerRecord>, void, void> {
    return this.loadHashes("listeners", ownKeys.listeners, listenerFromJson);
  }

  /** What an earlier leader found wrong, host by host. */
  async *loadAlarms(): AsyncGenerator<AlarmsOfHost, void, void> {
    try {
      yield* readAlarms(this.client, this.onRefused);
    } catch (error) {
      throw storeError(error, this.address);
    }
  }

  private async *loadHashes<T>(
    kind: IndexKind,
    keyOf: (host: string) => string,
    parse: (json: string) => T | undefined,
  ): AsyncGenerator<Remembered<T>, void, void> {
    const read = async (hosts: readonly string[]): Promise<Questions> => {
      const commands = await hashCommands(this.client, hosts.map(keyOf), MOST_OF_HOST, this.onRefused);
      return hosts.flatMap((host) => {
        const command = commands.get(keyOf(host));
        return command === undefined ? [] : [[host, command] as const];
      });
    };
    for await (const [host, answer] of this.ofHosts(kind, read, HOSTS_AT_ONCE)) {
      const records = new Map<string, T>();
      for (const [field, json] of Object.entries(hashFrom(answer, keyOf(host), this.onRefused))) {
        const record = parse(json);
        if (record === undefined) {
          this.logger.warn({ key: keyOf(host), field }, "A remembered value in Redis is broken; skipped");
        } else {
          records.set(field, record);
        }
      }
      if (records.size > 0) {
        yield { host, records };
      }
    }
  }

  private async *ofHosts(
    kind: IndexKind,
    read: (hosts: readonly string[]) => Questions | Promise<Questions>,
    atOnce: number,
  ): AsyncGenerator<Answered, void, void> {
    try {
      const members = await membersOfSet(this.client, ownKeys.index(kind), MOST_INDEXED, this.onRefused);
      yield* this.each(await read(members.filter(isHostPart)), atOnce);
    } catch (error) {
      throw storeError(error, this.address);
    }
  }

  private async *each(questions: Questions, atOnce: number): AsyncGenerator<Answered, void, void> {
    const commands = questions.map(([, command]) => command);
    let at = 0;
    try {
      for await (const answer of askCommands(this.client, commands, this.onRefused, atOnce)) {
        yield [questions[at]?.[0] ?? "", answer];
        at += 1;
      }
    } catch (error) {
      throw storeError(error, this.address);
    }
  }

  private readonly onRefused = ({ key }: Command, reason: string): void => {
    this.logger.warn({ key, reason }, "Redis key is not as DOTM left it; skipped");
  };
}

function readReports(hosts: readonly string[]): Questions {
  return hosts.map((host) => [host, bytesCommand(keys.report(host), LONGEST_REPORT)]);
}
