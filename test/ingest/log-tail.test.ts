import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogFile } from "../../src/ingest/log-file.ts";
import { LogLines } from "../../src/ingest/log-lines.ts";
import { LogTail } from "../../src/ingest/log-tail.ts";
import { type Logger, SILENT } from "../../src/logger.ts";
import { nothingMoreRuns, running } from "../support/left-running.ts";

const MAKE_FIFO = "mkfifo";

let folder: string;
let log: string;
let lines: string[];
let file: LogFile;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-log-"));
  log = join(folder, "nagios.log");
  lines = [];
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

describe("a log", () => {
  it("gives first what is at its end, then what is added", async () => {
    writeFileSync(log, `${"x".repeat(100)}\n`.repeat(2000));
    expect(await look()).toHaveLength(Math.floor((64 * 1024) / 101));
    expect(await look()).toEqual([]);
    appendFileSync(log, "one\ntwo\nha");
    expect(await look()).toEqual(["one", "two"]);
    appendFileSync(log, "lf\n\nthree\n");
    expect(await look()).toEqual(["half", "", "three"]);
  });

  it("that is deleted and written anew is read from its beginning", async () => {
    writeFileSync(log, "[1] old\n");
    await look();
    unlinkSync(log);
    expect(await look()).toEqual([]);
    writeFileSync(log, "[2] new\n");
    expect(await look()).toEqual(["[2] new"]);
  });

  it("that is no file is refused, without waiting for a writer", async () => {
    execFileSync(MAKE_FIFO, [log]);
    await expect(look()).rejects.toMatchObject({ code: "ENOTFILE" });
    rmSync(log);
    mkdirSync(log);
    await expect(look()).rejects.toMatchObject({ code: "ENOTFILE" });
    rmSync(log, { recursive: true });
    await expect(look()).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("lines", () => {
  it("are the same however their bytes come", () => {
    const text = "one\n\ntwo äöü\nthree";
    for (let size = 1; size <= text.length; size++) {
      const reader = new LogLines(false);
      const found: string[] = [];
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += size) {
        // The reader's buffer is used again for what comes next.
        const chunk = Buffer.from(bytes.subarray(at, at + size));
        found.push(...reader.take(chunk).map(String));
        chunk.fill(0);
      }
      expect(found).toEqual(["one", "", "two äöü"]);
    }
  });

  it("whose beginning is missing are left out", () => {
    expect(new LogLines(true).take(Buffer.from("half\nwhole\n")).map(String)).toEqual(["whole"]);
  });
});

describe("a tail", () => {
  const warnings: object[] = [];
  const logger: Logger = {
    debug: () => undefined,
    info: (fields, message) => {
      warnings.push({ ...fields, message });
      wake();
    },
    warn: (fields, message) => void warnings.push({ ...fields, message }),
    error: () => undefined,
  };
  let tail: LogTail;
  let wake: () => void;

  beforeEach(() => {
    warnings.length = 0;
    wake = () => undefined;
    const onLines = (some: readonly Buffer[]) => {
      lines.push(...some.map(String));
      wake();
    };
    tail = new LogTail({ name: "mon", file: log, onLines, logger, now: () => Date.now() / 1000 });
  });

  afterEach(() => tail.stop());

  /** Waits until a line was told. */
  function told(line: string): Promise<void> {
    return until(() => lines.includes(line));
  }

  async function until(is: () => boolean): Promise<void> {
    while (!is()) {
      await new Promise<void>((done) => {
        wake = done;
      });
    }
  }

  it("tells a line as soon as it is written, across rotation", async () => {
    writeFileSync(log, "[1] start\n");
    await tail.start();
    expect(lines).toEqual(["[1] start"]);
    const waited: number[] = [];
    for (const line of ["[2] one", "[2] two", "[2] three"]) {
      const before = performance.now();
      appendFileSync(log, `${line}\n`);
      await told(line);
      waited.push(performance.now() - before);
    }
    // By looking once a second it would find each a second after the one before. One is enough: the machine may be busy.
    expect(Math.min(...waited.slice(1))).toBeLessThan(900);
    renameSync(log, `${log}.1`);
    writeFileSync(log, "[3] rotated\n");
    await told("[3] rotated");
    appendFileSync(log, "[4] after\n");
    await told("[4] after");
    expect(lines).toEqual(["[1] start", "[2] one", "[2] two", "[2] three", "[3] rotated", "[4] after"]);
    expect(warnings).toEqual([]);
  });

  it("waits for a log that is not there, and says so once, with what to do", async () => {
    await tail.start();
    writeFileSync(log, "[1] start\n");
    await told("[1] start");
    await until(() => warnings.length > 1);
    expect(warnings).toEqual([
      {
        source: "mon",
        reason: "ENOENT",
        cause: `${log} does not exist`,
        next: "Give the path that log_file has in nagios.cfg.",
        message: "the log cannot be followed; states come with the status file alone",
      },
      { source: "mon", file: log, message: "the log is followed again" },
    ]);
  });

  it("tells nothing after it was stopped", async () => {
    writeFileSync(log, "[1] start\n");
    await tail.start();
    const stopped = tail.stop();
    appendFileSync(log, "[2] late\n");
    await stopped;
    expect(lines).toEqual(["[1] start"]);
  });
});

it("leaves nothing running when it is stopped while it starts", async () => {
  writeFileSync(log, "[1] a\n");
  const before = running();
  const onLines = (some: readonly Buffer[]) => lines.push(...some.map(String));
  const tail = new LogTail({ name: "mon", file: log, onLines, logger: SILENT, now: () => 0 });
  const starting = tail.start();
  await tail.stop();
  await starting;
  await nothingMoreRuns(before);
  expect(lines).toEqual([]);
});
