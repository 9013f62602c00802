import type { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import type { Alarm } from "../../src/model/alarm.ts";
import type { Pieces } from "../../src/model/pieces.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { connectStore } from "../../src/store/redis.ts";
import { RedisMapReader } from "../../src/store/redis-map-reader.ts";
import { inSlices } from "../../src/store/time-slices.ts";
import type { TestStore } from "../support/redis.ts";
import { changes, graph, impact, NOTES, NOW, picture, SILENT_SOURCE, UNUSED } from "./examples.ts";
import { keepOpen, STORES } from "./stores.ts";

describe.each(STORES)("RedisMapReader on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let reader: RedisMapReader;
  let warned: string[];

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(() => {
    warned = [];
    const logger: Logger = { ...SILENT, warn: (fields) => warned.push((fields as { key: string }).key) };
    reader = new RedisMapReader(store.client, store.options, logger);
  });

  it("gives back what was written", async () => {
    const whole = picture();
    const writer = new MapWriter(store.client, SILENT);
    await writer.write(whole);
    await writer.signLife(NOW);
    expect(await reader.nodes()).toEqual(["db01", "web01"]);
    expect(await reader.node("web01")).toEqual({ ...whole.nodes.get("web01"), lastFetch: NOW });
    expect(await reader.node("db01")).toEqual(whole.nodes.get("db01"));
    expect(await reader.nodesOf(["web01", "db01", "nobody", "a::b"])).toEqual(
      new Map([
        ["web01", { ...whole.nodes.get("web01"), lastFetch: NOW }],
        ["db01", whole.nodes.get("db01")],
      ]),
    );
    expect(await reader.graphs(["web01", "db01", "nobody"])).toEqual(new Map([["web01", graph("web01")]]));
    expect(await reader.notes(["db01", "web01"])).toEqual(new Map([["db01", NOTES]]));
    expect(await reader.impact("db01", "MySQL")).toEqual(impact("db01", "MySQL", [80, 443]));
    expect(await reader.impact("db01", null)).toEqual(impact("db01", null, []));
    expect(await reader.problems()).toBe(2);
    expect(await reader.hostCheck("db01")).toEqual({ ...whole.hostChecks.get("db01"), lastCheck: NOW - 4 });
    expect([...(await reader.hostChecksOf(["db01", "nobody", "a\nb"])).keys()]).toEqual(["db01"]);
    expect(await reader.serviceChecks("db01")).toEqual(whole.serviceChecks.get("db01"));
    expect(await reader.checksOf(["db01", "web01"])).toEqual(new Map([["db01", whole.serviceChecks.get("db01")]]));
    expect(await reader.sources()).toEqual([...whole.sources.values()]);
    expect(await reader.alarms()).toEqual([SILENT_SOURCE, UNUSED]);
    const { id, at } = await reader.revision();
    expect(at).toBe(NOW);
    expect(id).toMatch(/^\d+-\d+$/);
    expect(warned).toEqual([]);
  });

  it("knows nothing of an empty store", async () => {
    expect(await reader.nodes()).toEqual([]);
    expect(await reader.node("web01")).toBeUndefined();
    expect(await reader.graphs(["web01"])).toEqual(new Map());
    expect(await reader.graphs([])).toEqual(new Map());
    expect(await reader.impact("web01", null)).toBeUndefined();
    expect(await reader.ranking(0, 10)).toEqual([]);
    expect(await reader.problems()).toBe(0);
    expect(await reader.hostCheck("web01")).toBeUndefined();
    expect(await reader.serviceChecks("web01")).toEqual([]);
    expect(await reader.sources()).toEqual([]);
    expect(await reader.alarms()).toEqual([]);
    expect(await reader.settings()).toEqual(DEFAULT_SETTINGS);
    expect(await reader.revision()).toEqual({ id: "0-0", at: 0 });
  });

  it.each(["", "a::b", "a\nb", ":"])("knows no host called %j", async (name) => {
    expect(await reader.node(name)).toBeUndefined();
    expect(await reader.impact(name, "x")).toBeUndefined();
    expect(await reader.hostCheck(name)).toBeUndefined();
    expect(await reader.serviceChecks(name)).toEqual([]);
    expect(await reader.graphs([name])).toEqual(new Map());
  });

  it("ranks by number of affected services, then by name, and pages through without gaps", async () => {
    const counts = { "b::x": 1, "a::x": 1, "d::y": 7, "c::_HOST_": 1, "c::A": 1 };
    const impacts = Object.entries(counts).map(([key, count]) => {
      const [host = "", check = ""] = key.split("::");
      const ports = Array.from({ length: count }, (_, at) => at + 1);
      return [key, impact(host, check === "_HOST_" ? null : check, ports)] as const;
    });
    await new MapWriter(store.client, SILENT).write(changes({ impacts: new Map(impacts) }));
    const all = await reader.ranking(0, 100);
    expect(all.map(({ host, check, affected }) => [host, check, affected])).toEqual([
      ["d", "y", 7],
      ["a", "x", 1],
      ["b", "x", 1],
      ["c", "A", 1],
      ["c", null, 1],
    ]);
    expect([...(await reader.ranking(0, 2)), ...(await reader.ranking(2, 2)), ...(await reader.ranking(4, 2))]).toEqual(
      all,
    );
  });

  it("moves its revision with every change that is told", async () => {
    const writer = new MapWriter(store.client, SILENT);
    const event = { kind: "state" as const, host: "web01", subject: null, from: "UP", to: "DOWN" };
    await writer.write(changes({ events: [event] }));
    const first = await reader.revision();
    await writer.write(changes({ events: [event] }));
    const second = await reader.revision();
    expect(second.id).not.toBe(first.id);
  });

  it("names broken and foreign keys once each, and gives back the rest", async () => {
    await new MapWriter(store.client, SILENT).write(picture());
    await redis.set("dotm::graph::db01", "{not json");
    await redis.set("dotm::graph::app01", '{"host":"app01","nodes":[{"id":7}]}');
    await redis.set("dotm::impact::db01::MySQL", "[]");
    await redis.zadd("dotm::impact::ranking", 9, "nonsense");
    await redis.rpush("dotm::checks::services::db01", "null", '{"node":"db01","service":"X","status":"ON FIRE"}');
    await redis.del("dotm::checks::nodes::db01");
    await redis.hset("dotm::checks::nodes::db01", "status", "UP");
    await redis.hset("dotm::sources", "other", "5");
    await redis.hset("dotm::alarms", "db01", '[{"kind":"on fire"}]');
    for (let time = 0; time < 2; time += 1) {
      expect([...(await reader.graphs(["db01", "web01", "app01"])).keys()]).toEqual(["web01"]);
      expect(await reader.impact("db01", "MySQL")).toBeUndefined();
      expect((await reader.ranking(0, 10)).map(({ host }) => host)).toEqual(["db01", "db01"]);
      expect((await reader.serviceChecks("db01")).map(({ service }) => service)).toEqual(["MySQL", "Backup"]);
      expect(await reader.hostCheck("db01")).toBeUndefined();
      expect((await reader.sources()).map(({ source }) => source)).toEqual(["nagios"]);
      expect(await reader.alarms()).toEqual([SILENT_SOURCE, UNUSED]);
    }
    expect(warned.sort()).toEqual([
      "dotm::alarms",
      "dotm::checks::nodes::db01",
      "dotm::checks::services::db01",
      "dotm::graph::app01",
      "dotm::graph::db01",
      "dotm::impact::db01::MySQL",
      "dotm::impact::ranking",
      "dotm::sources",
    ]);
  });

  it("reads the alarms of some hosts without those of others", async () => {
    const told = Array.from({ length: 250 }, (_, at) => ({ ...UNUSED, host: `h${at}`, object: `h${at}:80` }));
    const alarms = new Map<string, Alarm[]>(told.map((alarm) => [alarm.host, [alarm]]));
    await new MapWriter(store.client, SILENT).write(changes({ alarms: alarms.set("", [SILENT_SOURCE]) }));
    await redis.hset("dotm::alarms", "broken", "[1]");
    await redis.config("RESETSTAT");
    const some = ["h7", "nobody", "toString", "h249", "h7", ""];
    expect(await reader.alarms(some)).toEqual([told[249], told[7]]);
    expect(await reader.alarms([])).toEqual([]);
    const stats = await redis.info("commandstats");
    expect(stats).not.toMatch(/cmdstat_(?:hlen|hkeys|hgetall)/);
    expect(warned).toEqual([]);
    const all = await reader.alarms();
    expect(all.filter(({ host }) => host !== null && some.includes(host))).toEqual(await reader.alarms(some));
    expect(warned).toEqual(["dotm::alarms"]);
  });

  it("reads of a host's hash what is ours, however much somebody put beside it, with one command for each host", async () => {
    const hosts = Array.from({ length: 300 }, (_, at) => `h${at}`);
    for (const host of hosts) {
      await redis.hset(`dotm::nodes::${host}`, { last_fetch: "5", fetch_status: "OK", ips: "10.0.0.1", theirs: "x" });
    }
    await redis.hset("dotm::nodes::h7", Object.fromEntries(hosts.flatMap((host) => [[host, "x".repeat(5_000)]])));
    await redis.set("dotm::nodes::h8", "no hash");
    await redis.config("RESETSTAT");
    const nodes = await reader.nodesOf(hosts);
    expect([nodes.size, nodes.get("h7")?.ips, nodes.has("h8")]).toEqual([299, ["10.0.0.1"], false]);
    expect(warned).toEqual(["dotm::nodes::h8"]);
    const stats = await redis.info("commandstats");
    const calls = [...stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)].map(([, count]) => Number(count));
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(300);
    expect(stats).not.toMatch(/cmdstat_(?:hlen|hgetall)/);
  });

  it("hands on what it read of one host as soon as it is there, however many long works take turns", async () => {
    await new MapWriter(store.client, SILENT).write(picture());
    let pieces = 0;
    let isEnough = false;
    function* longWork(): Pieces<void> {
      while (!isEnough) {
        pieces += 1;
        const until = performance.now() + 10;
        while (performance.now() < until) {
          // busy
        }
        yield;
      }
    }
    const works = Array.from({ length: 40 }, () => inSlices(longWork()));
    const begun = pieces;
    const node = await reader.node("db01");
    const meanwhile = pieces - begun;
    isEnough = true;
    await Promise.all(works);
    expect(node?.fetchStatus).toBeDefined();
    expect(meanwhile).toBeLessThan(40);
  });

  it("does not take a field called __proto__ for more than a field", async () => {
    await redis.hset("dotm::nodes::web01", {
      last_fetch: "5",
      ips: "",
      service_alerts: '{"__proto__":"CRITICAL","80":"OK","x":"nonsense"}',
    });
    const node = await reader.node("web01");
    expect(Object.entries(node?.serviceAlerts ?? {}).sort()).toEqual([
      ["80", "OK"],
      ["__proto__", "CRITICAL"],
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("says that Redis is away in words with a next step", async () => {
    const client = await connectStore(store.options, SILENT);
    const away = new RedisMapReader(client, store.options, SILENT);
    client.disconnect();
    await expect(away.nodes()).rejects.toMatchObject({
      code: "DOTM_STORE_UNREACHABLE",
      message: expect.stringContaining("is not connected"),
      next: expect.stringContaining("dotm doctor"),
    });
  });
});
