/** A Redis that others use and set up: policies that evict, keys of theirs under our names, a million of others. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Daemon, startDaemon } from "../../../src/daemon/start-daemon.ts";
import { type Logger, SILENT } from "../../../src/logger.ts";
import { daemonConfig } from "../../support/daemon-config.ts";
import { partsOf, reportOf, sendReport } from "../../support/dotm-process.ts";
import { eventually } from "../../support/process.ts";
import { describeReal } from "../../support/real.ts";
import { plainClient, startTestStore, type TestStore } from "../../support/redis.ts";

describeReal("a Redis of others", ["redis-server"], () => {
  let folder: string;
  let store: TestStore;
  let redis: Redis;
  let daemon: Daemon | undefined;
  const warned: unknown[] = [];
  const logger: Logger = { ...SILENT, warn: (fields) => warned.push(fields) };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
    store = await startTestStore("redis-server");
    redis = await plainClient(store.options);
    warned.length = 0;
  });
  afterEach(async () => {
    await daemon?.stop();
    daemon = undefined;
    redis.disconnect();
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<string> {
    const config = daemonConfig(folder, store.options);
    daemon = await startDaemon({ config, version: "0", logger, now: () => Date.now() / 1000 });
    return daemon.url;
  }

  const isStored = (host: string) =>
    eventually(`${host} is stored`, async () =>
      (await redis.exists(`dotm::nodes::${host}`)) === 1 ? true : undefined,
    );

  it("E04 the older half of the history goes first, again and again, until what is now can be written", async () => {
    const old = Array.from({ length: 24 }, (_, at) => 1_795_000_000 + at * 60);
    for (const at of old) {
      await redis.set(`dotm::history::${at}`, "x".repeat(1 << 20));
    }
    await redis.rpush("dotm::history", ...old);
    const url = await start();
    expect(await sendReport(url, reportOf("app01", 1))).toBe(200);
    await isStored("app01");
    const newest = await eventually("a snapshot", async () =>
      (await redis.llen("dotm::history")) > old.length ? await redis.lindex("dotm::history", -1) : undefined,
    );
    const used = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
    await redis.config("SET", "maxmemory", used - (18 << 20));
    expect(await sendReport(url, reportOf("app02", 1))).toBe(200);
    await isStored("app02");
    const left = await redis.lrange("dotm::history", 0, -1);
    expect(left).toContain(newest);
    expect(left.length).toBeLessThan(10);
    expect(JSON.stringify(warned)).toContain('"snapshots":12');
    expect((await partsOf(url))["store"]).toMatchObject({ ok: true });
  });

  it("E05 warned of at the start and at /readyz: parts of the map may vanish", async () => {
    await redis.config("SET", "maxmemory", "100mb");
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    const url = await start();
    const { memory } = await eventually("the warning", async () => {
      const parts = await partsOf(url);
      return parts["memory"] === undefined ? undefined : { memory: parts["memory"] };
    });
    expect(memory).toEqual({ ok: false, detail: expect.stringContaining("Set: maxmemory-policy noeviction") });
    expect(JSON.stringify(warned)).toContain("allkeys-lru");
  });

  it("E13 that key is left as it is and told, not with every report; everything else is written", async () => {
    await redis.set("dotm::services::app01::8080", "theirs");
    const url = await start();
    for (const sequence of [1, 2, 3]) {
      expect(await sendReport(url, reportOf("app01", sequence, { peer: `10.0.9.${sequence}` }))).toBe(200);
      await isStored("app01");
    }
    await eventually("the last connection", async () =>
      (await redis.exists("dotm::connections::app01::3306::10.0.9.3")) === 1 ? true : undefined,
    );
    expect(await redis.get("dotm::services::app01::8080")).toBe("theirs");
    const told = warned.filter((each) => JSON.stringify(each).includes("dotm::services::app01::8080"));
    expect(told.length).toBe(1);
  });

  it("E28 what is longer than DOTM ever writes is told by its key and left; pages, commands and the engine go on", async () => {
    const url = await start();
    expect(await sendReport(url, reportOf("app01", 1))).toBe(200);
    await isStored("app01");
    const graph = await redis.get("dotm::graph::app01");
    // In pieces, as nobody is answered meanwhile.
    const fill = async (key: string, command: string, count: number) => {
      const script = `for at = ARGV[1], ARGV[1] + ARGV[2] - 1 do redis.call(${command}) end`;
      for (let at = 0; at < count; at += 10_000) {
        await redis.eval(script, 1, key, at, Math.min(10_000, count));
      }
    };
    await redis.setrange("dotm::graph::app01", 100 << 20, "x");
    await redis.setrange("dotm::reports::big", 100 << 20, "x");
    await redis.sadd("dotm::index::reports", "big");
    await redis.sadd("dotm::index::edges", "big");
    const hashes = ["dotm::edges::big", "dotm::alarms", "dotm::sources", "dotm::members", "dotm::nodes::app01"];
    for (const key of hashes) {
      await fill(key, "'HSET', KEYS[1], 'field' .. at, '[[{\"__proto__\":1}]]'", 120_000);
    }
    for (const key of ["dotm::hosts::added", "dotm::config::expire"]) {
      await fill(key, "'HSET', KEYS[1], 'field' .. at, '7'", 120_000);
    }
    await fill("dotm::checks::services::app01", "'RPUSH', KEYS[1], '{}'", 100_000);
    await fill("dotm::index::graphs", "'SADD', KEYS[1], 'theirs' .. at", 510_000);
    await redis.setrange("dotm::config::service_port_whitelist", 100 << 20, "x");
    await fill("dotm::pushes", "'RPUSH', KEYS[1], '[]'", 1_000);
    await redis.set("{dotm::pushes}::done", "theirs");
    for (const path of ["", "host/app01", "services", "report", "api/v1/impacts", "healthz", "metrics"]) {
      await eventually(path, async () => ((await fetch(`${url}${path}`)).status < 500 ? true : undefined));
    }
    await daemon?.stop();
    const again = await start();
    expect(await sendReport(again, reportOf("app02", 1))).toBe(200);
    await isStored("app02");
    // What is the engine's alone is written anew.
    await eventually("its graph", async () => ((await redis.get("dotm::graph::app01")) === graph ? true : undefined));
    const told = JSON.stringify(warned);
    for (const key of [
      ...hashes.slice(0, 4),
      "dotm::reports::big",
      "dotm::index::graphs",
      "dotm::config::expire",
      "dotm::config::service_port_whitelist",
      "dotm::checks::services::app01",
      "{dotm::pushes}::done",
    ]) {
      expect(told).toContain(key);
    }
  }, 120_000);

  it("E19 no command of ours takes long, whatever else is stored there (300,000 keys here); KEYS is never used", async ({
    annotate,
  }) => {
    await redis.eval("for at = 1, 300000 do redis.call('SET', 'theirs:' .. at, 'x') end", 0);
    await redis.config("RESETSTAT");
    const url = await start();
    expect(await sendReport(url, reportOf("app01", 1))).toBe(200);
    await isStored("app01");
    expect((await fetch(url)).status).toBe(200);
    const stats = await redis.info("commandstats");
    expect(stats).not.toContain("cmdstat_keys");
    const longest = [...stats.matchAll(/^cmdstat_\S+?:.*usec_per_call=([\d.]+)/gm)].map(([, each]) => Number(each));
    await annotate(`slowest command of ours ${(Math.max(...longest) / 1000).toFixed(1)} ms on average`, "figure");
    expect(Math.max(...longest)).toBeLessThan(50_000);
  }, 90_000);
});
