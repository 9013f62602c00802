/** The stores a conformance suite runs on. */
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { connectStore } from "../../src/store/redis.ts";
import { eventually, freePort } from "../support/process.ts";
import { availableEngines, plainClient, startTestStore, type TestStore } from "../support/redis.ts";

/** Name of a store and how to start it. */
export interface StoreUnderTest {
  readonly name: string;
  readonly start: () => Promise<TestStore>;
}

/**
 * Every engine at hand; with redis-server also one in cluster mode, which refuses any command that touches two slots,
 * even though all slots are its own.
 */
export const STORES: readonly StoreUnderTest[] = availableEngines().flatMap((engine) => {
  const plain = { name: engine, start: () => startTestStore(engine) };
  return engine === "redis-server"
    ? [
        plain,
        { name: "redis-server in cluster mode", start: startClusterNode },
        { name: "a cluster client", start: startCluster },
      ]
    : [plain];
});

/** The same node, spoken to by the client that would find others. */
async function startCluster(): Promise<TestStore> {
  const store = await startClusterNode();
  const [, port] = (await (store.client as Redis).config("GET", "port")) as string[];
  const options = { cluster: [`127.0.0.1:${port}`] };
  const client = await connectStore(options, SILENT);
  return {
    ...store,
    options,
    client,
    stop: async () => {
      client.disconnect();
      await store.stop();
    },
  };
}

async function startClusterNode(): Promise<TestStore> {
  const [port, bus] = [await freePort(), await freePort()];
  const cluster = ["bind 127.0.0.1", "cluster-enabled yes", `cluster-port ${bus}`, "cluster-announce-ip 127.0.0.1"];
  const store = await startTestStore("redis-server", [`port ${port}`, ...cluster]);
  await store.client.call("CLUSTER", ["ADDSLOTSRANGE", "0", "16383"]);
  while (!String(await store.client.call("CLUSTER", ["INFO"])).includes("cluster_state:ok")) {
    await delay(20);
  }
  return store;
}

/** A store that a suite keeps open, and a plain client that empties it before each test. */
export interface OpenStore {
  readonly store: TestStore;
  readonly redis: Redis;
}

/** Opens a store for the suite it is called in: started before the first test, emptied before each, stopped after the last. */
export function keepOpen(start: () => Promise<TestStore>, opened: (open: OpenStore) => void): void {
  let open: OpenStore;
  beforeAll(async () => {
    const store = await start();
    open = { store, redis: await plainClient(store.options) };
    opened(open);
  });
  afterAll(async () => {
    open.redis.disconnect();
    await open.store.stop();
  });
  beforeEach(async () => {
    await open.redis.flushall();
  });
}

/** Waits until something holds, asking often; rejects with its name after ten seconds. */
export async function becomes(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  await eventually(what, async () => ((await holds()) ? true : undefined), 20_000, 20);
}

/** Everything in a store: each key and what it holds, as Redis dumps it. */
export async function contentOf(redis: Redis): Promise<Map<string, Buffer>> {
  const content = new Map<string, Buffer>();
  for (const key of (await redis.keys("*")).sort()) {
    content.set(key, await redis.dumpBuffer(key));
  }
  return content;
}
