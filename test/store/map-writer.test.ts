import type { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import type { Changes } from "../../src/model/changes.ts";
import { expireSnapshots } from "../../src/store/history-expire.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { connectStore } from "../../src/store/redis.ts";
import type { TestStore } from "../support/redis.ts";
import {
  changes,
  check,
  connection,
  connectionsOf,
  EDGE,
  graph,
  impact,
  NOW,
  picture,
  service,
  servicesOf,
} from "./examples.ts";
import { contentOf, keepOpen, STORES } from "./stores.ts";

interface Warning {
  readonly key?: string;
  readonly name?: string;
  readonly reason?: string;
}

describe.each(STORES)("MapWriter on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let warnings: Warning[];
  let writer: MapWriter;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(() => {
    warnings = [];
    const logger: Logger = { ...SILENT, warn: (fields) => warnings.push(fields as Warning) };
    writer = new MapWriter(store.client, logger);
  });

  it("writes only what is given", async () => {
    await writer.write(changes({ services: servicesOf(service("web01", "80")) }));
    expect((await redis.keys("*")).sort()).toEqual([
      "dotm::index::services",
      "dotm::index::services::web01",
      "dotm::services::web01::80",
    ]);
  });

  it("writing nothing sends nothing", async () => {
    await writer.write(changes({}));
    expect(await redis.dbsize()).toBe(0);
  });

  it("writing twice is the same as once", async () => {
    const once = { ...picture(), events: [] };
    await writer.write(once);
    const before = await contentOf(redis);
    await writer.write(once);
    expect(await contentOf(redis)).toEqual(before);
  });

  it("moves the times of connections on and makes none of those that are gone", async () => {
    await writer.write(picture());
    await redis.set("dotm::connections::web01::443::app01", "foreign");
    const times = (at: number) =>
      new Map([
        ["3306::db01", at],
        ["443::app01", at],
        ["9::gone", at],
      ] as const);
    await writer.write(changes({ seen: new Map([["web01", times(NOW + 60)]]) }));
    expect(await redis.hgetall("dotm::connections::web01::3306::db01")).toMatchObject({
      last_seen: `${NOW + 60}`,
      last_connection: `${NOW + 60}`,
      process: "php-fpm",
    });
    expect(await redis.hget("dotm::connections::web01::80::Internet", "last_seen")).toBe(`${NOW}`);
    expect(await redis.exists("dotm::connections::web01::9::gone")).toBe(0);
    expect(warnings).toMatchObject([{ reason: expect.stringContaining("dotm::connections::web01::443::app01") }]);
  });

  it("a later time holds beside a record that is written with it", async () => {
    const record = connectionsOf(connection("web01", "3306", "db01"));
    const seen = new Map([["web01", new Map([["3306::db01", NOW + 60]])]]);
    await writer.write(changes({ connections: record, seen }));
    expect(await redis.hget("dotm::connections::web01::3306::db01", "last_seen")).toBe(`${NOW + 60}`);
  });

  it("removes what is gone and leaves its neighbours", async () => {
    await writer.write(picture());
    await writer.write(
      changes({
        nodes: new Map([["db01", null]]),
        services: new Map([["web01:80", { node: "web01", port: "80", value: null }]]),
        connections: new Map([["web01::3306::db01", { node: "web01", port: "3306", remote: "db01", value: null }]]),
        edges: new Map([["web01", new Map([["out|php-fpm|tcp|3306|10.0.0.21", null]])]]),
        resolver: new Map([["10.0.0.11", null]]),
        hostChecks: new Map([["db01", null]]),
        serviceChecks: new Map([["db01", null]]),
        impacts: new Map([["db01::MySQL", null]]),
        graphs: new Map([["web01", null]]),
        alarms: new Map([
          ["", null],
          ["web01", null],
        ]),
        notes: new Map([["db01", null]]),
        sources: new Map([["nagios", null]]),
      }),
    );
    expect((await redis.keys("dotm::*")).sort()).toEqual([
      "dotm::changes",
      "dotm::checks::config",
      "dotm::connections::db01::3306::2001:db8:0:0:0:0:0:11",
      "dotm::connections::web01::80::Internet",
      "dotm::impact::db01::_HOST_",
      "dotm::impact::ranking",
      "dotm::index::connections",
      "dotm::index::connections::db01",
      "dotm::index::connections::web01",
      "dotm::index::edges",
      "dotm::index::listeners",
      "dotm::index::resolver",
      "dotm::index::services",
      "dotm::index::services::db01",
      "dotm::index::services::web01",
      "dotm::listeners::web01",
      "dotm::nodes",
      "dotm::nodes::web01",
      "dotm::resolver::ip_to_node::2001:db8:0:0:0:0:0:11",
      "dotm::services::db01::3306",
      "dotm::services::web01::53/udp",
    ]);
    expect(await redis.lrange("dotm::nodes", 0, -1)).toEqual(["web01"]);
    expect(await redis.smembers("dotm::index::services::web01")).toEqual(["53/udp"]);
  });

  it("removes fields that no longer hold", async () => {
    await writer.write(
      changes({ services: servicesOf(service("web01", "80", { alertStatus: "CRITICAL", lastConnection: 5 })) }),
    );
    await writer.write(changes({ services: servicesOf(service("web01", "80")) }));
    expect(Object.keys(await redis.hgetall("dotm::services::web01::80")).sort()).toEqual([
      "age",
      "last_seen",
      "process",
    ]);
  });

  it("keeps each host once in dotm::nodes, whatever happened to the list before", async () => {
    const nodes = (...names: string[]): Changes =>
      changes({
        nodes: new Map(names.map((name) => [name, { lastFetch: 1, fetchStatus: "OK", ips: [], serviceAlerts: {} }])),
      });
    await writer.write(nodes("a", "b"));
    await writer.write(nodes("b", "c", "a"));
    expect(await redis.lrange("dotm::nodes", 0, -1)).toEqual(["a", "b", "c"]);
    await redis.rpush("dotm::nodes", "a", "a", "b", "by-hand");
    await writer.write(nodes("d"));
    expect(await redis.lrange("dotm::nodes", 0, -1)).toEqual(["a", "b", "c", "by-hand", "d"]);
    await redis.del("dotm::nodes");
    await writer.write(nodes("a"));
    expect((await redis.lrange("dotm::nodes", 0, -1)).sort()).toEqual(["a", "b", "by-hand", "c", "d"]);
  });

  it("replaces the list of checks as a whole, and ranks problems anew", async () => {
    const many = Array.from({ length: 2_500 }, (_, at) => check("web01", `check ${at}`));
    await writer.write(
      changes({
        serviceChecks: new Map([["web01", many]]),
        impacts: new Map([["web01::A", impact("web01", "A", [1, 2])]]),
      }),
    );
    expect(await redis.llen("dotm::checks::services::web01")).toBe(2_500);
    await writer.write(
      changes({
        serviceChecks: new Map([["web01", [check("web01", "one")]]]),
        impacts: new Map([["web01::A", impact("web01", "A", [1])]]),
      }),
    );
    expect(await redis.llen("dotm::checks::services::web01")).toBe(1);
    expect(await redis.zscore("dotm::impact::ranking", "web01::A")).toBe("1");
  });

  it("bounds what strangers say and survives what they are called", async () => {
    const hostile = check("__proto__", "a\u0000b\u001b[31m", {
      status: "CRITICAL",
      statusInformation: "x".repeat(100_000),
    });
    await writer.write(
      changes({
        serviceChecks: new Map([["__proto__", [hostile]]]),
        impacts: new Map([["__proto__::a\u0000b", impact("__proto__", "a\u0000b")]]),
      }),
    );
    const [json = ""] = await redis.lrange("dotm::checks::services::__proto__", 0, -1);
    expect(JSON.parse(json).status_information).toHaveLength(4_096);
    expect(await redis.exists("dotm::impact::__proto__::a\uFFFDb")).toBe(1);
  });

  it("leaves out what cannot be named in a key, says so once, and writes the rest", async () => {
    const bad = servicesOf(service("a::b", "80"), service("web01", "80x"), service("web01", "80"));
    await writer.write(changes({ services: bad }));
    await writer.write(changes({ services: bad }));
    expect(await redis.keys("dotm::services::*")).toEqual(["dotm::services::web01::80"]);
    expect(warnings.map(({ name }) => name).sort()).toEqual(["a::b:80", "web01:80x"]);
  });

  it("never touches a key of another type, names it once, and writes the rest", async () => {
    const foreign = {
      "dotm::services::web01::80": () => redis.set("dotm::services::web01::80", "mine"),
      "dotm::checks::nodes::db01": () => redis.hset("dotm::checks::nodes::db01", "mine", "1"),
      "dotm::checks::services::db01": () => redis.set("dotm::checks::services::db01", "mine"),
      "dotm::impact::db01::MySQL": () => redis.rpush("dotm::impact::db01::MySQL", "mine"),
      "dotm::graph::web01": () => redis.sadd("dotm::graph::web01", "mine"),
      "dotm::edges::web01": () => redis.set("dotm::edges::web01", "mine"),
      "dotm::changes": () => redis.set("dotm::changes", "mine"),
      "dotm::nodes": () => redis.set("dotm::nodes", "mine"),
    };
    for (const occupy of Object.values(foreign)) {
      await occupy();
    }
    const before = await Promise.all(Object.keys(foreign).map((key) => redis.dumpBuffer(key)));
    await writer.write(picture());
    await writer.write(picture());
    await writer.rewrite(changes({}));
    expect(await Promise.all(Object.keys(foreign).map((key) => redis.dumpBuffer(key)))).toEqual(before);
    expect(new Set(warnings.map(({ key }) => key))).toEqual(new Set(Object.keys(foreign)));
    expect(warnings).toHaveLength(Object.keys(foreign).length);
  });

  it("rewriting removes what a former picture left, but nothing that is remembered", async () => {
    await writer.write(picture());
    await redis.set("dotm::reports::db01", "report");
    await redis.set("dotm::config::service_port_whitelist", "1");
    await writer.rewrite(
      changes({
        nodes: new Map([["web01", { lastFetch: 1, fetchStatus: "OK", ips: [], serviceAlerts: {} }]]),
        services: servicesOf(service("web01", "80")),
        connections: connectionsOf(connection("web01", "3306", "db01")),
        graphs: new Map([["web01", graph("web01")]]),
        resolver: new Map([["10.0.0.11", "web01"]]),
        impacts: new Map([["web01::a\tb", impact("web01", "a\tb")]]),
      }),
    );
    expect((await redis.keys("dotm::*")).filter((key) => !key.startsWith("dotm::index::")).sort()).toEqual([
      "dotm::changes",
      "dotm::checks::config",
      "dotm::config::service_port_whitelist",
      "dotm::connections::web01::3306::db01",
      "dotm::edges::web01",
      "dotm::graph::web01",
      "dotm::impact::ranking",
      "dotm::impact::web01::a\uFFFDb",
      "dotm::listeners::web01",
      "dotm::nodes",
      "dotm::nodes::web01",
      "dotm::reports::db01",
      "dotm::resolver::ip_to_node::10.0.0.11",
      "dotm::services::web01::80",
    ]);
    expect(await redis.zrange("dotm::impact::ranking", "0", "-1")).toEqual(["web01::a\uFFFDb"]);
    expect(await redis.lrange("dotm::nodes", 0, -1)).toEqual(["web01"]);
    expect(await redis.smembers("dotm::index::services")).toEqual(["web01"]);
  });

  it("makes the index of connections that an older version kept its own, and finds by it what is gone", async () => {
    await redis.set("dotm::schema", "1");
    await redis.sadd("dotm::index::connections", "web01", "db01");
    await redis.sadd("dotm::index::connections::web01", "3306::db01", "80::Internet");
    await redis.sadd("dotm::index::connections::db01", "3306::web01");
    const old = ["web01::3306::db01", "web01::80::Internet", "db01::3306::web01"].map(
      (end) => `dotm::connections::${end}`,
    );
    await Promise.all(old.map((key) => redis.hset(key, "process", "php-fpm")));
    await writer.rewrite(changes({ connections: connectionsOf(connection("web01", "3306", "db01")) }));
    await writer.mark("newer");
    expect(await Promise.all(old.map((key) => redis.exists(key)))).toEqual([1, 0, 0]);
    expect(await redis.hgetall("dotm::index::connections::web01")).toEqual({ "3306::db01": "" });
    expect(await redis.exists("dotm::index::connections::db01")).toBe(0);
    expect(await redis.get("dotm::schema")).toBe("2");
    expect(warnings).toEqual([]);
  });

  it("needs less than thirty bytes to find a connection of a host again", async () => {
    const many = Array.from({ length: 200 }, (_, at) => connection("web01", "3306", `host${10_000 + at}`));
    await writer.write(changes({ connections: connectionsOf(...many) }));
    const bytes = await redis.memory("USAGE", "dotm::index::connections::web01", "SAMPLES", 0);
    expect(await redis.hlen("dotm::index::connections::web01")).toBe(200);
    expect(Number(bytes) / 200).toBeLessThan(30);
  });

  it("forgets the report of a host that is gone", async () => {
    await redis.set("dotm::reports::db01", "report");
    await writer.write(changes({ nodes: new Map([["db01", null]]) }));
    expect(await redis.exists("dotm::reports::db01")).toBe(0);
  });

  it("renews checks for another hour and notices where some have vanished", async () => {
    await writer.write(picture());
    await redis.expire("dotm::checks::nodes::db01", 10);
    await redis.expire("dotm::checks::services::db01", 10);
    expect(await writer.renew()).toBe(true);
    expect(await redis.ttl("dotm::checks::nodes::db01")).toBeGreaterThan(3_500);
    expect(await redis.ttl("dotm::checks::services::db01")).toBeGreaterThan(3_500);
    await redis.del("dotm::checks::services::db01");
    expect(await writer.renew()).toBe(false);
  });

  it("notices where somebody took away what should be there", async () => {
    await writer.write(picture());
    const firstOf = async (kind: string) => {
      const [key = kind] = (await redis.keys(`dotm::${kind}::*`)).filter((each) => each !== "dotm::impact::ranking");
      return key;
    };
    expect(await writer.renew()).toBe(true);
    for (const key of await Promise.all(["graph", "notes", "impact"].map(firstOf))) {
      const value = `${await redis.get(key)}`;
      await redis.del(key);
      expect(await writer.renew(), key).toBe(false);
      await redis.set(key, value);
      expect(await writer.renew(), key).toBe(true);
    }
  });

  it("keeps some ten thousand changes where there are no snapshots", async () => {
    const event = { kind: "state" as const, host: "web01", subject: "HTTP", from: "OK", to: "CRITICAL" };
    await writer.write(changes({ events: Array.from({ length: 12_000 }, () => event) }));
    await expireSnapshots(store.client, { now: NOW, expire: 0, onRefused: () => undefined });
    expect(await redis.xlen("dotm::changes")).toBeLessThan(10_500);
    expect(await redis.xlen("dotm::changes")).toBeGreaterThanOrEqual(10_000);
  });

  it("merges edges of one host by field", async () => {
    await writer.write(
      changes({
        edges: new Map([
          [
            "web01",
            new Map([
              ["a", EDGE],
              ["b", EDGE],
            ]),
          ],
        ]),
      }),
    );
    await writer.write(
      changes({
        edges: new Map([
          [
            "web01",
            new Map([
              ["a", null],
              ["c", EDGE],
            ]),
          ],
        ]),
      }),
    );
    expect(Object.keys(await redis.hgetall("dotm::edges::web01")).sort()).toEqual(["b", "c"]);
  });

  it("rejects where the connection is gone", async () => {
    const client = await connectStore(store.options, SILENT);
    client.disconnect();
    await expect(new MapWriter(client, SILENT).write(picture())).rejects.toThrow();
  });

  it("tells who lives and leaves its mark", async () => {
    await writer.signLife(NOW + 0.9);
    expect(await redis.hget("dotm::alive", "at")).toBe(`${NOW}`);
    expect(await writer.readMark()).toBeNull();
    expect(await writer.mark("me")).toBe(true);
    expect(await writer.readMark()).toBe("me");
    await redis.del("dotm::marker");
    await redis.rpush("dotm::marker", "foreign");
    expect(await writer.readMark()).toBeUndefined();
    expect(await writer.mark("me")).toBe(false);
  });
});
