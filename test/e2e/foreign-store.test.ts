/** A daemon on a Redis that others wrote to: the original DOTM, a newer one, or anybody with broken values under our names. */
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

const written = () =>
  eventually("the whole picture", async () => ((await redis.exists("dotm::marker")) === 1 ? true : undefined));

describe("a store of the original DOTM", () => {
  it("is taken over: hosts, connections and services are in the map, and settings hold and stay as they are", async () => {
    const seen = Math.floor(Date.now() / 1_000) - 40;
    await redis.rpush("dotm::nodes", "web01", "db01");
    await redis.hset("dotm::nodes::web01", { last_fetch: seen, fetch_status: "OK", ips: "10.0.0.11,192.168.0.11" });
    await redis.hset("dotm::nodes::db01", { last_fetch: seen, fetch_status: "OK", ips: "10.0.0.21" });
    await redis.hset("dotm::services::db01::3306", { process: "mysqld", last_seen: `${seen}` });
    await redis.hset("dotm::connections::web01::3306::db01", {
      ...{ process: "php-fpm", connections: 4, last_connection: `${seen}.25`, last_seen: seen },
      ...{ direction: "out", remote_host: "db01", remote_port: 3306, local_port: "high" },
    });
    await redis.hset("dotm::connections::web01::odd", { process: "x" });
    await redis.set("dotm::resolver::ip_to_node::10.0.0.21", "db01");
    await redis.hset("dotm::config::aging", { Services: "1200" });
    await redis.hset("dotm::config::service_mapping", { "^MySQL.*": "mysqld" });
    await redis.rpush("dotm::config::other_internal_networks", "198.51.100.0/24");
    await redis.set("dotm::config::service_port_whitelist", "22,53");
    const settings = async () => [...(await keyspace([redis]))].filter(([key]) => key.startsWith("dotm::config::"));
    const before = await settings();
    await start();
    await written();
    expect((await redis.lrange("dotm::nodes", 0, -1)).sort()).toEqual(["db01", "web01"]);
    expect(await redis.hgetall("dotm::connections::web01::3306::10.0.0.21")).toMatchObject({
      ...{ process: "php-fpm", direction: "out", last_seen: `${seen}` },
    });
    expect(await redis.hget("dotm::services::db01::3306", "process")).toBe("mysqld");
    expect(await redis.hkeys("dotm::edges::web01")).toEqual(["out|web01/php-fpm|tcp|3306|10.0.0.21"]);
    const graph = JSON.parse((await redis.get("dotm::graph::web01")) ?? "") as { nodes: { id: string }[] };
    expect(graph.nodes.map(({ id }) => id)).toContain("web01/php-fpm");
    expect(await settings()).toEqual(before);
    expect(await redis.hgetall("dotm::connections::web01::odd")).toEqual({ process: "x" });
    expect(warned.join("\n")).toContain("dotm::connections::web01::odd");
    expect(await redis.get("dotm::schema")).toBe("2");
  });
});

describe("a store of a newer DOTM", () => {
  it("is refused with words and left as it is", async () => {
    await redis.set("dotm::schema", "3");
    await expect(start()).rejects.toMatchObject({
      code: "DOTM_STORE_NEWER",
      message: expect.stringContaining("was written by a newer DOTM (schema 3, this one knows 2)"),
      next: expect.stringContaining("Update this DOTM"),
    });
    const ours = [...(await keyspace([redis])).keys()].filter((key) => !/state::leader|members|observations/.test(key));
    expect(ours).toEqual(["dotm::schema"]);
  });
});

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
    await eventually("a problem of another", async () =>
      (await redis.keys("dotm::impact::app0[12]::*")).length > 0 ? true : undefined,
    );
    const after = await keyspace([redis]);
    for (const [key] of FOREIGN) {
      expect([key, after.get(key)]).toEqual([key, before.get(key)]);
    }
    await eventually("a complaint of each", async () => {
      const silent = FOREIGN.filter(([key]) => !warned.some((line) => line.includes(JSON.stringify(key))));
      expect(silent.map(([key]) => key)).toEqual([]);
      return true;
    });
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
