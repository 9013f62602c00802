/** A daemon on what other versions left: the original DOTM, a newer and an older one, and servers of several years. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readConfig } from "../../../src/config.ts";
import { type Daemon, startDaemon } from "../../../src/daemon/start-daemon.ts";
import { type Logger, SILENT } from "../../../src/logger.ts";
import { SettingsStore } from "../../../src/store/settings-store.ts";
import { daemonConfig } from "../../support/daemon-config.ts";
import { keyspace } from "../../support/keyspace.ts";
import { eventually } from "../../support/process.ts";
import { availableEngines, plainClient, startTestStore, type TestEngine, type TestStore } from "../../support/redis.ts";
import { loadHosts, sendRound } from "../../support/report-load.ts";

let folder = "";
let store: TestStore;
let redis: Redis;
let daemon: Daemon | undefined;
let warned: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dotm-upgrade-"));
  warned = [];
  await open();
});
afterEach(async () => {
  await daemon?.stop();
  daemon = undefined;
  await close();
  await rm(folder, { recursive: true, force: true });
});

async function open(engine?: TestEngine): Promise<void> {
  store = await startTestStore(engine);
  redis = await plainClient(store.options);
}

async function close(): Promise<void> {
  redis.disconnect();
  await store.stop();
}

async function start(): Promise<Daemon> {
  const logger: Logger = { ...SILENT, warn: (fields) => warned.push(JSON.stringify(fields)) };
  const sources = [{ name: "alerts", site: null, type: "push", token: null, staleAfter: 86_400 }] as const;
  const config = daemonConfig(folder, store.options, { sources });
  daemon = await startDaemon({ config, version: "0", logger, now: () => Date.now() / 1_000 });
  return daemon;
}

async function stop(): Promise<void> {
  await daemon?.stop();
  daemon = undefined;
}

const written = () =>
  eventually("the whole picture", async () => ((await redis.exists("dotm::marker")) === 1 ? true : undefined));

const isStored = (service: string) =>
  eventually(`${service} in the store`, async () =>
    (await redis.hget(`dotm::services::${service}`, "process")) === "app" ? true : undefined,
  );

it("U01 hosts, connections and services are taken over; settings hold and stay as they are, odd keys are told and left", async () => {
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

it("U02 the store is refused with words before anything is written, and left as it is", async () => {
  await redis.set("dotm::schema", "3");
  await expect(start()).rejects.toMatchObject({
    code: "DOTM_STORE_NEWER",
    message: expect.stringContaining("was written by a newer DOTM (schema 3, this one knows 2)"),
    next: expect.stringContaining("Update this DOTM"),
  });
  const ours = [...(await keyspace([redis])).keys()].filter((key) => !/state::leader|members|observations/.test(key));
  expect(ours).toEqual(["dotm::schema"]);
});

it("U04 fields and keys that a newer DOTM of the same schema added are read over, and nothing else is lost", async () => {
  const hosts = loadHosts(3);
  await sendRound([await start()], 1, hosts, Date.now() / 1_000);
  await isStored("app01::8080");
  await stop();
  await redis.set("dotm::future::app00", "1");
  await redis.hset("dotm::nodes::app00", { future: "1" });
  for (const key of [...(await redis.keys("dotm::edges::*")), "dotm::listeners::app00", "dotm::sources"]) {
    for (const [field, json] of Object.entries(await redis.hgetall(key))) {
      await redis.hset(key, field, JSON.stringify({ ...JSON.parse(json), future: { is: "unknown" } }));
    }
  }
  const edges = await redis.hkeys("dotm::edges::app00");
  expect(edges.length).toBeGreaterThan(0);
  await redis.del("dotm::graph::app00", "dotm::marker");
  warned = [];
  await start();
  await written();
  const graph = JSON.parse((await redis.get("dotm::graph::app00")) ?? "") as { nodes: { id: string }[] };
  expect(graph.nodes.map(({ id }) => id)).toContain("app00:8080");
  expect((await redis.hkeys("dotm::edges::app00")).sort()).toEqual(edges.sort());
  expect(warned).toEqual([]);
  expect(await redis.get("dotm::future::app00")).toBe("1");
});

it("U05 in the file they are an error with line, column and what was meant; in a stored setting they are told and kept", async () => {
  await writeFile(join(folder, "dotm.yaml"), "redis:\n  ulr: redis://localhost\n");
  const around = { env: {}, cwd: folder, home: folder, root: false, systemFolder: folder, systemData: folder };
  expect(readConfig({}, around).problems.map(({ place, text }) => [place, text])).toEqual([
    [expect.objectContaining({ line: 2, column: 3 }), "unknown key `redis.ulr`; did you mean url?"],
  ]);
  await redis.hset("dotm::config::aging", { Future: "1" });
  const settings = new SettingsStore(store.client, store.options, SILENT);
  expect((await settings.inspect()).problems).toMatchObject([{ entry: "Future: 1" }]);
  await settings.set("aging", "90", "Services");
  expect(await redis.hgetall("dotm::config::aging")).toEqual({ Future: "1", Services: "90" });
});

/** A word of `COMMAND DOCS`: what it is called, since when, and what belongs to it. */
interface CommandWord {
  readonly name: string;
  readonly since: string;
  readonly words: readonly CommandWord[];
}

/** Whether a version came after Redis 6.2, the oldest that is served. */
const isLater = (since: string) => since.localeCompare("6.2.99", undefined, { numeric: true }) > 0;

it("U07 the same daemon runs on each engine at hand, and uses no command and no option that came after Redis 6.2", async ({
  annotate,
}) => {
  const used = new Map<string, Set<string>>();
  const versions: string[] = [];
  await close();
  for (const engine of availableEngines()) {
    await open(engine);
    const info = await redis.info("server");
    versions.push(`${engine} ${/^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1]}`);
    const monitor = engine === "redis-server" ? await redis.monitor() : undefined;
    monitor?.on("monitor", (_, [command = "", ...words]: string[]) => {
      const known = used.get(command.toLowerCase()) ?? new Set();
      used.set(command.toLowerCase(), known);
      for (const word of words.filter((each) => /^[a-z]{1,12}$/i.test(each))) {
        known.add(word.toLowerCase());
      }
    });
    await sendRound([await start()], 1, loadHosts(3), Date.now() / 1_000);
    await isStored("app01::8080");
    await stop();
    monitor?.disconnect();
    await (engine === availableEngines().at(-1) ? undefined : close());
  }
  await annotate(versions.join(", "), "figure");
  if (used.size === 0) {
    return;
  }
  await close();
  await open("redis-server");
  const late: string[] = [];
  for (const [command, words] of used) {
    const [about] = await docsOf(command);
    late.push(...(about === undefined || isLater(about.since) ? [command] : []));
    late.push(
      ...(about?.words ?? [])
        .filter(({ name, since }) => isLater(since) && words.has(name.toLowerCase()))
        .map(({ name }) => `${command} ${name}`),
    );
  }
  expect(used.size).toBeGreaterThan(10);
  expect(late).toEqual([]);
});

/** What the server says of a command: since when there is it, and each of its options. */
async function docsOf(command: string): Promise<CommandWord[]> {
  const answer = (await redis.call("COMMAND", "DOCS", command)) as unknown[];
  const list = (flat: unknown): Map<string, unknown> => {
    const items = Array.isArray(flat) ? (flat as unknown[]) : [];
    return new Map(items.flatMap((item, at) => (at % 2 === 0 ? [[String(item), items[at + 1]] as const] : [])));
  };
  const options = (flat: unknown): CommandWord[] =>
    (Array.isArray(flat) ? (flat as unknown[]) : [])
      .map(list)
      .flatMap((about) => [
        { name: String(about.get("token") ?? ""), since: String(about.get("since") ?? "0"), words: [] },
        ...options(about.get("arguments")),
      ]);
  return [...list(answer)].map(([name, about]) => ({
    name,
    since: String(list(about).get("since") ?? "0"),
    words: options(list(about).get("arguments")),
  }));
}
