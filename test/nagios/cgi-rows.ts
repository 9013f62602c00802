/** Reads answers of CGIs from the fixtures. */
import { readFileSync } from "node:fs";
import { type JsonRow, JsonRows } from "../../nagios/json-rows.ts";

/** The bytes of an answer. */
export function answer(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/cgi/${name}`, import.meta.url));
}

/** All rows of an answer. */
export function rowsOf(bytes: Buffer | string, lists: ReadonlyMap<string, number>): JsonRow[] {
  const rows: JsonRow[] = [];
  const scan = new JsonRows(lists, (row) => rows.push(row));
  scan.feed(Buffer.from(bytes));
  return rows;
}
