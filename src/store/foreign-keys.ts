/** Finds keys under our names that are of another type than DOTM writes, by the indexes, without searching. */
import { type Command, type IndexType, type KeyType, membersOf } from "./commands.ts";
import { INDEXES, isHostPart, isPortPart, keys, ownKeys } from "./keys.ts";
import { MOST_HOSTS, MOST_INDEXED_OF_HOST, shortKeys } from "./long-values.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames } from "./run-commands.ts";
import { SETTING_NAMES, type SettingShape, settingRule } from "./setting-rules.ts";

/** One such key. */
export interface ForeignKey {
  readonly key: string;
  readonly type: string;
  readonly expected: KeyType;
}

type Expected = readonly (readonly [key: string, type: KeyType])[];

const TYPES: Readonly<Record<SettingShape, KeyType>> = { hash: "hash", list: "list", items: "string" };

const SINGLE: Expected = [
  [keys.nodes, "list"],
  [keys.checksConfig, "hash"],
  [keys.ranking, "zset"],
  [keys.observations, "stream"],
  [keys.changes, "stream"],
  [ownKeys.nodeMembers, "set"],
  [ownKeys.sources, "hash"],
  [ownKeys.alarms, "hash"],
  [ownKeys.alive, "hash"],
  [ownKeys.marker, "string"],
  [ownKeys.schema, "string"],
  [ownKeys.members, "hash"],
  [ownKeys.leader, "string"],
  [ownKeys.leaderEpoch, "hash"],
  [keys.history, "list"],
  [ownKeys.historyLog, "stream"],
  [keys.queue, "list"],
  [ownKeys.queueWorkers, "zset"],
  [ownKeys.queueDeaths, "hash"],
  [ownKeys.queuePoison, "list"],
  [ownKeys.pushes, "list"],
  [ownKeys.pushesDone, "hash"],
  [ownKeys.addedHosts, "hash"],
  ...INDEXES.map((kind) => [ownKeys.index(kind), "set"] as const),
  ...SETTING_NAMES.map((name) => [keys.setting(name), TYPES[settingRule(name).shape]] as const),
];

/** All of them, as they are found. @throws what Redis rejects with where it cannot be used */
export async function* foreignKeys(client: RedisClient): AsyncGenerator<ForeignKey, void, void> {
  yield* foreignAmong(client, SINGLE);
  const hosts = (await names(client, "lrange", keys.nodes, 0, MOST_HOSTS - 1)).filter(isHostPart);
  for (const host of hosts) {
    yield* foreignAmong(client, ofHost(host));
    const ports = (await indexed(client, ownKeys.servicesOf(host), "set")).filter(isPortPart);
    const talks = (await indexed(client, ownKeys.connectionsOf(host), "hash")).map((member) => member.split("::"));
    const connections = talks.filter(([port = "", remote = ""]) => isPortPart(port) && isHostPart(remote));
    yield* foreignAmong(client, [
      ...ports.map((port) => [keys.service(host, port), "hash"] as const),
      ...connections.map(([port = "", remote = ""]) => [keys.connection(host, port, remote), "hash"] as const),
    ]);
  }
}

function ofHost(host: string): Expected {
  return [
    [keys.node(host), "hash"],
    [keys.hostCheck(host), "string"],
    [keys.serviceChecks(host), "list"],
    [keys.report(host), "string"],
    [keys.edges(host), "hash"],
    [ownKeys.graph(host), "string"],
    [ownKeys.notes(host), "string"],
    [ownKeys.listeners(host), "hash"],
    [ownKeys.servicesOf(host), "set"],
    [ownKeys.connectionsOf(host), "hash"],
  ];
}

async function* foreignAmong(client: RedisClient, wanted: Expected): AsyncGenerator<ForeignKey, void, void> {
  const questions = wanted.map(([key]): Command => ({ key, words: ["type", key] }));
  let at = 0;
  for await (const answer of askCommands(client, questions, ignore)) {
    const [key = "", expected = "string"] = wanted[at] ?? [];
    const type = String(answer);
    if (type !== "none" && type !== expected) {
      yield { key, type, expected };
    }
    at += 1;
  }
}

/** Nothing where the key itself is foreign, which is told already. */
function names(client: RedisClient, name: string, key: string, ...args: number[]): Promise<string[]> {
  return askNames(client, { key, words: [name, key, ...args] }, ignore);
}

/** Nothing of one that is longer than DOTM writes, which whoever uses it tells. */
async function indexed(client: RedisClient, key: string, type: IndexType): Promise<string[]> {
  const short = await shortKeys(client, [key], { type, most: MOST_INDEXED_OF_HOST }, ignore);
  return short.has(key) ? await askNames(client, membersOf(key, type), ignore) : [];
}

function ignore(): void {
  // told by its type
}
