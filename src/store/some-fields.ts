/** Some fields of a hash: however many others somebody put beside ours, or how much into ours, none of that is read. */
import { type Command, scriptCommand } from "./commands.ts";
import type { OnRefused } from "./run-commands.ts";

/** Bytes of a field: the alarms of a host of which as many connections are gone as are remembered have as many. */
export const LONGEST_FIELD = 16 << 20;

/** Asks for the fields of these names, in one trip. */
export function fieldsCommand(key: string, names: readonly string[]): Command {
  const command = scriptCommand("some-fields-1", [key], [LONGEST_FIELD, ...names]);
  return { ...command, apart: () => [{ key, words: ["hmget", key, ...names] }] };
}

/** The fields that were asked for so, of those that are there; of one that is too long is told. */
export function fieldsFrom(
  answer: unknown,
  { key, names }: { readonly key: string; readonly names: readonly string[] },
  onRefused: OnRefused,
): Readonly<Record<string, string>> {
  const values: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return shortOnes(
    names.map((name, at) => [name, values[at]]),
    key,
    onRefused,
  );
}

/** The fields that have a value; of the first that has a length in its place is told. */
export function shortOnes(
  fields: readonly (readonly [name: string, value: unknown])[],
  key: string,
  onRefused: OnRefused,
): Readonly<Record<string, string>> {
  const long = fields.filter(([, value]) => typeof value === "number");
  const [name = "", length] = long[0] ?? [];
  if (length !== undefined) {
    const others = long.length > 1 ? `, as ${long.length - 1} others` : "";
    const reason = `its field ${JSON.stringify(name)} has ${length} bytes${others}, more than DOTM ever writes`;
    onRefused({ key, words: ["hstrlen", key, name] }, reason);
  }
  return Object.fromEntries(fields.flatMap(([field, value]) => (typeof value === "string" ? [[field, value]] : [])));
}
