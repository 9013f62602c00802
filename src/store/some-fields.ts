/** Some fields of a hash: however many others somebody put beside ours, none is read. */
import type { Command } from "./commands.ts";

/** Asks for the fields of these names. */
export function fieldsCommand(key: string, names: readonly string[]): Command {
  return { key, words: ["hmget", key, ...names] };
}

/** The fields that were asked for so, of those that are there. */
export function fieldsFrom(answer: unknown, names: readonly string[]): Readonly<Record<string, string>> {
  const values: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return Object.fromEntries(
    names.flatMap((name, at) => {
      const value = values[at];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}
