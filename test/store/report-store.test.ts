import { gunzipSync, gzipSync } from "node:zlib";
import type { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import { deliveryOf, storedReport } from "../../src/daemon/stored-report.ts";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { ReportStore } from "../../src/store/report-store.ts";
import type { TestStore } from "../support/redis.ts";
import { changes, EDGE, picture } from "./examples.ts";
import { keepOpen, STORES } from "./stores.ts";

const NOW = 1_795_356_000;
const DELIVERY = { raw: Buffer.from("{}"), encoding: undefined, sent: undefined, authorization: undefined };

describe.each(STORES)("ReportStore on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let reports: ReportStore;
  let warned: string[];

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(() => {
    warned = [];
    const logger: Logger = { ...SILENT, warn: (fields) => warned.push((fields as { key: string }).key) };
    reports = new ReportStore(store.client, store.options, logger);
  });

  it("gives back the last report of each host, byte by byte", async () => {
    const report = (sequence: number): Buffer => gzipSync(JSON.stringify({ sequence, text: "ü\u0000" }));
    for (let host = 0; host < 45; host += 1) {
      await reports.saveReports(new Map([[`host${host}`, report(1)]]), NOW);
      await reports.saveReports(new Map([[`host${host}`, report(host)]]), NOW);
    }
    const loaded = await all(reports.loadReports());
    expect(loaded).toHaveLength(45);
    for (const { host, gzip } of loaded) {
      expect(`host${JSON.parse(gunzipSync(gzip).toString()).sequence}`).toBe(host);
    }
  });

  it("keeps many at once, each unless a newer one is there", async () => {
    const stamped = (at: number) => storedReport({ ...DELIVERY, receivedAt: at });
    const host = (number: number) => `host${String(number).padStart(2, "0")}`;
    const [old, young] = [await stamped(100), await stamped(200)];
    const hosts = Array.from({ length: 60 }, (_, number) => host(number));
    await reports.saveReports(new Map(hosts.map((name, number) => [name, number % 2 === 0 ? old : young])), NOW);
    const third = await stamped(150);
    expect(await reports.saveReports(new Map(hosts.map((name) => [name, third])), NOW)).toEqual(new Map());
    const loaded = (await all(reports.loadReports())).sort((a, b) => (a.host < b.host ? -1 : 1));
    expect(loaded.map(({ gzip }) => deliveryOf(gzip).receivedAt)).toEqual(
      hosts.map((_, number) => (number % 2 === 0 ? 150 : 200)),
    );
  });

  it("gives back what is remembered of connections and listeners", async () => {
    await new MapWriter(store.client, SILENT).write(picture());
    expect(await all(reports.loadEdges())).toEqual([
      { host: "web01", records: new Map([["out|php-fpm|tcp|3306|10.0.0.21", EDGE]]) },
    ]);
    const [listeners] = await all(reports.loadListeners());
    expect(listeners?.host).toBe("web01");
    expect(listeners?.records.get("80")).toMatchObject({ process: "nginx", addresses: ["0.0.0.0"] });
  });

  it("forgets the report that came then, none that came later, and nothing of another type", async () => {
    const stamped = (at: number) => storedReport({ ...DELIVERY, receivedAt: at });
    await reports.saveReports(new Map([["web01", await stamped(100.5)]]), NOW);
    await reports.forgetReport("web01", 100);
    await reports.forgetReport("web01", 100.25);
    expect(await redis.exists("dotm::reports::web01")).toBe(1);
    await reports.forgetReport("web01", 100.5);
    expect(await redis.exists("dotm::reports::web01")).toBe(0);
    await redis.sadd("dotm::reports::web02", "foreign");
    await reports.forgetReport("web02", 1);
    expect(await redis.scard("dotm::reports::web02")).toBe(1);
    expect(warned).toEqual([]);
  });

  it("keeps the report that came later, and one of now in place of one of a clock that was set back", async () => {
    const stamped = async (at: number) => new Map([["web01", await storedReport({ ...DELIVERY, receivedAt: at })]]);
    const kept = async () => deliveryOf((await redis.getBuffer("dotm::reports::web01")) ?? Buffer.alloc(0)).receivedAt;
    await reports.saveReports(await stamped(NOW + 7_200), NOW + 7_200);
    await reports.saveReports(await stamped(NOW + 7_190), NOW + 7_201);
    expect(await kept()).toBe(NOW + 7_200);
    // The clock was two hours ahead.
    await reports.saveReports(await stamped(NOW + 2), NOW + 2);
    expect(await kept()).toBe(NOW + 2);
  });

  it("loads nothing from an empty store", async () => {
    expect(await all(reports.loadReports())).toEqual([]);
    expect(await all(reports.loadEdges())).toEqual([]);
    expect(await all(reports.loadListeners())).toEqual([]);
  });

  it("leaves out what is broken or foreign, by name, and what is empty in silence", async () => {
    const edges = (host: string) =>
      changes({
        edges: new Map([
          [
            host,
            new Map([
              ["a", EDGE],
              ["b", EDGE],
            ]),
          ],
        ]),
      });
    const writer = new MapWriter(store.client, SILENT);
    await writer.write(edges("web01"));
    await writer.write(edges("db01"));
    await writer.write(
      changes({
        edges: new Map([
          [
            "db01",
            new Map([
              ["a", null],
              ["b", null],
            ]),
          ],
        ]),
      }),
    );
    await redis.hset("dotm::edges::web01", "b", '{"direction":"sideways"}');
    await redis.sadd("dotm::index::edges", "a::b", "app01");
    await redis.set("dotm::edges::app01", "foreign");
    expect(await all(reports.loadEdges())).toEqual([{ host: "web01", records: new Map([["a", EDGE]]) }]);
    expect(warned.sort()).toEqual(["dotm::edges::app01", "dotm::edges::web01"]);
  });

  it("refuses to pretend that a report is kept where its key is somebody else's", async () => {
    await redis.hset("dotm::reports::web01", "mine", "1");
    const refused = await reports.saveReports(named("web00", "web01", "web02"), NOW);
    expect([...refused]).toEqual([
      [
        "web01",
        expect.objectContaining({
          code: "DOTM_STORE_FAILED",
          message: expect.stringContaining("dotm::reports::web01"),
        }),
      ],
    ]);
    expect(await redis.get("dotm::reports::web00")).toBe("x");
    expect(await redis.get("dotm::reports::web02")).toBe("x");
    expect(await redis.hget("dotm::reports::web01", "mine")).toBe("1");
  });

  it("refuses a host that cannot be named in a key", async () => {
    const refused = await reports.saveReports(named("a::b", "web01"), NOW);
    expect([...refused]).toEqual([["a::b", expect.objectContaining({ code: "DOTM_STORE_FAILED" })]]);
    expect(await redis.get("dotm::reports::web01")).toBe("x");
  });
});

function named(...hosts: readonly string[]): Map<string, Buffer> {
  return new Map(hosts.map((host) => [host, Buffer.from("x")]));
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) {
    found.push(item);
  }
  return found;
}
