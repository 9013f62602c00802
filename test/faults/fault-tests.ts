/** Which tests this folder holds, read from their text: nothing has to run for it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A test: the fault it is for and, in words, what is expected of DOTM. */
export interface FaultTest {
  readonly id: string;
  readonly expectation: string;
}

const FOLDER = import.meta.dirname;
const TITLE = /\(\s*"([A-Z]\d\d) ((?:[^"\\]|\\.)+)"/g;

/** All tests for faults, by id, then as they stand in their files. */
export function faultTests(): readonly FaultTest[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  const found = files.toSorted().flatMap((file) => [...readFileSync(join(FOLDER, file), "utf8").matchAll(TITLE)]);
  return found
    .map(([, id = "", text = ""]) => ({ id, expectation: JSON.parse(`"${text}"`) as string }))
    .toSorted((one, other) => (one.id < other.id ? -1 : Number(one.id > other.id)));
}

/** What a test's name says; undefined where it is about no fault. */
export function faultTestOf(name: string): FaultTest | undefined {
  const [, id, expectation] = /^([A-Z]\d\d) (.+)$/s.exec(name) ?? [];
  return id === undefined || expectation === undefined ? undefined : { id, expectation };
}
