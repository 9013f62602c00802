/** The folder of reports, into which anybody may write at any moment and as much as they like. */
import { mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ReportRefused } from "../../src/ingest/report-refused.ts";
import { type FoundReport, ReportSpool } from "../../src/ingest/report-spool.ts";
import { SILENT } from "../../src/logger.ts";
import { eventually } from "../support/process.ts";

let folder: string;
let spool: ReportSpool | undefined;
let now = 0;
const taken: FoundReport[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
  taken.length = 0;
});

afterEach(async () => {
  await spool?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the folder; only JSON that ends is a report. */
async function start(): Promise<void> {
  const sink = async (report: FoundReport) => {
    if (!report.raw.toString().endsWith("}")) {
      throw new ReportRefused(400, "the report is not JSON", "Look at it.");
    }
    taken.push(report);
  };
  spool = new ReportSpool({ folder, sink, log: SILENT, every: 3_600, now: () => now });
  await spool.start();
}

function write(name: string, text: string, modified: number): void {
  writeFileSync(join(folder, name), text);
  utimesSync(join(folder, name), modified, modified);
}

const left = () =>
  readdirSync(folder)
    .filter((name) => name !== "bad")
    .sort();
const names = () => taken.map(({ file }) => file);
const until = (what: string, is: () => boolean) => eventually(what, async () => is() || undefined, 20_000, 5);

it("D34 only what was renamed into its place is read; what grows in its place is waited for", async () => {
  now = 1_000;
  for (const name of ["half.json.tmp", ".hidden.json", "notes.txt"]) {
    write(name, '{"version":', now);
  }
  write("growing.json", '{"version":', now - 1);
  write("left-behind.json", '{"version":', now - 100);
  write("whole.json", "{}", now);
  await start();
  await until("a file that nobody writes any more is put aside", () => readdirSync(join(folder, "bad")).length === 1);
  await until("the whole file is read and gone", () => taken.length === 1 && !left().includes("whole.json"));
  expect(readdirSync(join(folder, "bad"))).toEqual(["left-behind.json"]);
  expect(left()).toEqual([".hidden.json", "growing.json", "half.json.tmp", "notes.txt"]);
  write("growing.json", "{}", now);
  renameSync(join(folder, "half.json.tmp"), join(folder, "half.json"));
  write("half.json", "{}", now + 1);
  await until("both are read", () => taken.length === 3);
  expect(names()).toEqual(["whole.json", "growing.json", "half.json"]);
});

it("D35 all are read, oldest first, a thousand at a time (5,000 here)", async ({ annotate }) => {
  const files = Array.from({ length: 5_000 }, (_, at) => `${(at * 7_919) % 5_000}.json`);
  for (const [at, name] of files.entries()) {
    write(name, "{}", 1_000 + at);
  }
  const began = performance.now();
  await start();
  await until("all are read", () => taken.length === files.length);
  await annotate(`${Math.round(files.length / ((performance.now() - began) / 1000))} files a second`, "figure");
  expect(names()).toEqual(files);
  // A file is removed once its report is kept.
  await until("none is left", () => left().length === 0);
});
