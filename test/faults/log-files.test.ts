/** What happens to nagios.log. */
import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LogFile } from "../../src/ingest/log-file.ts";
import { LogLines } from "../../src/ingest/log-lines.ts";

let folder: string;
let log: string;
let file: LogFile;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
  log = join(folder, "nagios.log");
  file = new LogFile(log);
});

afterEach(async () => {
  await file.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The lines that a look at the file gives. */
async function look(): Promise<string[]> {
  const found: string[] = [];
  await file.look((some) => found.push(...some.map(String)));
  return found;
}

it("A22 a renamed log is read to its last line, then the new one from its first, no line twice", async () => {
  writeFileSync(log, "[1] old\n");
  expect(await look()).toEqual(["[1] old"]);
  appendFileSync(log, "[2] last words\n");
  const archive = join(folder, "nagios-11-22-2026-00.log");
  renameSync(log, archive);
  expect(await look()).toEqual(["[2] last words"]);
  appendFileSync(archive, "[3] very last words\n[3] cut o");
  writeFileSync(log, `[4] LOG ROTATION: DAILY\n${"[4] CURRENT HOST STATE: web;UP\n".repeat(20_000)}[5] new\n`);
  const found = await look();
  expect(found.slice(0, 2)).toEqual(["[3] very last words", "[4] LOG ROTATION: DAILY"]);
  expect(found).toHaveLength(20_003);
  expect(found.at(-1)).toBe("[5] new");
  expect(await look()).toEqual([]);
});

it("A22 a truncated log is read from its beginning", async () => {
  writeFileSync(log, "[1] old\n[1] ha");
  await look();
  truncateSync(log);
  expect(await look()).toEqual([]);
  appendFileSync(log, "[2] new\n");
  expect(await look()).toEqual(["[2] new"]);
});

it("A22 a log that was copied and truncated is known by its first bytes, even where it has grown past the old place", async () => {
  writeFileSync(log, "[1] old\n");
  await look();
  copyFileSync(log, `${log}.1`);
  truncateSync(log);
  appendFileSync(log, "[2] new\n[2] more than there was before\n");
  expect(await look()).toEqual(["[2] new", "[2] more than there was before"]);
  appendFileSync(log, "[3] next\n");
  expect(await look()).toEqual(["[3] next"]);
});

it("A23 the line is told when its end comes; one of more than 64 KiB is left out, the next is read", async () => {
  writeFileSync(log, "[1] one\n[2] ha");
  expect(await look()).toEqual(["[1] one"]);
  appendFileSync(log, "lf\n");
  expect(await look()).toEqual(["[2] half"]);
  const lines = new LogLines(false);
  const longest = "y".repeat(64 * 1024);
  expect(lines.take(Buffer.from(longest))).toEqual([]);
  expect(lines.take(Buffer.from("\n")).map(String)).toEqual([longest]);
  expect(lines.take(Buffer.from(longest.repeat(2)))).toEqual([]);
  expect(lines.take(Buffer.from(`end\nb\n${longest}y\nc\n`)).map(String)).toEqual(["b", "c"]);
});
