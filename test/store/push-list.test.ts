import type { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { type AcknowledgedPush, PushList } from "../../src/store/push-list.ts";
import type { TestStore } from "../support/redis.ts";
import { keepOpen, STORES } from "./stores.ts";

const push = (position: number, journal = "j1"): AcknowledgedPush => ({
  ...{ source: "alerts", format: "events", text: '{"events":[]}', at: 1_795_000_000, journal, position },
});

describe.each(STORES)("pushes on their way, on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });

  it("are given in order, and stay until they are done with", async () => {
    const list = new PushList(store.client);
    for (const position of [10, 20, 30]) {
      expect(await list.add(push(position))).toBe(true);
    }
    const listed = await list.next();
    expect(listed.map((each) => each.push?.position)).toEqual([10, 20, 30]);
    await list.done(listed.slice(0, 2));
    expect((await list.next()).map((each) => each.push)).toEqual([push(30)]);
  });

  it("are not taken in twice where who acknowledged them brings them again", async () => {
    const list = new PushList(store.client);
    await list.add(push(10));
    await list.add(push(10, "j2"));
    await list.done(await list.next());
    await list.add(push(10));
    await list.add(push(20));
    const listed = await list.next();
    expect(listed.map((each) => each.push?.position)).toEqual([undefined, 20]);
    await list.done(listed);
    expect(await redis.exists("dotm::pushes")).toBe(0);
  });

  it("what is no push is left out and taken off", async () => {
    await redis.rpush("dotm::pushes", "nonsense", '{"source":7}', "null");
    const list = new PushList(store.client);
    const listed = await list.next();
    expect(listed.map((each) => each.push)).toEqual([undefined, undefined, undefined]);
    await list.done(listed);
    expect(await list.next()).toEqual([]);
  });

  it("what a source was told is there for the next leader", async () => {
    const list = new PushList(store.client);
    expect(await list.kept("alerts")).toBeUndefined();
    await list.keep("alerts", "{}");
    expect(await new PushList(store.client).kept("alerts")).toBe("{}");
  });
});

describe.each(STORES.filter(({ name }) => !name.includes("cluster")))(
  "pushes behind a lease, on $name",
  ({ start }) => {
    let store: TestStore;
    let redis: Redis;

    keepOpen(start, (open) => {
      ({ store, redis } = open);
    });

    it("are taken off by nobody but the engine that leads", async () => {
      await redis.set("dotm::state::leader", "other");
      const list = new PushList(store.client, { key: "dotm::state::leader", token: "me" });
      await list.add(push(10));
      await expect(list.done(await list.next())).rejects.toMatchObject({ code: "DOTM_LEASE_LOST" });
      await expect(list.keep("alerts", "{}")).rejects.toMatchObject({ code: "DOTM_LEASE_LOST" });
      expect(await redis.llen("dotm::pushes")).toBe(1);
    });
  },
);
