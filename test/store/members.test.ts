import type { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { Members } from "../../src/store/members.ts";
import type { TestStore } from "../support/redis.ts";
import { NOW } from "./examples.ts";
import { keepOpen, STORES } from "./stores.ts";

describe.each(STORES.slice(0, 1))("signs of life on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });

  it("that no calendar knows or that are no signs are nobody's", async () => {
    const members = new Members(store.client, SILENT);
    const me = { name: "mon1/1", roles: ["web"], leads: false, since: NOW, version: "0", url: "http://x/" };
    await members.sign({ id: "me", at: NOW, ...me });
    await redis.hset("dotm::members", {
      endless: `{"name":"a","roles":[],"at":1e400}`,
      far: `{"name":"b","roles":[],"at":1e15}`,
      text: `{"name":"c","roles":[],"at":"soon"}`,
      broken: "{",
      list: "[]",
      unborn: JSON.stringify({ ...me, name: "d", at: NOW, since: "long ago" }),
    });
    const found = await members.read(NOW);
    expect(found.map(({ name, since }) => [name, since])).toEqual([
      ["d", 0],
      ["mon1/1", NOW],
    ]);
    expect(found.every(({ at, since }) => new Date(Math.max(at, since) * 1_000).toISOString() !== "")).toBe(true);
  });
});
