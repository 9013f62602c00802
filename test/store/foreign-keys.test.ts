import { gzipSync } from "node:zlib";
import type { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { brokenValues } from "../../src/store/broken-values.ts";
import { foreignKeys } from "../../src/store/foreign-keys.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { picture } from "./examples.ts";
import { keepOpen, type OpenStore, STORES } from "./stores.ts";

describe.each(STORES)("foreignKeys on $name", ({ start }) => {
  let open: OpenStore;
  let redis: Redis;
  keepOpen(start, (opened) => {
    open = opened;
    redis = opened.redis;
  });

  it("finds every key of another type than ours, and none of ours", async () => {
    await new MapWriter(open.store.client, SILENT).rewrite(picture());
    const found = async () => {
      const all: string[] = [];
      for await (const { key, type, expected } of foreignKeys(open.store.client)) {
        all.push(`${key} ${type} ${expected}`);
      }
      return all.sort();
    };
    expect(await found()).toEqual([]);
    const foreign = [
      ["dotm::services::web01::80", "hash"],
      ["dotm::connections::web01::3306::db01", "hash"],
      ["dotm::impact::ranking", "zset"],
      ["dotm::graph::web01", "string"],
      ["dotm::index::reports", "set"],
      ["dotm::changes", "stream"],
      ["dotm::queue", "list"],
      ["{dotm::queue}::workers", "zset"],
      ["dotm::history", "list"],
      ["dotm::config::aging", "hash"],
      ["dotm::config::other_internal_networks", "list"],
      ["dotm::members", "hash"],
    ] as const;
    const typeOf = (expected: string) => (expected === "list" ? "string" : "list");
    for (const [key, expected] of foreign) {
      await redis.del(key);
      await (expected === "list" ? redis.set(key, "foreign") : redis.rpush(key, "foreign"));
    }
    expect(await found()).toEqual(foreign.map(([key, expected]) => `${key} ${typeOf(expected)} ${expected}`).sort());
  });

  it("leaves to brokenValues what has our type and cannot be read, and goes on no longer than it may", async () => {
    await new MapWriter(open.store.client, SILENT).rewrite(picture());
    await redis.set("dotm::reports::web01", gzipSync("{}"));
    const found = async (mayGoOn = () => true) => {
      const all: string[] = [];
      for await (const { key, reason } of brokenValues(open.store.client, mayGoOn)) {
        all.push(`${key} ${reason}`);
      }
      return all.sort();
    };
    expect(await found()).toEqual([]);
    const impacts = (await redis.keys("dotm::impact::*")).filter((key) => key !== "dotm::impact::ranking");
    const impact = impacts[0] ?? "none";

    await redis.set("dotm::graph::web01", "{ garbage");
    await redis.set("dotm::checks::nodes::web01", "7");
    await redis.set(impact, "[");
    await redis.hset("dotm::sources", "nagios", "garbage");
    await redis.rpush("dotm::nodes", `a::${"b".repeat(100)}`);
    await redis.set("dotm::reports::web01", gzipSync("a report that was cut").subarray(0, 15));
    expect(await found()).toEqual([
      "dotm::checks::nodes::web01 is no JSON object",
      "dotm::graph::web01 is no JSON",
      `${impact} is no JSON`,
      `dotm::nodes names what can be no host (1, such as "a::${"b".repeat(57)}…")`,
      "dotm::reports::web01 is no gzip, or a broken one",
      'dotm::sources has an entry "nagios" that is not what DOTM writes',
    ]);
    expect(await found(() => false)).toEqual([]);
  });
});
