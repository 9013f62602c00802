/**
 * Values under our names that are longer than DOTM ever writes: somebody else put them there, and reading the whole of one
 * would take the memory and the time of everybody. Of texts and lists only so much is asked for, of hashes first how long
 * they are.
 */
import type { Command } from "./commands.ts";
import type { RedisClient } from "./redis.ts";
import { askAll, type OnRefused } from "./run-commands.ts";

/** Bytes of a text: an impact on 100,000 services has half as many. */
const LONGEST_TEXT = 64 << 20;
/** Hosts, and problems: several times what one DOTM is made for. */
export const MOST_HOSTS = 100_000;
export const MOST_PROBLEMS = 500_000;
/** Checks of a host. */
export const MOST_CHECKS = 50_000;

/** Asks for a text; one that is longer is cut, and so none of ours. */
export function textCommand(key: string): Command {
  return { key, words: ["getrange", key, 0, LONGEST_TEXT - 1] };
}

/** A text that was asked for so; undefined where there is none, as none of ours is empty. */
export function textFrom(answer: unknown): string | undefined {
  return typeof answer === "string" && answer !== "" ? answer : undefined;
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

/** Those of the hashes that have no more fields than DOTM would write; the others are told of. */
export async function shortHashes(
  client: RedisClient,
  keys: readonly string[],
  most: number,
  onRefused: OnRefused,
): Promise<Set<string>> {
  const short = new Set<string>();
  const commands = keys.map((key): Command => ({ key, words: ["hlen", key] }));
  const lengths = await askAll(client, commands, onRefused);
  for (const [at, command] of commands.entries()) {
    const length = lengths[at];
    if (typeof length !== "number") {
      continue;
    }
    if (length <= most) {
      short.add(command.key);
    } else {
      onRefused(command, `it has ${length} fields, more than DOTM ever writes`);
    }
  }
  return short;
}
