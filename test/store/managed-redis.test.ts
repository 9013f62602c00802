import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { ManagedRedis } from "../../src/store/managed-redis.ts";
import { describeReal } from "../support/real.ts";
import { buildHolder, type HolderProgram, hold, using } from "./holder.ts";

describeReal("a managed redis-server", ["redis-server", "flock", "setpriv"], () => {
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

  it("listens on a socket nobody else can reach, and on nothing else", async () => {
    const server = new ManagedRedis("redis-server", join(dataDir, "redis"), SILENT);
    await server.start();
    expect((await stat(join(dataDir, "redis"))).mode & 0o777).toBe(0o700);
    expect((await stat(server.socket)).mode & 0o077).toBe(0);
    const settings = await using({ socket: server.socket }, async (redis) => ({
      port: await redis.config("GET", "port"),
      append: await redis.config("GET", "appendonly"),
      sync: await redis.config("GET", "appendfsync"),
    }));
    expect(settings).toEqual({ port: ["port", "0"], append: ["appendonly", "yes"], sync: ["appendfsync", "everysec"] });
    await server.stop();
  });

  it("starts even while the child of a daemon just killed is still ending", async () => {
    for (let round = 0; round < 3; round += 1) {
      const held = await hold(program, dataDir);
      await using(held.options, (redis) => redis.incr("rounds"));
      held.process.kill("SIGKILL");
    }
    const last = await hold(program, dataDir);
    expect(await using(last.options, (redis) => redis.get("rounds"))).toBe("3");
    await last.process.stop();
  });

  it("has every write that was answered, whenever its daemon is killed, and never runs twice", async () => {
    let answered = 0;
    for (let round = 0; round < 6; round += 1) {
      const held = await hold(program, dataDir);
      // Nothing may be sent again behind the test's back.
      const redis = new Redis({ path: held.options.socket ?? "", retryStrategy: () => null });
      redis.on("error", () => undefined);
      expect(Number(await redis.get("count"))).toBeGreaterThanOrEqual(answered);
      const timer = setTimeout(() => held.process.kill("SIGKILL"), Math.random() * 120);
      try {
        for (;;) {
          answered = await redis.incr("count");
        }
      } catch {
        // killed with its parent
      }
      clearTimeout(timer);
      redis.disconnect();
      await held.process.ended;
    }
    const last = await hold(program, dataDir);
    expect(await using(last.options, async (redis) => Number(await redis.get("count")))).toBeGreaterThanOrEqual(
      answered,
    );
    await last.process.stop();
    expect(answered).toBeGreaterThan(20);
  });

  it("is refused to a second daemon, which is told who has it", async () => {
    const first = await hold(program, dataDir);
    const child = await using(first.options, async (redis) => /process_id:(\d+)/.exec(await redis.info("server"))?.[1]);
    await expect(hold(program, dataDir)).rejects.toMatchObject({
      code: "DOTM_LOCKED",
      message: expect.stringContaining(`(pid ${child})`),
    });
    expect(await using(first.options, (redis) => redis.ping())).toBe("PONG");
    await first.process.stop();
  });

  it("ends cleanly and leaves the folder to the next one", async () => {
    for (let round = 1; round <= 2; round += 1) {
      const server = new ManagedRedis("redis-server", join(dataDir, "redis"), SILENT);
      await server.start();
      expect(await using({ socket: server.socket }, (redis) => redis.incr("rounds"))).toBe(round);
      await server.stop();
    }
  });

  it("finds a short place for its socket where the folder's path is too long for one", async () => {
    const deep = join(dataDir, "x".repeat(60), "y".repeat(60), 'with "quotes" and blanks');
    await mkdir(deep, { recursive: true });
    const server = new ManagedRedis("redis-server", join(deep, "redis"), SILENT);
    await server.start();
    expect(Buffer.byteLength(server.socket)).toBeLessThan(108);
    expect((await stat(join(server.socket, ".."))).mode & 0o777).toBe(0o700);
    expect(await using({ socket: server.socket }, (redis) => redis.set("a", "1"))).toBe("OK");
    await server.stop();
    await expect(stat(join(server.socket, ".."))).rejects.toThrow();
    expect(await readdir(join(deep, "redis"))).toContain("appendonlydir");
  });

  it("says which folder cannot be used", async () => {
    await writeFile(join(dataDir, "redis"), "a file");
    const server = new ManagedRedis("redis-server", join(dataDir, "redis"), SILENT);
    await expect(server.start()).rejects.toMatchObject({
      code: "DOTM_STORE_FAILED",
      message: expect.stringContaining(join(dataDir, "redis")),
    });
    await chmod(dataDir, 0o700);
  });
});
