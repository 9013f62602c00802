import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataLock } from "../../src/store/data-lock.ts";

describe("DataLock", () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-lock-"));
    path = join(folder, "lock");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const change = async (parts: object): Promise<void> => {
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), ...parts }));
  };

  it("is held by one at a time, and free after release", async () => {
    const first = await DataLock.take(path);
    await expect(DataLock.take(path)).rejects.toMatchObject({
      code: "DOTM_LOCKED",
      message: expect.stringContaining(`(pid ${process.pid})`),
    });
    await first.release();
    const second = await DataLock.take(path);
    expect(await second.isHeld()).toBe(true);
    expect(await first.isHeld()).toBe(false);
    await second.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("is taken over from a process that is gone, also where its number was given to another", async () => {
    await DataLock.take(path);
    await change({ pid: 2 ** 22 + 1 });
    const second = await DataLock.take(path);
    expect(await second.isHeld()).toBe(true);
    await change({ life: "12345" });
    expect(await (await DataLock.take(path)).isHeld()).toBe(true);
  });

  it("is taken over by exactly one of many", async () => {
    await DataLock.take(path);
    await change({ pid: 2 ** 22 + 1 });
    const takers = await Promise.allSettled(Array.from({ length: 8 }, () => DataLock.take(path)));
    const held: boolean[] = [];
    for (const taker of takers) {
      if (taker.status === "fulfilled") {
        held.push(await taker.value.isHeld());
      }
    }
    expect(held.filter((one) => one)).toHaveLength(1);
  });

  it("believes a holder it cannot see as long as that touches its file", async () => {
    await DataLock.take(path);
    await change({ world: "another machine", pid: 1 });
    await expect(DataLock.take(path)).rejects.toMatchObject({ code: "DOTM_LOCKED" });
    const past = new Date(Date.now() - 60_000);
    await utimes(path, past, past);
    expect(await (await DataLock.take(path)).isHeld()).toBe(true);
  });

  it("is taken from a file nobody can read", async () => {
    await writeFile(path, "garbage");
    expect(await (await DataLock.take(path)).isHeld()).toBe(true);
  });
});
