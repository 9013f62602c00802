import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { ChangeFeed, MOST_MISSED, type StreamedChange } from "../../src/store/change-feed.ts";
import { openStore } from "../../src/store/redis.ts";
import { eventually } from "../support/process.ts";
import type { TestStore } from "../support/redis.ts";
import { keepOpen, STORES } from "./stores.ts";

describe.each(STORES)("ChangeFeed on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let feed: ChangeFeed;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(() => {
    feed = new ChangeFeed({ waiting: openStore(store.options, SILENT), asking: store.client }, store.options);
    feed.start();
  });
  afterEach(() => feed.stop());

  const write = (host: string) =>
    redis.xadd("dotm::changes", "*", "at", "1795402800", "kind", "state", "host", host, "subject", "MySQL", "to", "OK");

  it("tells every listener what is new, in order, with its id", async () => {
    const heard: StreamedChange[] = [];
    const other: StreamedChange[] = [];
    feed.listen((changes) => heard.push(...changes));
    const end = feed.listen((changes) => other.push(...changes));
    const written: (string | null)[] = [];
    await eventually("the feed to follow", async () => {
      written.push(await write("db01"));
      return heard.length > 0 || undefined;
    });
    await eventually("all that was written", async () => heard.at(-1)?.id === written.at(-1) || undefined);
    expect(heard.map(({ id }) => id)).toEqual(written.slice(-heard.length));
    end();
    const before = other.length;
    const id = await write("db02");
    await eventually("the next change", async () => (heard.at(-1)?.id === id ? true : undefined));
    expect(heard.at(-1)).toEqual({
      ...{ id, at: 1795402800, kind: "state", host: "db02" },
      ...{ subject: "MySQL", from: null, to: "OK" },
    });
    expect(other).toHaveLength(before);
  });

  it("gives back what was missed, and says where that is not known", async () => {
    const first = await write("a");
    await write("b");
    await write("c");
    expect((await feed.since(first ?? ""))?.map(({ host }) => host)).toEqual(["b", "c"]);
    expect(await feed.since("1-0")).toBeUndefined();
    expect(await feed.since("nonsense")).toBeUndefined();
    const many = redis.pipeline();
    for (let i = 0; i <= MOST_MISSED; i += 1) {
      many.xadd("dotm::changes", "*", "at", "1", "kind", "state", "host", "d");
    }
    await many.exec();
    expect(await feed.since(first ?? "")).toBeUndefined();
  });

  it("knows nothing of a key that is somebody else's, and tells in our words where the store is away", async () => {
    await redis.set("dotm::changes", "theirs");
    expect(await feed.since("1-0")).toBeUndefined();
    const away = openStore(store.options, SILENT);
    const other = new ChangeFeed({ waiting: away, asking: away }, store.options);
    await expect(other.since("1-0")).rejects.toMatchObject({ code: "DOTM_STORE_UNREACHABLE" });
  });
});
