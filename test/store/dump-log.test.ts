import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { DumpLog } from "../../src/store/dump-log.ts";
import { type DumpRecord, decodeRecord, encodeRecord } from "../../src/store/dump-record.ts";

const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const record: fc.Arbitrary<DumpRecord> = fc.oneof(
  fc.record({ kind: fc.constant("value" as const), key: bytes, value: bytes, expireAt: fc.nat({ max: 2 ** 42 }) }),
  fc.record({ kind: fc.constant("gone" as const), key: bytes }),
  fc.record({ kind: fc.constant("command" as const), key: bytes, words: fc.array(bytes, { maxLength: 5 }) }),
  fc.constant({ kind: "flush" as const }),
);

const VALUES: readonly DumpRecord[] = Array.from({ length: 20 }, (_, at) => ({
  kind: "value",
  key: Buffer.from(`key ${at}`),
  value: Buffer.from("x".repeat(100)),
  expireAt: at,
}));

describe("DumpLog", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-dump-"));
    path = join(folder, "dump");
  });
  afterEach(async () => {
    for (const log of opened.splice(0)) {
      await log.close();
    }
    await rm(folder, { recursive: true, force: true });
  });

  const opened: DumpLog[] = [];

  const reopen = async (): Promise<{ readonly log: DumpLog; readonly records: DumpRecord[] }> => {
    const log = new DumpLog(path, SILENT);
    opened.push(log);
    const records: DumpRecord[] = [];
    for await (const found of log.load()) {
      records.push(found);
    }
    return { log, records };
  };

  const fill = async (...batches: (readonly DumpRecord[])[]): Promise<void> => {
    const { log } = await reopen();
    for (const batch of batches) {
      await log.append(batch);
    }
    await log.close();
  };

  it("gives back what was appended, in order", async () => {
    await fill(VALUES.slice(0, 3), VALUES.slice(3));
    expect((await reopen()).records).toEqual(VALUES);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("cuts a torn end at every length, sets it aside, and can be appended to again", async () => {
    await fill(VALUES);
    const whole = await readFile(path);
    const lengths = Array.from({ length: 40 }, (_, at) => whole.length - 1 - at * 4);
    for (const length of lengths) {
      await writeFile(path, whole);
      await truncate(path, length);
      const { log, records } = await reopen();
      expect(records).toEqual(VALUES.slice(0, records.length));
      expect(records.length).toBeGreaterThan(VALUES.length - 4);
      await log.append([{ kind: "flush" }]);
      await log.close();
      expect((await reopen()).records).toEqual([...records, { kind: "flush" }]);
    }
    expect((await stat(`${path}.torn`)).size).toBeGreaterThan(0);
  });

  it("believes no record whose bytes have changed", async () => {
    await fill(VALUES);
    const whole = await readFile(path);
    whole[whole.length - 50] = (whole[whole.length - 50] ?? 0) ^ 1;
    await writeFile(path, whole);
    expect((await reopen()).records).toEqual(VALUES.slice(0, -1));
  });

  it("takes a file of another format for torn and keeps it", async () => {
    await writeFile(path, "REDIS0011 something else");
    const { log, records } = await reopen();
    expect(records).toEqual([]);
    await log.append(VALUES);
    await log.close();
    expect((await reopen()).records).toEqual(VALUES);
    expect(await readFile(`${path}.torn`, "utf8")).toBe("REDIS0011 something else");
  });

  it("is written anew as a whole, or stays as it was", async () => {
    await fill(VALUES, VALUES, VALUES);
    const { log } = await reopen();
    const before = log.size;
    const failing = async function* (): AsyncGenerator<readonly DumpRecord[]> {
      yield VALUES;
      throw new Error("engine gone");
    };
    await expect(log.rewrite(failing())).rejects.toThrow("engine gone");
    await log.append([{ kind: "flush" }]);
    const once = async function* (): AsyncGenerator<readonly DumpRecord[]> {
      yield VALUES;
    };
    await log.rewrite(once());
    expect(log.size).toBeLessThan(before / 2);
    expect(log.size).toBe(log.baseSize);
    await log.append([{ kind: "flush" }]);
    await log.close();
    expect((await reopen()).records).toEqual([...VALUES, { kind: "flush" }]);
    expect(log.size).toBe((await stat(path)).size);
  });

  it("reads values larger than its buffer", async () => {
    const large = {
      kind: "value" as const,
      key: Buffer.from("k"),
      value: Buffer.alloc(3 * 1024 * 1024, 7),
      expireAt: 0,
    };
    await fill([VALUES[0] ?? large, large, VALUES[1] ?? large]);
    const { records } = await reopen();
    expect([records[0], records[2]]).toEqual([VALUES[0], VALUES[1]]);
    expect(records[1]?.kind === "value" && records[1].value.equals(large.value)).toBe(true);
  });

  it("survives garbage behind what was written", async () => {
    await fill(VALUES);
    await appendFile(path, Buffer.alloc(100, 0xff));
    expect((await reopen()).records).toEqual(VALUES);
  });
});

describe("dump records", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(decodeRecord(encodeRecord(one))).toEqual(one);
      }),
    );
  });
});
