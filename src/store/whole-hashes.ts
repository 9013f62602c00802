/**
 * Hashes that are read whole: how many fields each has and how much all of them weigh is asked first, in one trip. Of one that
 * weighs more than DOTM ever writes only the short fields are read, by a script; most never come to that.
 */
import { type Command, scriptCommand } from "./commands.ts";
import { LONGEST_TEXT, shortHashes } from "./long-values.ts";
import type { RedisClient } from "./redis.ts";
import { askAll, askOne, type OnRefused } from "./run-commands.ts";
import { LONGEST_FIELD, shortOnes } from "./some-fields.ts";

/** Bytes of a hash with its names and what Redis needs to keep it: twice what is remembered of a host at most. */
const HEAVIEST = LONGEST_TEXT;

/** How each of the hashes is asked for; those of more than `most` fields are left out and told of. */
export async function hashCommands(
  client: RedisClient,
  keys: readonly string[],
  most: number,
  onRefused: OnRefused,
): Promise<Map<string, Command>> {
  const [short, weights] = await Promise.all([
    shortHashes(client, keys, most, onRefused),
    askAll(
      client,
      keys.map((key) => weightOf(key, most)),
      onRefused,
    ),
  ]);
  return new Map(
    keys.flatMap((key, at) => {
      const isLight = Number(weights[at] ?? 0) <= HEAVIEST;
      return short.has(key) ? [[key, isLight ? whole(key) : shortFields(key)]] : [];
    }),
  );
}

/** The fields of a hash that was asked for so; of those that are too long is told. */
export function hashFrom(answer: unknown, key: string, onRefused: OnRefused): Readonly<Record<string, string>> {
  if (!Array.isArray(answer)) {
    return (answer ?? {}) as Record<string, string>;
  }
  const fields = answer.flatMap((name, at) => (at % 2 === 0 ? [[String(name), answer[at + 1]] as const] : []));
  return shortOnes(fields, key, onRefused);
}

/** One hash; nothing of one of more than `most` fields. */
export async function readHash(
  client: RedisClient,
  key: string,
  most: number,
  onRefused: OnRefused,
): Promise<Readonly<Record<string, string>>> {
  const command = (await hashCommands(client, [key], most, onRefused)).get(key);
  return command === undefined ? {} : hashFrom(await askOne(client, command, onRefused), key, onRefused);
}

/** Each field is weighed, but no more than so many: in a longer hash the fields are counted anyway. */
function weightOf(key: string, most: number): Command {
  return {
    key,
    words: ["memory", "usage", key, "SAMPLES", most],
    apart: () => [{ key, words: ["hlen", key] }],
  };
}

function whole(key: string): Command {
  return { key, words: ["hgetall", key] };
}

function shortFields(key: string): Command {
  return { ...scriptCommand("short-fields-1", [key], [LONGEST_FIELD, HEAVIEST]), apart: () => [whole(key)] };
}
