/** Keys under our names that somebody filled with more than DOTM ever writes: told by their names, and not read. */
import type { Redis } from "ioredis";
import { beforeEach, expect, it } from "vitest";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import { AddedHosts } from "../../src/store/added-hosts.ts";
import { brokenValues } from "../../src/store/broken-values.ts";
import { foreignKeys } from "../../src/store/foreign-keys.ts";
import { listedSnapshots } from "../../src/store/history-expire.ts";
import { HistoryReader } from "../../src/store/history-reader.ts";
import { takeSnapshot } from "../../src/store/history-take.ts";
import { ownKeys } from "../../src/store/keys.ts";
import { loadOriginal } from "../../src/store/load-original.ts";
import { membersOfSet } from "../../src/store/long-values.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { PushList } from "../../src/store/push-list.ts";
import { RedisMapReader } from "../../src/store/redis-map-reader.ts";
import { ReportStore } from "../../src/store/report-store.ts";
import { SettingsStore } from "../../src/store/settings-store.ts";
import { demandKnownSchema } from "../../src/store/store-schema.ts";
import { TaskQueue } from "../../src/store/task-queue.ts";
import { readHash } from "../../src/store/whole-hashes.ts";
import { describeReal } from "../support/real.ts";
import { startTestStore, type TestStore } from "../support/redis.ts";
import { changes, graph, NOW, picture } from "./examples.ts";
import { keepOpen } from "./stores.ts";

const MIB = 1 << 20;

describeReal("what is read of Redis", ["redis-server"], () => {
  let store: TestStore;
  let redis: Redis;
  let told: Map<string, string>;
  let logger: Logger;

  keepOpen(
    () => startTestStore("redis-server"),
    (open) => {
      ({ store, redis } = open);
    },
  );
  beforeEach(() => {
    told = new Map();
    logger = {
      ...SILENT,
      warn: (fields) => {
        const { key = "", reason = "" } = fields as { readonly key?: string; readonly reason?: string };
        told.set(key, reason);
      },
    };
  });

  const onRefused = ({ key }: { readonly key: string }, reason: string) => void told.set(key, reason);

  /** Runs a command so many times, in pieces, as nobody is answered meanwhile; `at` counts. */
  async function fill(key: string, command: string, count: number): Promise<void> {
    const script = `for at = ARGV[1], ARGV[1] + ARGV[2] - 1 do redis.call(${command}) end`;
    for (let at = 0; at < count; at += 50_000) {
      await redis.eval(script, 1, key, at, Math.min(50_000, count - at));
    }
  }

  it("an index of more than 500,000 names is left; of one with fewer all are read, in bites", async () => {
    const index = "dotm::index::reports";
    await fill(index, "'SADD', KEYS[1], 'host' .. at", 50_000);
    expect(await membersOfSet(store.client, index, 50_000, onRefused)).toHaveLength(50_000);
    expect(told.size).toBe(0);
    await fill(index, "'SADD', KEYS[1], 'host' .. at", 500_001);
    const reports = new ReportStore(store.client, store.options, logger);
    expect(await all(reports.loadReports())).toEqual([]);
    expect(told.get(index)).toBe("it has 500001 members, more than DOTM ever writes");
  });

  it("indexes that are too long, or name what stands for no key, do not keep the map from being written anew", async () => {
    const writer = new MapWriter(store.client, logger);
    await writer.rewrite(picture());
    await fill("dotm::index::graphs", "'SADD', KEYS[1], 'theirs' .. at", 500_001);
    await fill("dotm::index::services::web01", "'SADD', KEYS[1], at", 150_001);
    await fill("dotm::index::connections::web01", "'HSET', KEYS[1], at, ''", 150_001);
    for (const kind of ["services", "connections", "host-checks", "resolver", "notes"]) {
      await redis.sadd(`dotm::index::${kind}`, "a::b", "", "\u0000");
    }
    await redis.sadd("dotm::index::services::db01", "theirs");
    await redis.hset("dotm::index::connections::db01", "theirs", "");
    await redis.sadd("{dotm::nodes}::members", "a::b");
    await writer.rewrite(changes({ graphs: new Map([["new01", graph("new01")]]) }));
    expect(await redis.exists("dotm::graph::new01")).toBe(1);
    expect(await writer.renew()).toBe(true);
    expect(await redis.smembers("dotm::index::services::db01")).not.toContain("theirs");
    expect([...told.keys()]).toEqual(
      expect.arrayContaining([
        "dotm::index::graphs",
        "dotm::index::services::web01",
        "dotm::index::connections::web01",
      ]),
    );
    // Who looks for foreign keys is not held up either.
    await redis.rpush("dotm::nodes", "web01");
    expect(await all(foreignKeys(store.client))).toEqual([]);
  });

  it("a stored report of more than 16 MiB is left, one of as many is read", async () => {
    const reports = new ReportStore(store.client, store.options, logger);
    for (const [host, bytes] of [
      ["fits", 16 * MIB],
      ["big", 16 * MIB + 1],
    ] as const) {
      await redis.setrange(`dotm::reports::${host}`, bytes - 1, "x");
      await redis.sadd("dotm::index::reports", host);
    }
    expect((await all(reports.loadReports())).map(({ host, gzip }) => [host, gzip.length])).toEqual([
      ["fits", 16 * MIB],
    ]);
    expect(told.get("dotm::reports::big")).toContain("more than 16777216 bytes");
    expect(await all(reports.reportsOf(["big", "absent"]))).toEqual([]);
  });

  it("of a list of snapshots that is too long the last ones count, of a long one all", async () => {
    await fill("dotm::history", "'RPUSH', KEYS[1], 1700000000 + at * 60", 120_000);
    expect((await listedSnapshots(store.client, onRefused)).times).toHaveLength(120_000);
    expect(told.size).toBe(0);
    const { times, newest } = await listedSnapshots(store.client, onRefused, 100_000);
    expect([times.length, times[0], newest]).toEqual([
      100_000,
      1_700_000_000 + 20_000 * 60,
      1_700_000_000 + 119_999 * 60,
    ]);
    expect(told.get("dotm::history")).toContain("it has 120000 entries");
  });

  // A Redis on a busy machine may take longer than the two seconds a command has to make room for such a value.
  it("a snapshot of more than 256 MiB is left, and the one before it taken", { retry: 2 }, async () => {
    const around = {
      logger,
      now: () => NOW + 500,
      settings: () => new SettingsStore(store.client, store.options, logger).read(),
    };
    await new MapWriter(store.client, logger).rewrite(picture());
    await takeSnapshot(store.client, { now: () => NOW, onRefused });
    await redis.rpush("dotm::history", NOW + 100);
    await redis.setrange(`dotm::history::${NOW + 100}`, 256 * MIB, "x");
    const past = await new HistoryReader(store.client, store.options, around).at(NOW + 200);
    expect(await past.reader.nodes()).toEqual(await new RedisMapReader(store.client, store.options, logger).nodes());
    expect(told.get(`dotm::history::${NOW + 100}`)).toBeDefined();
  });

  it("of a host's own hash what is not ours stands in no snapshot", async () => {
    await new MapWriter(store.client, logger).rewrite(picture());
    const before = await takeSnapshot(store.client, { now: () => NOW, onRefused });
    await redis.hset("dotm::nodes::web01", "theirs", "x".repeat(MIB));
    const taken = await takeSnapshot(store.client, { now: () => NOW + 1, onRefused });
    expect(taken?.head.text).toBe(before?.head.text);
  });

  it("a setting of more than 64 MiB is ignored, told of, and not changed bit by bit", async () => {
    const key = "dotm::config::service_port_whitelist";
    await redis.setrange(key, 64 * MIB, "1");
    const settings = new SettingsStore(store.client, store.options, logger);
    expect((await settings.read()).servicePortWhitelist).toEqual(expect.anything());
    expect(told.get(key)).toContain("bytes, more than DOTM ever writes");
    await expect(settings.add("service_port_whitelist", "80")).rejects.toMatchObject({ code: "DOTM_STORE_FAILED" });
    await fill("dotm::config::aging", "'HSET', KEYS[1], at, '7'", 100_001);
    await expect(settings.set("aging", "300", "Services")).rejects.toMatchObject({ code: "DOTM_STORE_FAILED" });
  });

  it("what is not ours in the queue and beside the pushes is not read whole", async () => {
    await fill("{dotm::queue}::processing::w", "'RPUSH', KEYS[1], '{}'", 1_500);
    await fill("{dotm::queue}::workers", "'ZADD', KEYS[1], 1, 'w' .. at", 1_500);
    const queue = new TaskQueue(store.client);
    expect(await queue.unfinished("w")).toHaveLength(1_000);
    await queue.beat("me");
    expect(await redis.zcard("{dotm::queue}::workers")).toBe(501);
    const list = new PushList(store.client);
    await redis.set("dotm::pushed::alerts", "x".repeat(11));
    await expect(list.kept("alerts", 10)).rejects.toThrow("dotm::pushed::alerts in Redis is not DOTM's");
    expect(await list.kept("alerts", 11)).toHaveLength(11);
    await fill("{dotm::pushes}::done", "'HSET', KEYS[1], at, '1'", 100_001);
    await expect(list.next()).rejects.toThrow("{dotm::pushes}::done in Redis is not DOTM's");
  });

  it("marks and versions are words, and of an original's hashes only its own fields are read", async () => {
    await redis.rpush("dotm::nodes", "web01");
    await redis.hset("dotm::connections::web01::80::10.0.0.9", {
      ...{ process: "nginx", direction: "in", last_connection: "1700000000.5", theirs: "x".repeat(MIB) },
    });
    const [host] = await loadOriginal(store.client, onRefused);
    expect(host?.edges).toMatchObject([{ process: "nginx", port: 80, remote: "10.0.0.9", lastSeen: 1_700_000_000 }]);
    await redis.setrange("dotm::schema", 100 * MIB, "9");
    await demandKnownSchema(store.client, "here");
    await redis.setrange("dotm::marker", 100 * MIB, "x");
    expect(`${await new MapWriter(store.client, logger).readMark()}`.length).toBeLessThan(100_000);
  });

  async function fillField(key: string, field: string, bytes: number): Promise<void> {
    await redis.hset(key, field, Buffer.alloc(bytes, "x"));
  }

  it("a field of 70 MiB is left and told by its name, the others of its hash are read", { retry: 2 }, async () => {
    await new MapWriter(store.client, logger).rewrite(picture());
    const reader = new RedisMapReader(store.client, store.options, logger);
    const [sources, alarms] = [await reader.sources(), await reader.alarms()];
    expect([sources.length > 0, alarms.length > 0]).toEqual([true, true]);
    const edge = (await all(new ReportStore(store.client, store.options, logger).loadEdges()))[0];
    const long = ["dotm::edges::web01", ownKeys.sources, ownKeys.alarms, "dotm::config::aging"];
    for (const key of long) {
      await fillField(key, "theirs", 70 * MIB);
    }
    await redis.hset("dotm::config::aging", "Services", "7");
    const edges = await all(new ReportStore(store.client, store.options, logger).loadEdges());
    expect(edges.find(({ host }) => host === "web01")).toEqual(edge);
    expect(await reader.sources()).toEqual(sources);
    expect(await reader.alarms()).toEqual(alarms);
    expect((await reader.settings()).aging).toMatchObject({ services: 7 });
    for (const key of long) {
      expect(told.get(key), key).toContain('its field "theirs" has 7340');
    }
  });

  it("of a host's own hash a field of ours that is too long is left, the others are read", async () => {
    await new MapWriter(store.client, logger).rewrite(picture());
    const reader = new RedisMapReader(store.client, store.options, logger);
    const before = await reader.node("web01");
    await fillField("dotm::nodes::web01", "service_alerts", 17 * MIB);
    expect(await reader.node("web01")).toEqual({ ...before, serviceAlerts: {} });
    expect(told.get("dotm::nodes::web01")).toContain(`its field "service_alerts" has ${17 * MIB} bytes`);
    await takeSnapshot(store.client, { now: () => NOW, onRefused });
    await fillField(ownKeys.alive, "at", 17 * MIB);
    expect(await reader.revision()).toMatchObject({ at: 0 });
  });

  it("what people would change is not read in part", { retry: 2 }, async () => {
    for (const key of [ownKeys.addedHosts, "dotm::config::aging"]) {
      await fillField(key, "theirs", 70 * MIB);
    }
    await expect(new AddedHosts(store.client, store.options).list()).rejects.toMatchObject({
      code: "DOTM_STORE_FAILED",
    });
    const settings = new SettingsStore(store.client, store.options, logger);
    await expect(settings.set("aging", "300", "Services")).rejects.toMatchObject({ code: "DOTM_STORE_FAILED" });
  });

  it("of many fields that are long together so many are read as a text may have bytes, and names are bounded", async () => {
    for (let at = 0; at < 10; at += 1) {
      await fillField("dotm::config::aging", `theirs${at}`, 8 * MIB);
    }
    await redis.hset("dotm::config::aging", ...[Buffer.alloc(20 * MIB, "n"), "7"]);
    const read = await readHash(store.client, "dotm::config::aging", 100, onRefused);
    expect(Object.keys(read).length).toBe(7);
    expect(told.get("dotm::config::aging")).toMatch(/^its field "(?:n{100}|theirs\d)" has \d+ bytes, as 3 others, /);
  });

  it("who may run no scripts, or not ask how much keys weigh, reads all the same", async () => {
    await new MapWriter(store.client, logger).rewrite(picture());
    const rights = ["on", "nopass", "~dotm::*", "+@read", "+@connection", "+info", "-memory", "-@scripting"];
    await redis.call("ACL", "SETUSER", "reader", ...rights);
    const client = redis.duplicate({ username: "reader", password: "any" });
    try {
      const [theirs, ours] = [client, store.client].map((each) => new RedisMapReader(each, store.options, logger));
      for (const read of ["sources", "alarms", "settings", "revision"] as const) {
        expect(await theirs?.[read]()).toEqual(await ours?.[read]());
      }
      expect(await theirs?.node("web01")).toEqual(await ours?.node("web01"));
      expect([...told]).toEqual([]);
    } finally {
      client.disconnect();
      await redis.call("ACL", "DELUSER", "reader");
    }
  });

  it("who looks for broken values cuts what is too long, and finds it broken", async () => {
    await redis.rpush("dotm::nodes", "web01");
    await redis.setrange("dotm::graph::web01", 70 * MIB, "x");
    await redis.setrange("dotm::reports::web01", 70 * MIB, "x");
    expect((await all(brokenValues(store.client, () => true))).map(({ key }) => key)).toEqual([
      "dotm::graph::web01",
      "dotm::reports::web01",
    ]);
  });
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
  }
  return found;
}
