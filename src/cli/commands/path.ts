/** `dotm path A B`: whether one thing depends on another, and over what. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { type DependencyPath, findPath } from "../../impact/find-path.ts";
import { EXIT } from "../exit-code.ts";
import { expectId } from "../not-found.ts";
import type { OpenReader } from "../open-store.ts";
import { printableJson } from "../printable-json.ts";
import { withReader } from "../store-access.ts";
import { harmless } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";

/** Options of the command. */
export interface PathOptions extends StoreFlags {
  readonly output: "table" | "json";
}

/** Prints the way; exit code 3 where neither depends on the other. */
export async function path(
  a: string,
  b: string,
  options: PathOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const found = await withReader(options, terminal, open, async (reader) => {
    await expectId(reader, a, terminal.program, (name) => `path ${shellWord(name)} ${shellWord(b)}`);
    await expectId(reader, b, terminal.program, (name) => `path ${shellWord(a)} ${shellWord(name)}`);
    return findPath(reader, a, b);
  });
  terminal.out.write(options.output === "json" ? `${printableJson(found, 2)}\n` : pathText(found));
  return found.path === null ? EXIT.notFound : EXIT.done;
}

function pathText({ from, to, path: ids, hops, certainty }: DependencyPath): string {
  if (ids === null) {
    return `${harmless(`Neither of ${from} and ${to} is known to depend on the other.`)}\n`;
  }
  const steps = `${hops} ${hops === 1 ? "hop" : "hops"}, certainty ${certainty}`;
  return `${harmless(`${from} depends on ${to}: ${steps}`)}\n${harmless(ids.join(" > "))}\n`;
}
