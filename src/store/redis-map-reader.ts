/** Reads the stored picture: pipelined, by known names only; what is broken is reported by its key and left out. */
import type { Logger } from "../logger.ts";
import { type Alarm, sortedAlarms } from "../model/alarm.ts";
import type { HostCheckRecord, NodeRecord, ServiceCheckRecord } from "../model/changes.ts";
import { compareIds } from "../model/compare.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { HostNotes } from "../model/host-notes.ts";
import type { Impact } from "../model/impact.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import type { Settings } from "../model/settings.ts";
import { readAlarms, readAlarmsOf } from "./alarm-reader.ts";
import type { Command } from "./commands.ts";
import { isHostPart, keys, ownKeys, parseProblemMember } from "./keys.ts";
import { MOST_CHECKS, MOST_HOSTS, MOST_PROBLEMS, MOST_SOURCES, textCommand, textFrom } from "./long-values.ts";
import type { MapReader, Ranked, Revision } from "./map-reader.ts";
import {
  graphFromJson,
  hostCheckFromJson,
  impactFromJson,
  NODE_FIELDS,
  nodeFromFields,
  notesFromJson,
  serviceCheckFromJson,
  sourceFromJson,
} from "./record-codec.ts";
import type { RedisClient } from "./redis.ts";
import { orStoreError, storeError } from "./redis-errors.ts";
import { askAll, askCommands } from "./run-commands.ts";
import { SettingsStore } from "./settings-store.ts";
import { fieldsCommand, fieldsFrom } from "./some-fields.ts";
import { type StoreOptions, storeAddress } from "./store-place.ts";
import { inSlices, TimeSlices } from "./time-slices.ts";
import { readHash } from "./whole-hashes.ts";

/** Hosts whose graphs or notes are asked for at once: one can be large. */
const HOSTS_AT_ONCE = 100;

/** Complaints remembered, so that each is logged once. */
const MOST_COMPLAINTS = 10_000;

/** Reads over one connection. */
export class RedisMapReader implements MapReader {
  private readonly client: RedisClient;
  private readonly address: string;
  private readonly logger: Logger;
  private readonly settingsStore: SettingsStore;
  private readonly complained = new Set<string>();

  constructor(client: RedisClient, options: StoreOptions, logger: Logger) {
    this.client = client;
    this.address = storeAddress(options);
    this.logger = logger;
    this.settingsStore = new SettingsStore(client, options, logger);
  }

  async nodes(): Promise<string[]> {
    const [names] = await this.ask([read("lrange", keys.nodes, 0, MOST_HOSTS)]);
    return this.some(keys.nodes, texts(names), MOST_HOSTS).sort();
  }

  async node(name: string): Promise<NodeRecord | undefined> {
    return (await this.nodesOf([name])).get(name);
  }

  nodesOf(hosts: readonly string[]): Promise<Map<string, NodeRecord>> {
    const question = (host: string) => fieldsCommand(keys.node(host), NODE_FIELDS);
    return this.ofHosts(hosts, question, (key, values) =>
      nodeFromFields(fieldsFrom(values, { key, names: NODE_FIELDS }, this.onRefused)),
    );
  }

  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>> {
    return this.textsOf(hosts, ownKeys.graph, graphFromJson, HOSTS_AT_ONCE);
  }

  notes(hosts: readonly string[]): Promise<Map<string, HostNotes>> {
    return this.textsOf(hosts, ownKeys.notes, notesFromJson, HOSTS_AT_ONCE);
  }

  async impact(host: string, check: string | null): Promise<Impact | undefined> {
    if (!isHostPart(host)) {
      return undefined;
    }
    const key = keys.impact(host, check);
    const [json] = await this.ask([textCommand(key)]);
    return this.parsed(key, json, impactFromJson);
  }

  async ranking(offset: number, limit: number): Promise<Ranked[]> {
    // Redis breaks ties backwards by name, so a page cannot be cut there.
    const [answer] = await this.ask([read("zrevrange", keys.ranking, 0, MOST_PROBLEMS, "WITHSCORES")]);
    const flat = this.some(keys.ranking, texts(answer), 2 * MOST_PROBLEMS);
    const ranked: { readonly member: string; readonly row: Ranked }[] = [];
    for (let at = 0; at + 1 < flat.length; at += 2) {
      const member = flat[at] ?? "";
      const problem = this.parsed(keys.ranking, member, parseProblemMember);
      if (problem !== undefined) {
        ranked.push({ member, row: { affected: Number(flat[at + 1]), ...problem } });
      }
    }
    ranked.sort((a, b) => b.row.affected - a.row.affected || compareIds(a.member, b.member));
    return ranked.slice(offset, offset + limit).map(({ row }) => row);
  }

  async problems(): Promise<number> {
    const [count] = await this.ask([read("zcard", keys.ranking)]);
    return Number(count ?? 0);
  }

  async hostCheck(host: string): Promise<HostCheckRecord | undefined> {
    return (await this.hostChecksOf([host])).get(host);
  }

  hostChecksOf(hosts: readonly string[]): Promise<Map<string, HostCheckRecord>> {
    return this.textsOf(hosts, keys.hostCheck, hostCheckFromJson);
  }

  async serviceChecks(host: string): Promise<ServiceCheckRecord[]> {
    return (await this.checksOf([host])).get(host) ?? [];
  }

  checksOf(hosts: readonly string[]): Promise<Map<string, ServiceCheckRecord[]>> {
    const question = (host: string) => read("lrange", keys.serviceChecks(host), 0, MOST_CHECKS);
    return this.ofHosts(hosts, question, (key, listed) => {
      const records = this.some(key, texts(listed), MOST_CHECKS).flatMap(
        (json) => this.parsed(key, json, serviceCheckFromJson) ?? [],
      );
      return records.length > 0 ? records : undefined;
    });
  }

  async sources(): Promise<SourceHealth[]> {
    const asked = readHash(this.client, ownKeys.sources, MOST_SOURCES, this.onRefused);
    const told = Object.values(await orStoreError(asked, this.address));
    const sources = told.flatMap((json) => this.parsed(ownKeys.sources, json, sourceFromJson) ?? []);
    return sources.sort((a, b) => compareIds(a.source, b.source));
  }

  async alarms(hosts?: readonly string[]): Promise<Alarm[]> {
    const all: Alarm[] = [];
    const slices = new TimeSlices();
    // The name of no host is that of what belongs to none.
    const named = hosts?.filter((host) => host !== "");
    const found =
      named === undefined
        ? readAlarms(this.client, this.onRefused)
        : readAlarmsOf(this.client, [...new Set(named)], this.onRefused);
    try {
      for await (const { alarms } of found) {
        all.push(...alarms);
        if (slices.isOver) {
          await slices.next();
        }
      }
    } catch (error) {
      throw storeError(error, this.address);
    }
    return inSlices(sortedAlarms(all));
  }

  settings(): Promise<Settings> {
    return this.settingsStore.read();
  }

  async revision(): Promise<Revision> {
    const alive = { key: ownKeys.alive, names: ["at"] };
    const [last, answer] = await this.ask([
      read("xrevrange", keys.changes, "+", "-", "COUNT", 1),
      fieldsCommand(alive.key, alive.names),
    ]);
    const { at } = fieldsFrom(answer, alive, this.onRefused);
    const entry = Array.isArray(last) && Array.isArray(last[0]) ? last[0][0] : undefined;
    return { id: typeof entry === "string" ? entry : "0-0", at: Number(at ?? 0) || 0 };
  }

  /** What strings with one name per host hold, for those hosts that have one. */
  private textsOf<T>(
    hosts: readonly string[],
    keyOf: (host: string) => string,
    parse: (json: string) => T | undefined,
    atOnce?: number,
  ): Promise<Map<string, T>> {
    const question = (host: string) => textCommand(keyOf(host));
    return this.ofHosts(hosts, question, (key, json) => this.parsed(key, json, parse), atOnce);
  }

  /** Asks the same of all hosts, so many of them at once, and reads the answers; others have their turn in between. */
  private ofHosts<T>(
    hosts: readonly string[],
    question: (host: string) => Command,
    understood: (key: string, answer: unknown) => T | undefined,
    atOnce?: number,
  ): Promise<Map<string, T>> {
    const known = [...new Set(hosts)].filter(isHostPart);
    const questions = known.map(question);
    const answers = askCommands(this.client, questions, this.onRefused, atOnce);
    const gather = async (): Promise<Map<string, T>> => {
      const found = new Map<string, T>();
      const slices = new TimeSlices();
      let at = 0;
      for await (const answer of answers) {
        const value = understood(questions[at]?.key ?? "", answer);
        if (value !== undefined) {
          found.set(known[at] ?? "", value);
        }
        at += 1;
        // After the last one nothing is left to do: who asks of one host waits for nobody's work.
        if (at < known.length && slices.isOver) {
          await slices.next();
        }
      }
      return found;
    };
    return orStoreError(gather(), this.address);
  }

  /** Answers in order; undefined for a key of another type than ours. */
  private ask(commands: readonly Command[]): Promise<unknown[]> {
    return orStoreError(askAll(this.client, commands, this.onRefused), this.address);
  }

  private parsed<T>(key: string, value: unknown, parse: (text: string) => T | undefined): T | undefined {
    const text = textFrom(value);
    if (text === undefined) {
      return undefined;
    }
    const record = parse(text);
    if (record === undefined) {
      this.complain(key, "its content is not what DOTM writes");
    }
    return record;
  }

  /** The first of many, and a word where there are more. */
  private some(key: string, all: string[], most: number): string[] {
    if (all.length > most) {
      this.complain(key, `it has more than ${most} entries; the others are left out`);
    }
    return all.slice(0, most);
  }

  private readonly onRefused = ({ key }: Command, reason: string): void => this.complain(key, reason);

  private complain(key: string, reason: string): void {
    if (!this.complained.has(key) && this.complained.size < MOST_COMPLAINTS) {
      this.complained.add(key);
      this.logger.warn({ key, reason }, "Redis key is not as DOTM left it; skipped");
    }
  }
}

function read(name: string, key: string, ...args: (string | number)[]): Command {
  return { key, words: [name, key, ...args] };
}

function texts(answer: unknown): string[] {
  return Array.isArray(answer) ? answer.map(String) : [];
}
