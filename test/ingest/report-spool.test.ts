import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReportRefused } from "../../src/ingest/report-refused.ts";
import { type FoundReport, ReportSpool } from "../../src/ingest/report-spool.ts";
import { type Logger, SILENT } from "../../src/logger.ts";

let folder = "";
let spool: ReportSpool | undefined;
let taken: FoundReport[] = [];
let logged: unknown[] = [];
let sink: (report: FoundReport) => Promise<void> = async () => undefined;
const log: Logger = { ...SILENT, warn: (fields) => logged.push(fields), error: (fields) => logged.push(fields) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-reports-"));
  [taken, logged] = [[], []];
  sink = async (report) => {
    taken.push(report);
  };
});

afterEach(async () => {
  await spool?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  spool = new ReportSpool({ folder, sink: (report) => sink(report), log, every: 3_600, now: () => 10_000_000_000 });
  await spool.start();
}

/** Resolves when it has come so far; the test's own time limit is the end of patience. */
async function until(reached: () => boolean): Promise<void> {
  while (!reached()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function put(name: string, content: string | Buffer, modified?: number): void {
  writeFileSync(join(folder, `${name}.tmp`), content);
  if (modified !== undefined) {
    utimesSync(join(folder, `${name}.tmp`), modified, modified);
  }
  renameSync(join(folder, `${name}.tmp`), join(folder, name));
}

function left(): string[] {
  return readdirSync(folder).filter((name) => name !== "bad");
}

describe("ReportSpool", () => {
  it("takes what lies there, oldest first, and then what comes", async () => {
    put("b.json", "second", 2_000);
    put("a.json", "third", 3_000);
    put("c.json.gz", gzipSync("first"), 1_000);
    await start();
    await until(() => left().length === 0);
    expect(taken.map(({ file, encoding }) => [file, encoding])).toEqual([
      ["c.json.gz", "gzip"],
      ["b.json", undefined],
      ["a.json", undefined],
    ]);
    put("d.json", "fourth");
    await until(() => left().length === 0);
    expect(taken.at(-1)?.raw.toString()).toBe("fourth");
  });

  it("moves aside what is refused, with the reason in the log, and goes on", async () => {
    sink = async ({ file }) => {
      if (file === "bad.json") {
        throw new ReportRefused(400, "the report is not JSON", "Look at it.");
      }
      taken.push({ file } as FoundReport);
    };
    put("bad.json", "{", 1_000);
    put("good.json", "{}", 2_000);
    await start();
    await until(() => left().length === 0);
    expect(readdirSync(join(folder, "bad"))).toEqual(["bad.json"]);
    expect(logged).toEqual([{ file: join(folder, "bad", "bad.json"), reason: "the report is not JSON" }]);
    expect(taken.map(({ file }) => file)).toEqual(["good.json"]);
  });

  it("keeps everything in its place while nothing can be taken in", async () => {
    let full = true;
    let asked = 0;
    sink = async (report) => {
      asked++;
      if (full) {
        throw new ReportRefused(503, "the journal of reports is full", "Wait.");
      }
      taken.push(report);
    };
    put("a.json", "1", 1_000);
    put("b.json", "2", 2_000);
    await start();
    await until(() => asked > 0 && logged.length > 0);
    expect(left()).toHaveLength(2);
    expect(readdirSync(join(folder, "bad"))).toEqual([]);
    full = false;
    put("c.json", "3", 3_000);
    await until(() => left().length === 0);
    expect(taken.map(({ file }) => file)).toEqual(["a.json", "b.json", "c.json"]);
  });

  it("reads no links, folders, or files that somebody else holds too", async () => {
    const secret = join(folder, "secret.txt");
    writeFileSync(secret, "secret");
    symlinkSync(secret, join(folder, "link.json"));
    linkSync(secret, join(folder, "hard.json"));
    mkdirSync(join(folder, "folder.json"));
    await start();
    await until(() => left().length === 1);
    expect(taken).toEqual([]);
    expect(readdirSync(join(folder, "bad")).sort()).toEqual(["folder.json", "hard.json", "link.json"]);
    expect(existsSync(secret)).toBe(true);
  });

  it("says what to do where the folder cannot be used", async () => {
    writeFileSync(join(folder, "file"), "");
    const broken = new ReportSpool({ folder: join(folder, "file"), sink, log, now: () => 0 });
    await expect(broken.start()).rejects.toMatchObject({
      code: "DOTM_SOURCE_UNREADABLE",
      next: expect.stringContaining("agents.spool_dir"),
    });
  });
});
