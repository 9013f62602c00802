import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HistoryKeeper } from "../../src/daemon/keep-history.ts";
import { SILENT } from "../../src/logger.ts";
import { openStore } from "../../src/store/redis.ts";
import { eventually } from "../support/process.ts";
import { availableEngines, plainClient, startTestStore, type TestStore } from "../support/redis.ts";

describe("HistoryKeeper", () => {
  let store: TestStore;
  let redis: Redis;
  let now = 1_795_000_000;
  let setting = { enabled: true, interval: 3_600, expire: 7_200 };
  let rewrites = 0;
  let keeper: HistoryKeeper;
  let isTrusted = true;
  let looks = 0;
  const until = (what: string, holds: () => Promise<boolean>) =>
    eventually(what, async () => (await holds()) || undefined, 30_000, 10);
  const listed = () => redis.lrange("dotm::history", 0, -1);

  beforeEach(async () => {
    const [engine] = availableEngines();
    store = await startTestStore(engine);
    redis = await plainClient(store.options);
    setting = { enabled: true, interval: 3_600, expire: 7_200 };
    rewrites = 0;
    isTrusted = true;
    keeper = new HistoryKeeper({
      client: openStore(store.options, SILENT),
      setting: () => setting,
      rewrites: () => rewrites,
      isTrusted: () => isTrusted,
      logger: SILENT,
      now: () => {
        looks += 1;
        return now;
      },
      every: 5,
    });
    keeper.start();
  });
  afterEach(async () => {
    await keeper.stop();
    redis.disconnect();
    await store.stop();
  });

  it("takes a snapshot once the picture is this daemon's, one each interval, and removes old ones", async () => {
    const first = now;
    await until("the keeper's connection", async () => String(await redis.client("LIST")).split("\n").length > 3);
    expect(await listed()).toEqual([]);
    rewrites = 1;
    await until("the first snapshot", async () => (await listed()).length === 1);
    now += 3_600;
    await until("the second", async () => (await listed()).length === 2);
    now += 3_700;
    await until(
      "the first is removed",
      async () => (await listed()).length === 2 && !(await listed()).includes(`${first}`),
    );
    expect(await redis.exists(`dotm::history::${now}`)).toBe(1);
  });

  it("takes one when the picture was written anew, and none while history is off", async () => {
    rewrites = 1;
    await until("the first snapshot", async () => (await listed()).length === 1);
    now += 100;
    rewrites = 2;
    await until("one after the writing", async () => (await listed()).length === 2);
    setting = { ...setting, enabled: false };
    now += 4_000;
    // What expires with it off shows that the keeper looked.
    await redis.rpush("dotm::history", "1000000000");
    await until("the old name is removed", async () => !(await listed()).includes("1000000000"));
    expect((await listed()).length).toBe(2);
  });

  it("takes one at once where the clock was set back, though none was taken while it was ahead", async () => {
    const first = now;
    rewrites = 1;
    await until("the first snapshot", async () => (await listed()).length === 1);
    now += 3_000;
    const before = looks;
    await until("it looked", async () => looks > before + 10);
    now = first + 400;
    await until("one after the setting", async () => (await listed()).includes(`${first + 400}`));
    expect(await listed()).toEqual([`${first}`, `${first + 400}`]);
  });

  it("removes none while the clock cannot be trusted", async () => {
    isTrusted = false;
    rewrites = 1;
    await until("the first snapshot", async () => (await listed()).length === 1);
    now += 1_000_000;
    await until("the second", async () => (await listed()).length === 2);
    isTrusted = true;
    await until("the first is removed", async () => (await listed()).length === 1);
  });

  it("goes on after Redis refused, and after a flush", async () => {
    await redis.set("dotm::history", "not a list");
    rewrites = 1;
    now += 100;
    await redis.flushall();
    await until("a snapshot", async () => (await listed()).length === 1);
    await redis.flushall();
    await until("one after the flush", async () => (await listed()).length === 1);
  });
});
