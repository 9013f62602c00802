/**
 * Values under our names that are longer than DOTM ever writes: somebody else put them there, and reading the whole of one
 * would take the memory and the time of everybody. Of texts and lists only so much is asked for, of all others first how
 * long they are; large sets are read bite by bite.
 */
import type { Command, KeyType } from "./commands.ts";
import type { RedisClient } from "./redis.ts";
import { askAll, askOne, type OnRefused } from "./run-commands.ts";

/** Bytes of a text: an impact on 100,000 services has half as many. */
export const LONGEST_TEXT = 64 << 20;
/** Bytes of a stored report; the largest that is taken has half as many. */
export const LONGEST_REPORT = 16 << 20;
/** Bytes of what tells who wrote the map, and into which servers; of a word in Redis such as a version. */
export const LONGEST_MARK = 64 << 10;
/** Hosts, and problems: several times what one DOTM is made for. */
export const MOST_HOSTS = 100_000;
export const MOST_PROBLEMS = 500_000;
/** Checks of a host. */
export const MOST_CHECKS = 50_000;
/** Names in the index of a kind: hosts, and those of hosts that are gone. */
export const MOST_INDEXED = 500_000;
/** Addresses: 256 of each of 50,000 hosts. */
export const MOST_ADDRESSES = 12_800_000;
/** Ports and connections in the indexes of one host: there are not so many ports of both protocols, nor is so much remembered. */
export const MOST_INDEXED_OF_HOST = 150_000;
/** Sources: one field for each that is configured. */
export const MOST_SOURCES = 10_000;

/** Members of a set asked for at once. */
const BITE = 10_000;

/** Asks for a text; one that is longer is cut, and so none of ours. */
export function textCommand(key: string, longest = LONGEST_TEXT): Command {
  return { key, words: ["getrange", key, 0, longest - 1] };
}

/** A text that was asked for so; undefined where there is none, as none of ours is empty. */
export function textFrom(answer: unknown): string | undefined {
  return typeof answer === "string" && answer !== "" ? answer : undefined;
}

/** Asks for bytes; one more than `longest`, so that `bytesFrom` can tell. */
export function bytesCommand(key: string, longest: number): Command {
  return { key, words: ["getrangeBuffer", key, 0, longest] };
}

/** Bytes that were asked for so; undefined where there are none, or more, which is told of. */
export function bytesFrom(answer: unknown, key: string, longest: number, onRefused: OnRefused): Buffer | undefined {
  if (!(answer instanceof Buffer) || answer.length === 0) {
    return undefined;
  }
  if (answer.length > longest) {
    onRefused({ key, words: ["strlen", key] }, `it has more than ${longest} bytes, which DOTM never writes`);
    return undefined;
  }
  return answer;
}

/** How the length of a key is asked for, and in what it is counted. */
const LENGTHS = {
  string: ["strlen", "bytes"],
  list: ["llen", "entries"],
  hash: ["hlen", "fields"],
  set: ["scard", "members"],
  zset: ["zcard", "members"],
} as const;

/** Those of the keys that are no longer than DOTM would write; the others are told of. */
export async function shortKeys(
  client: RedisClient,
  keys: readonly string[],
  { type, most }: { readonly type: Exclude<KeyType, "stream">; readonly most: number },
  onRefused: OnRefused,
): Promise<Set<string>> {
  const [name, counted] = LENGTHS[type];
  const short = new Set<string>();
  const commands = keys.map((key): Command => ({ key, words: [name, key] }));
  const lengths = await askAll(client, commands, onRefused);
  for (const [at, command] of commands.entries()) {
    const length = lengths[at];
    if (typeof length !== "number") {
      continue;
    }
    if (length <= most) {
      short.add(command.key);
    } else {
      onRefused(command, `it has ${length} ${counted}, more than DOTM ever writes`);
    }
  }
  return short;
}

/** The same of hashes, by their fields. */
export function shortHashes(
  client: RedisClient,
  keys: readonly string[],
  most: number,
  onRefused: OnRefused,
): Promise<Set<string>> {
  return shortKeys(client, keys, { type: "hash", most }, onRefused);
}

/** Whether one hash has no more fields than DOTM would write; a longer one is told of. */
export async function isShortHash(
  client: RedisClient,
  key: string,
  most: number,
  onRefused: OnRefused,
): Promise<boolean> {
  return (await shortHashes(client, [key], most, onRefused)).has(key);
}

/** The members of a set, some more than once, none where there are more than DOTM would write, which is told of. */
export async function* membersInBites(
  client: RedisClient,
  key: string,
  most: number,
  onRefused: OnRefused,
): AsyncGenerator<readonly string[], void, void> {
  if (!(await shortKeys(client, [key], { type: "set", most }, onRefused)).has(key)) {
    return;
  }
  let cursor = "0";
  do {
    const answer = await askOne(client, { key, words: ["sscan", key, cursor, "COUNT", BITE] }, onRefused);
    const [next = "0", members = []] = (answer ?? []) as [next?: string, members?: string[]];
    yield members;
    cursor = String(next);
  } while (cursor !== "0");
}

/** The same all together, each once. */
export async function membersOfSet(
  client: RedisClient,
  key: string,
  most: number,
  onRefused: OnRefused,
): Promise<string[]> {
  const all = new Set<string>();
  for await (const members of membersInBites(client, key, most, onRefused)) {
    for (const member of members) {
      all.add(member);
    }
  }
  return [...all];
}
