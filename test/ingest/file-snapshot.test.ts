import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ByteLines } from "../../nagios/byte-lines.ts";
import { ScanWindow, type WindowScanner } from "../../nagios/scan-window.ts";
import { backoffDelay } from "../../src/ingest/backoff.ts";
import { fileIdentity, readThrough, sameFile } from "../../src/ingest/file-snapshot.ts";

/** Node has no call for it. */
const MAKE_FIFO = "mkfifo";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-snapshot-"));
  file = join(folder, "file");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Collects whole lines; calls `during` when the first came. */
class Lines implements WindowScanner {
  read = "";
  readonly #during: () => void;

  constructor(during: () => void = () => undefined) {
    this.#during = during;
  }

  scan(text: ByteLines, isEnd: boolean): number {
    const content = text.bytes.toString("latin1", 0, text.length);
    const whole = isEnd ? content : content.slice(0, content.lastIndexOf("\n") + 1);
    if (this.read === "" && whole !== "") {
      this.#during();
    }
    this.read += whole;
    return whole.length;
  }
}

const TEXT = Array.from({ length: 2000 }, (_, line) => `line ${line}`).join("\n");

it("reads a file larger than the window as it is", async () => {
  writeFileSync(file, TEXT);
  const lines = new Lines();
  const identity = await readThrough(file, new ScanWindow(256), lines);
  expect(lines.read).toBe(TEXT);
  expect(sameFile(identity, await fileIdentity(file))).toBe(true);
});

it("gives a line room that is longer than the window", async () => {
  const long = `${"x".repeat(10_000)}\ny\n`;
  writeFileSync(file, long);
  const lines = new Lines();
  await readThrough(file, new ScanWindow(64), lines);
  expect(lines.read).toBe(long);
});

it.each([
  ["replaced", () => renameSync(`${file}.new`, file)],
  ["deleted", () => unlinkSync(file)],
])("reads a file to its end that is %s meanwhile", async (_, during) => {
  writeFileSync(file, TEXT);
  writeFileSync(`${file}.new`, "new\n");
  const lines = new Lines(during);
  expect(await readThrough(file, new ScanWindow(256), lines)).toBeDefined();
  expect(lines.read).toBe(TEXT);
});

it("tells where a file was changed meanwhile", async () => {
  writeFileSync(file, TEXT);
  const lines = new Lines(() => appendFileSync(file, "more"));
  expect(await readThrough(file, new ScanWindow(256), lines)).toBeUndefined();
});

it("refuses what is no file, without waiting", async () => {
  execFileSync(MAKE_FIFO, [file]);
  await expect(readThrough(file, new ScanWindow(64), new Lines())).rejects.toMatchObject({ code: "ENOTFILE" });
  await expect(readThrough(folder, new ScanWindow(64), new Lines())).rejects.toMatchObject({ code: "ENOTFILE" });
  await expect(readThrough(join(folder, "none"), new ScanWindow(64), new Lines())).rejects.toMatchObject({
    code: "ENOENT",
  });
});

it("knows a file by more than its inode", async () => {
  writeFileSync(file, "a");
  const before = await fileIdentity(file);
  writeFileSync(file, "b");
  expect(sameFile(before, await fileIdentity(file))).toBe(false);
  expect(await fileIdentity(join(folder, "none"))).toBeUndefined();
  expect(sameFile(undefined, undefined)).toBe(false);
});

it("waits longer after each failure, up to a limit", () => {
  const limits = { first: 1, longest: 30 };
  expect([1, 2, 3, 4, 5, 6, 7, 1000].map((failures) => backoffDelay(failures, limits, 0))).toEqual([
    1, 2, 4, 8, 16, 30, 30, 30,
  ]);
  expect(backoffDelay(3, limits, 1)).toBe(3);
});
