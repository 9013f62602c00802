/** Reads what DOTM wrote as a stranger would: with a plain client, knowing only the table of docs/redis.md. */
import type { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { ReportStore } from "../../src/store/report-store.ts";
import { plainClient, type TestStore } from "../support/redis.ts";
import { NOW, picture } from "./examples.ts";
import { STORES } from "./stores.ts";

describe.each(STORES)("the Redis contract on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;

  beforeAll(async () => {
    store = await start();
    redis = await plainClient(store.options);
    await new MapWriter(store.client, SILENT).rewrite(picture());
    await new ReportStore(store.client, store.options, SILENT).saveReports(
      new Map([["web01", Buffer.from([0x1f, 0x8b, 0xff])]]),
      1,
    );
  });
  afterAll(async () => {
    redis.disconnect();
    await store.stop();
  });

  it("dotm::nodes: a list of host names, each once", async () => {
    expect((await redis.lrange("dotm::nodes", 0, -1)).sort()).toEqual(["db01", "web01"]);
  });

  it("dotm::nodes::<node>", async () => {
    expect(await redis.hgetall("dotm::nodes::web01")).toEqual({
      last_fetch: `${NOW}`,
      fetch_status: "OK",
      ips: "10.0.0.11,2001:db8:0:0:0:0:0:11",
      service_alerts: "{}",
    });
    const alerts = await redis.hget("dotm::nodes::db01", "service_alerts");
    expect(JSON.parse(alerts ?? "")).toEqual({ "3306": "CRITICAL" });
  });

  it("dotm::connections::<node>::<port>::<remote>", async () => {
    expect(await redis.hgetall("dotm::connections::web01::3306::db01")).toEqual({
      process: "php-fpm",
      connections: "12",
      last_connection: `${NOW}`,
      last_seen: `${NOW}`,
      direction: "out",
      remote_host: "db01",
      remote_port: "3306",
      local_port: "high",
    });
    expect(await redis.hget("dotm::connections::web01::80::Internet", "direction")).toBe("in");
    expect(await redis.hget("dotm::connections::db01::3306::2001:db8:0:0:0:0:0:11", "remote_host")).toBe(
      "2001:db8:0:0:0:0:0:11",
    );
  });

  it("dotm::services::<node>::<port>", async () => {
    expect(await redis.hgetall("dotm::services::web01::80")).toEqual({
      process: "nginx",
      last_seen: `${NOW}`,
      last_connection: `${NOW - 5}`,
      age: "fresh",
      alert_status: "OK",
    });
    expect(await redis.hgetall("dotm::services::web01::53/udp")).toEqual({
      process: "dnsmasq",
      last_seen: `${NOW}`,
      age: "old",
    });
  });

  it("dotm::resolver::ip_to_node::<IP>", async () => {
    expect(await redis.get("dotm::resolver::ip_to_node::10.0.0.11")).toBe("web01");
    expect(await redis.get("dotm::resolver::ip_to_node::2001:db8:0:0:0:0:0:11")).toBe("web01");
  });

  it("dotm::checks::nodes::<node>, for an hour", async () => {
    expect(JSON.parse((await redis.get("dotm::checks::nodes::db01")) ?? "")).toEqual({
      node: "db01",
      status: "UP",
      last_check: NOW - 4,
      last_status_change: NOW - 900,
      status_information: "PING OK",
      services_alerts: { mysqld: "CRITICAL" },
      other_alerts: { Backup: "WARNING" },
    });
    expect(await redis.ttl("dotm::checks::nodes::db01")).toBeGreaterThan(3_500);
    expect(await redis.ttl("dotm::checks::nodes::db01")).toBeLessThanOrEqual(3_600);
  });

  it("dotm::checks::services::<node>, for an hour", async () => {
    const checks = (await redis.lrange("dotm::checks::services::db01", 0, -1)).map((json) => JSON.parse(json));
    expect(checks).toEqual([
      expect.objectContaining({
        node: "db01",
        service: "MySQL",
        status: "CRITICAL",
        last_check: NOW - 10,
        last_status_change: NOW - 1_000,
        status_information: "OK - fine",
        mapping: "mysqld",
      }),
      expect.objectContaining({ node: "db01", service: "Backup", status: "WARNING" }),
    ]);
    expect(checks[1]).not.toHaveProperty("mapping");
    expect(await redis.ttl("dotm::checks::services::db01")).toBeGreaterThan(3_500);
  });

  it("dotm::checks::config", async () => {
    expect(await redis.hgetall("dotm::checks::config")).toEqual({ last_updated: `${NOW}` });
  });

  it("dotm::impact::<node>::<check> and its ranking", async () => {
    expect(JSON.parse((await redis.get("dotm::impact::db01::MySQL")) ?? "")).toMatchObject({
      apiVersion: "dotm/v1",
      kind: "Impact",
      problem: { host: "db01", check: "MySQL" },
    });
    expect(JSON.parse((await redis.get("dotm::impact::db01::_HOST_")) ?? "").problem.check).toBeNull();
    expect(await redis.zrange("dotm::impact::ranking", "0", "-1", "WITHSCORES")).toEqual([
      "db01::_HOST_",
      "0",
      "db01::MySQL",
      "2",
    ]);
  });

  it("dotm::reports::<node>: the bytes that were given", async () => {
    expect(await redis.getBuffer("dotm::reports::web01")).toEqual(Buffer.from([0x1f, 0x8b, 0xff]));
  });

  it("dotm::edges::<node>", async () => {
    const edges = await redis.hgetall("dotm::edges::web01");
    expect(Object.keys(edges)).toEqual(["out|php-fpm|tcp|3306|10.0.0.21"]);
    expect(JSON.parse(Object.values(edges)[0] ?? "")).toMatchObject({ firstSeen: NOW - 500, lastSeen: NOW, count: 12 });
  });

  it("dotm::changes and dotm::observations: streams", async () => {
    const changes = await redis.xrange("dotm::changes", "-", "+");
    expect(changes.map(([, fields]) => fields)).toEqual([
      ["at", `${NOW}`, "kind", "state", "host", "db01", "subject", "MySQL", "from", "OK", "to", "CRITICAL"],
      ["at", `${NOW}`, "kind", "state", "host", "db01", "to", "UP"],
    ]);
    const observations = await redis.xrange("dotm::observations", "-", "+");
    expect(observations.map(([, fields]) => fields)).toEqual([["kind", "report", "host", "web01", "from", ""]]);
  });

  it("nothing but checks expires", async () => {
    for (const key of await redis.keys("*")) {
      expect([key, await redis.ttl(key)]).toEqual([
        key,
        key.startsWith("dotm::checks::") && !key.endsWith("config") ? expect.any(Number) : -1,
      ]);
    }
  });

  it("no key of ours looks like one of the contract's that it is not", async () => {
    const all = await redis.keys("*");
    expect(all.filter((key) => key.startsWith("dotm::services::"))).toHaveLength(3);
    expect(all.filter((key) => key.startsWith("dotm::connections::"))).toHaveLength(3);
    expect(all.filter((key) => key.startsWith("dotm::nodes::"))).toHaveLength(2);
  });
});
