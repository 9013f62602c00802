/** A daemon on a Redis to which anybody wrote broken values under our names. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Readiness } from "../../src/daemon/readiness.ts";
import { type Daemon, startDaemon } from "../../src/daemon/start-daemon.ts";
import { type Logger, SILENT } from "../../src/logger.ts";
import { daemonConfig } from "../support/daemon-config.ts";
import { keyspace } from "../support/keyspace.ts";
import { eventually } from "../support/process.ts";
import { plainClient, startTestStore, type TestStore } from "../support/redis.ts";
import { loadHosts, sendRound } from "../support/report-load.ts";

let folder = "";
let store: TestStore;
let redis: Redis;
let daemon: Daemon | undefined;
let warned: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dotm-foreign-"));
  store = await startTestStore();
  redis = await plainClient(store.options);
  warned = [];
});
afterEach(async () => {
  await daemon?.stop();
  daemon = undefined;
  redis.disconnect();
  await store.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Daemon> {
  const logger: Logger = { ...SILENT, warn: (fields) => warned.push(JSON.stringify(fields)) };
  const sources = [{ name: "alerts", site: null, type: "push", token: null, staleAfter: 86_400 }] as const;
  const config = daemonConfig(folder, store.options, { sources });
  daemon = await startDaemon({ config, version: "0", logger, now: () => Date.now() / 1_000 });
  return daemon;
}

/** For every kind of key a value of another type, or one of the right type that is broken. */
const FOREIGN: readonly (readonly [key: string, write: (key: string) => Promise<unknown>])[] = [
  ["dotm::nodes", (key) => redis.set(key, "foreign")],
  ["dotm::nodes::app00", (key) => redis.set(key, "foreign")],
  ["dotm::connections::app00::8080::app01", (key) => redis.sadd(key, "foreign")],
  ["dotm::services::app00::8080", (key) => redis.rpush(key, "foreign")],
  ["dotm::resolver::ip_to_node::10.0.0.1", (key) => redis.hset(key, "foreign", "1")],
  ["dotm::checks::services::app00", (key) => redis.set(key, "foreign")],
  ["dotm::checks::config", (key) => redis.set(key, "foreign")],
  ["dotm::impact::app00::App 8080", (key) => redis.hset(key, "foreign", "1")],
  ["dotm::impact::ranking", (key) => redis.set(key, "foreign")],
  ["dotm::edges::app00", (key) => redis.set(key, "foreign")],
  ["dotm::listeners::app00", (key) => redis.set(key, "foreign")],
  ["dotm::graph::app00", (key) => redis.sadd(key, "foreign")],
  ["dotm::changes", (key) => redis.set(key, "foreign")],
  ["dotm::observations", (key) => redis.set(key, "foreign")],
  ["dotm::sources", (key) => redis.set(key, "foreign")],
  ["dotm::alarms", (key) => redis.set(key, "foreign")],
  ["dotm::index::services", (key) => redis.set(key, "foreign")],
  ["dotm::index::connections::app00", (key) => redis.set(key, "foreign")],
];

describe("foreign values under our names", () => {
  it("of another type are told by their key, stay as they are, and everything else is written", async () => {
    await redis.set("dotm::marker", "of an earlier daemon");
    for (const [key, write] of FOREIGN) {
      await write(key);
    }
    const before = await keyspace([redis]);
    const running = await start();
    const hosts = loadHosts(3);
    for (const round of [1, 2, 3]) {
      await sendRound([running], round, hosts, Date.now() / 1_000);
    }
    await eventually("the others", async () =>
      (await redis.hget("dotm::services::app01::8080", "process")) === "app" ? true : undefined,
    );
    await eventually("a complaint of each", async () => {
      const silent = FOREIGN.filter(([key]) => !warned.some((line) => line.includes(JSON.stringify(key))));
      expect(silent.map(([key]) => key)).toEqual([]);
      return true;
    });
    // What failed so far was the host with the foreign values; from now on it is another one.
    await sendRound([running], 5, hosts, Date.now() / 1_000);
    await eventually("a problem of another", async () =>
      (await redis.keys("dotm::impact::app01::*")).length > 0 ? true : undefined,
    );
    const after = await keyspace([redis]);
    for (const [key] of FOREIGN) {
      expect([key, after.get(key)]).toEqual([key, before.get(key)]);
    }
    const complaints = warned.filter((line) => line.includes('"dotm::services::app00::8080"'));
    expect(complaints).toHaveLength(1);
    expect((await fetch(`${running.url}api/v1/impacts`)).status).toBe(200);
    const { parts } = (await (await fetch(`${running.url}readyz`)).json()) as Readiness;
    expect(parts["observations"]).toEqual({ ok: false, detail: expect.stringContaining("redis-cli del dotm::observ") });
  });

  it("of the right type but broken do not keep a new leader from starting, and are told", async () => {
    await redis.sadd("dotm::index::reports", "app00", "app01", "bad::name");
    await redis.set("dotm::reports::app00", "no gzip");
    await redis.set("dotm::reports::app01", gzipSync('{"version":1,"ho'));
    await redis.sadd("dotm::index::edges", "app00");
    await redis.hset("dotm::edges::app00", { nonsense: "{", "out|x|tcp|1|y": "[]" });
    await redis.sadd("dotm::index::listeners", "app00");
    await redis.hset("dotm::listeners::app00", { "8080": '{"port":"x"}' });
    await redis.hset("dotm::alarms", { app00: "{broken", "": "[1]" });
    await redis.set("dotm::marker", "foreign mark");
    const running = await start();
    await sendRound([running], 1, ["app01"], Date.now() / 1_000);
    await eventually("its service", async () =>
      (await redis.hget("dotm::services::app01::8080", "process")) === "app" ? true : undefined,
    );
    for (const key of ["dotm::edges::app00", "dotm::listeners::app00", "dotm::alarms", "dotm::reports::app00"]) {
      expect(warned.join("\n"), key).toContain(key.replace("dotm::reports::", ""));
    }
  });
});
