import {
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRecords, recordHead } from "../../src/ingest/journal-record.ts";
import { type JournalOptions, ReportJournal } from "../../src/ingest/report-journal.ts";
import { type Logger, SILENT } from "../../src/logger.ts";

let folder = "";
let open: ReportJournal[] = [];
let warnings: string[] = [];
const log: Logger = {
  ...SILENT,
  warn: (_, message) => warnings.push(message),
  error: (_, message) => warnings.push(message),
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-journal-"));
  warnings = [];
});

afterEach(async () => {
  await Promise.all(open.map((journal) => journal.stop()));
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

async function started(options: Partial<JournalOptions> = {}): Promise<ReportJournal> {
  const journal = new ReportJournal({ folder, log, ...options });
  await journal.start();
  open.push(journal);
  return journal;
}

async function texts(journal: ReportJournal, from?: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { payload } of journal.replay(from)) {
    found.push(payload.toString());
  }
  return found;
}

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

function segments(): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(".journal"));
}

describe("ReportJournal", () => {
  it("gives back what was appended, in order, also after a restart", async () => {
    const journal = await started();
    const positions = await Promise.all(["one", "two", "three"].map((text) => journal.append(Buffer.from(text))));
    expect(positions).toEqual([11, 22, 35]);
    expect(await texts(journal)).toEqual(["one", "two", "three"]);
    expect(await texts(journal, positions[0])).toEqual(["two", "three"]);
    await journal.stop();
    const next = await started();
    await next.append(Buffer.from("four"));
    expect(await texts(next)).toEqual(["one", "two", "three", "four"]);
  });

  it("tells with each record the position that append had told", async () => {
    const journal = await started({ segmentBytes: 40 });
    const positions: number[] = [];
    for (let i = 0; i < 20; i++) {
      positions.push(await journal.append(Buffer.from(`record ${i}`)));
    }
    const replayed: number[] = [];
    for await (const { position } of journal.replay()) {
      replayed.push(position);
    }
    expect(replayed).toEqual(positions);
    expect(segments().length).toBeGreaterThan(5);
  });

  it("has a record on the disk when append resolves", async () => {
    const journal = await started();
    await journal.append(Buffer.from("kept"));
    const [name = ""] = segments();
    expect([...readRecords(readFileSync(join(folder, name)))].map(({ payload }) => payload.toString())).toEqual([
      "kept",
    ]);
  });

  it.skipIf(!existsSync("/proc/self/fdinfo"))("writes through to the disk, not into memory only", async () => {
    await started();
    const [segment] = readdirSync("/proc/self/fd").filter((fd) => linkOf(fd)?.startsWith(folder));
    const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${segment}`, "utf8"))?.[1];
    expect(Number.parseInt(flags ?? "0", 8) & constants.O_DSYNC).toBe(constants.O_DSYNC);
  });

  it("forgets what was released, and only that, after a restart too", async () => {
    const journal = await started({ segmentBytes: 40 });
    const positions: number[] = [];
    for (let i = 0; i < 10; i++) {
      positions.push(await journal.append(Buffer.from(`record ${i}`)));
    }
    const before = segments().length;
    await journal.release(positions[6] ?? 0);
    expect(segments().length).toBeLessThan(before);
    expect(await texts(journal)).toEqual(["record 7", "record 8", "record 9"]);
    // An older position brings nothing back.
    await journal.release(positions[2] ?? 0);
    await journal.stop();
    const next = await started();
    expect(await texts(next)).toEqual(["record 7", "record 8", "record 9"]);
    await next.release(next.end);
    expect(await texts(next)).toEqual([]);
    const later = await next.append(Buffer.from("later"));
    expect(later).toBeGreaterThan(positions[9] ?? 0);
    expect(await texts(next)).toEqual(["later"]);
  });

  it("goes on with larger positions where somebody deleted all segments", async () => {
    const journal = await started();
    const position = await journal.append(Buffer.from("one"));
    await journal.release(position);
    await journal.stop();
    for (const name of segments()) {
      rmSync(join(folder, name));
    }
    const next = await started();
    expect(await next.append(Buffer.from("two"))).toBeGreaterThan(position);
    expect(await texts(next)).toEqual(["two"]);
  });

  it.each<[string, (path: string) => void]>([
    ["cut within a record", (path) => truncateSync(path, statSync(path).size - 2)],
    ["with half a head behind it", (path) => appendFileSync(path, Buffer.from([0, 0, 0]))],
    ["with zeros behind it", (path) => appendFileSync(path, Buffer.alloc(100))],
    ["with a length of gigabytes behind it", (path) => appendFileSync(path, Buffer.alloc(20, 255))],
  ])("takes a torn tail off: %s", async (what, damage) => {
    const journal = await started();
    await journal.append(Buffer.from("one"));
    await journal.append(Buffer.from("two"));
    await journal.stop();
    const path = join(folder, segments()[0] ?? "");
    damage(path);
    const next = await started();
    expect(await texts(next)).toEqual(what.startsWith("cut") ? ["one"] : ["one", "two"]);
    expect(existsSync(`${path}.torn`)).toBe(true);
    expect(warnings).toEqual(["journal of reports ended in a torn record, which was cut off"]);
    await next.append(Buffer.from("three"));
    expect((await texts(next)).at(-1)).toBe("three");
  });

  it("takes the records behind a damaged one, and keeps the segment and says so", async () => {
    const journal = await started({ segmentBytes: 1 });
    await journal.append(Buffer.from("one"));
    await journal.stop();
    const path = join(folder, segments()[0] ?? "");
    writeFileSync(
      path,
      Buffer.concat(["one", "two", "three"].flatMap((text) => [recordHead(Buffer.from(text)), Buffer.from(text)])),
    );
    const content = readFileSync(path);
    content[content.indexOf("two")] = 0;
    writeFileSync(path, content);
    const next = await started();
    expect(await texts(next)).toEqual(["one", "three"]);
    expect(await texts(next)).toEqual(["one", "three"]);
    expect(warnings).toEqual(["journal of reports is damaged; what can be read of it is taken"]);
    await next.release(next.end);
    expect(readFileSync(`${path}.damaged`)).toEqual(content);
  });

  it("deletes no segment that it could not read, and says so", async () => {
    const journal = await started({ segmentBytes: 1 });
    await journal.append(Buffer.from("one"));
    await journal.append(Buffer.from("two"));
    const path = join(folder, segments()[0] ?? "");
    const aside = join(folder, "aside");
    renameSync(path, aside);
    mkdirSync(path);
    writeFileSync(join(path, "cannot be read"), "as a file");
    expect(await texts(journal)).toEqual(["two"]);
    expect(warnings).toEqual(["journal of reports is damaged; what can be read of it is taken"]);
    await journal.release(journal.end);
    expect(existsSync(join(`${path}.damaged`, "cannot be read"))).toBe(true);
  });

  it("refuses at its limit, says so before, and takes again when something was released", async () => {
    const journal = await started({ segmentBytes: 50, limitBytes: 200 });
    const payload = Buffer.alloc(30);
    for (let i = 0; i < 5; i++) {
      await journal.append(payload);
    }
    expect(warnings).toEqual(["journal of reports is nearly full"]);
    await expect(journal.append(payload)).rejects.toMatchObject({
      code: "DOTM_REPORT_REFUSED",
      status: 503,
      next: expect.stringContaining("Redis"),
    });
    expect(journal.bytes).toBeLessThanOrEqual(200);
    await journal.release(journal.end);
    await journal.append(payload);
  });

  it("counts what is not yet written towards its limit", async () => {
    const journal = await started({ limitBytes: 1_000 });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => journal.append(Buffer.alloc(100))));
    expect(results.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(10);
    expect(journal.bytes).toBeLessThanOrEqual(1_100);
  });

  it("refuses empty payloads, and everything after its end", async () => {
    const journal = await started();
    await expect(journal.append(Buffer.alloc(0))).rejects.toMatchObject({ status: 413 });
    const last = journal.append(Buffer.from("last"));
    await journal.stop();
    await last;
    await expect(journal.append(Buffer.from("late"))).rejects.toMatchObject({ status: 503 });
    expect(await texts(await started())).toEqual(["last"]);
  });

  it("refuses while the disk takes nothing, and goes on when it does", async () => {
    const journal = await started({ segmentBytes: 1 });
    await journal.append(Buffer.from("one"));
    const away = `${folder}-away`;
    const { renameSync } = await import("node:fs");
    renameSync(folder, away);
    await expect(journal.append(Buffer.from("two"))).rejects.toMatchObject({
      status: 503,
      next: expect.stringContaining(folder),
    });
    renameSync(away, folder);
    await journal.append(Buffer.from("three"));
    expect(await texts(journal)).toEqual(["one", "three"]);
  });

  it("damaged cursors only mean reading again", async () => {
    const journal = await started();
    await journal.release(await journal.append(Buffer.from("one")));
    await journal.stop();
    writeFileSync(join(folder, "released"), "nonsense");
    expect(await texts(await started())).toEqual(["one"]);
  });
});

describe("records", () => {
  it("are read back whole or not at all, whatever is cut or changed behind them", () => {
    const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }).map(Buffer.from), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(payloads, fc.nat(), fc.uint8Array({ maxLength: 30 }), (written, cut, tail) => {
        const whole = Buffer.concat(written.flatMap((payload) => [recordHead(payload), payload]));
        const at = cut % (whole.length + 1);
        const found = [...readRecords(Buffer.concat([whole.subarray(0, at), tail]))];
        let complete = 0;
        for (let end = 0; complete < written.length; complete++) {
          end += 8 + (written[complete]?.length ?? 0);
          if (end > at) {
            break;
          }
        }
        expect(found.slice(0, complete).map(({ payload }) => payload)).toEqual(written.slice(0, complete));
      }),
    );
  });
});
