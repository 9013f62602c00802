/** Something that foreign input is fed to. */
import { readdirSync, readFileSync } from "node:fs";

/** One target. */
export interface Target {
  readonly name: string;
  /** Good inputs to begin with. */
  readonly seeds: () => readonly Buffer[];
  /**
   * Takes an input. Throws where something is wrong. Resolves to what came of it in a few words: an input that leads to
   * something new is worth changing further.
   */
  readonly run: (input: Buffer) => string | Promise<string>;
}

const FIXTURES = new URL("../../fixtures/", import.meta.url);

/** Fixtures of a folder whose names match; large ones are cut, so that changes hit something. */
export function fixtures(folder: string, pattern: RegExp, most = 40_000): Buffer[] {
  return readdirSync(new URL(`${folder}/`, FIXTURES))
    .filter((name) => pattern.test(name))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, FIXTURES)).subarray(0, most));
}

/** Demands that something holds. @throws where it does not */
export function demand(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(what);
  }
}

/** What kind of result it is: how many things, and what of each kind. */
export function outline(value: unknown): string {
  const seen = (each: unknown): string => (Array.isArray(each) ? `[${Math.min(9, each.length)}]` : typeof each);
  return typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([key, each]) => `${key.slice(0, 20)}:${seen(each)}`)
        .join(",")
        .slice(0, 300)
    : `${value}`.slice(0, 40);
}
