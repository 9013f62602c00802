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

  it("one leads at a time: who said so last, not the one that was killed", async () => {
    const members = new Members(store.client, SILENT);
    const engine = { roles: ["engine"], version: "0", url: "http://x/" };
    await members.sign({ id: "killed", name: "mon1/1", leads: true, since: NOW - 100, at: NOW - 12, ...engine });
    await members.sign({ id: "next", name: "mon1/2", leads: true, since: NOW - 50, at: NOW - 1, ...engine });
    await members.sign({ id: "other", name: "mon1/3", leads: false, since: NOW - 10, at: NOW, ...engine });
    expect((await members.read(NOW)).map(({ name, leads }) => [name, leads])).toEqual([
      ["mon1/1", false],
      ["mon1/2", true],
      ["mon1/3", false],
    ]);
  });
});
