/** Redis commands as data, each about keys of one slot only. */
import { type ScriptName, scriptText } from "./lua-scripts.ts";
import type { Fields } from "./record-codec.ts";

/** What can stand in a command. */
export type Word = string | number | Buffer;

/** One command with the key it is about. */
export interface Command {
  readonly key: string;
  /** Name of the command and its arguments. */
  readonly words: readonly [name: string, ...args: Word[]];
  /**
   * Of what Redis may refuse as such: commands to take its place. Of the one kind that touches more slots than that of `key`:
   * the same as commands of one slot each; of a question that not everybody may ask: a plainer one.
   */
  readonly apart?: () => Command[];
}

/** Types a key of ours can have. */
export type KeyType = "string" | "list" | "hash" | "set" | "zset" | "stream";

/** Elements given to one command at most. */
const MOST_MEMBERS = 1_000;

/** Entries that streams keep, more or less, where nobody trims them otherwise. */
export const STREAM_LENGTH = 10_000;

/** Stores text. `GET` makes Redis refuse where the key holds something of another type, which is not ours then. */
export function setText(key: string, value: string | Buffer, expire?: number): Command {
  return { key, words: ["set", key, value, ...(expire === undefined ? [] : ["EX", expire]), "GET"] };
}

/** Writes the fields of a hash that have values and removes those that have none. */
export function writeHash(key: string, fields: Fields): Command[] {
  const values: Word[] = [];
  const gone: string[] = [];
  for (const [field, value] of fields) {
    if (value === null) {
      gone.push(field);
    } else {
      values.push(field, value);
    }
  }
  return [
    ...chunks(values, 2 * MOST_MEMBERS).map((part): Command => ({ key, words: ["hset", key, ...part] })),
    ...chunks(gone, MOST_MEMBERS).map((part): Command => ({ key, words: ["hdel", key, ...part] })),
  ];
}

/** How an index keeps its members: long names take a quarter of the memory as fields of a hash with nothing in them. */
export type IndexType = "set" | "hash";

/** Adds members to an index. */
export function addMembers(key: string, members: readonly string[], type: IndexType = "set"): Command[] {
  return chunks(members, MOST_MEMBERS).map((part) => ({
    key,
    words: type === "set" ? ["sadd", key, ...part] : ["hset", key, ...part.flatMap((member) => [member, ""])],
  }));
}

/** Takes members out of an index. */
export function removeMembers(key: string, members: readonly string[], type: IndexType = "set"): Command[] {
  const name = type === "set" ? "srem" : "hdel";
  return chunks(members, MOST_MEMBERS).map((part) => ({ key, words: [name, key, ...part] }));
}

/** Asks for the members of an index. */
export function membersOf(key: string, type: IndexType = "set"): Command {
  return { key, words: [type === "set" ? "smembers" : "hkeys", key] };
}

/** Appends an entry to a stream that keeps its newest ones. */
export function appendTo(stream: string, fields: readonly Word[], length = STREAM_LENGTH): Command {
  return { key: stream, words: ["xadd", stream, "MAXLEN", "~", length, "*", ...fields] };
}

/** Deletes a key of ours, leaves one of another type alone. */
export function deleteKey(key: string, type: KeyType): Command {
  return { key, words: ["eval", scriptText("delete-typed-1"), 1, key, type] };
}

/** Replaces a list as a whole; an empty one is deleted. `expire` in seconds. */
export function replaceList(key: string, items: readonly string[], expire: number): Command {
  return items.length === 0
    ? deleteKey(key, "list")
    : { key, words: ["eval", scriptText("replace-list-1"), 1, key, expire, ...items] };
}

/**
 * Moves `last_seen` and `last_connection` of hashes on, as far as they are there. `begin` is what their keys begin with, the
 * ends follow, all in one word. One script for many: such times would be most of what is ever written.
 */
export function moveTimes(index: string, at: number, begin: string, ends: readonly string[]): Command[] {
  const command = (key: string, some: readonly string[]) =>
    scriptCommand("move-times-1", [key], [at, begin, some.join("\n")]);
  return chunks(ends, MOST_MEMBERS).map((part) => ({
    ...command(index, part),
    apart: () => part.map((end) => command(begin + end, [end])),
  }));
}

/** Adds names to a list in which each stands once, or removes them; `members` is its companion set in the same slot. */
export function updateUniqueList(
  list: string,
  members: string,
  verb: "add" | "remove",
  names: readonly string[],
): Command[] {
  return chunks(names, MOST_MEMBERS).map((part) => ({
    key: list,
    words: ["eval", scriptText("update-nodes-2"), 2, list, members, verb, ...part],
  }));
}

/** Runs a script on the keys given; `args` are its arguments. */
export function scriptCommand(name: ScriptName, scriptKeys: readonly [string, ...string[]], args: Word[]): Command {
  return { key: scriptKeys[0], words: ["eval", scriptText(name), scriptKeys.length, ...scriptKeys, ...args] };
}

function chunks<T>(items: readonly T[], most: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += most) {
    parts.push(items.slice(at, at + most));
  }
  return parts;
}
