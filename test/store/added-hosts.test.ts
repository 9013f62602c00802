import type { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { AddedHosts } from "../../src/store/added-hosts.ts";
import type { TestStore } from "../support/redis.ts";
import { keepOpen, STORES } from "./stores.ts";

describe.each(STORES.slice(0, 1))("hosts people add on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });

  it("are five thousand at most, each of which can still be asked otherwise", async () => {
    const hosts = new AddedHosts(store.client, store.options);
    const json = JSON.stringify({ type: "ssh", address: null });
    await redis.hset(
      "dotm::hosts::added",
      Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`host${at}`, json])),
    );
    await expect(hosts.add({ host: "one-more", type: "ssh", address: null })).rejects.toMatchObject({
      code: "DOTM_USAGE",
      message: "At most 5000 hosts can be added.",
      next: expect.stringContaining("dotm agent token"),
    });
    await hosts.add({ host: "host7", type: "agent", address: "10.0.0.7" });
    const listed = await hosts.list();
    expect(listed.length).toBe(5_000);
    expect(listed.find(({ host }) => host === "host7")).toEqual({ host: "host7", type: "agent", address: "10.0.0.7" });
  });
});
