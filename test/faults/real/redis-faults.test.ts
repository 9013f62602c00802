/** What networks, operators and full disks do to a Redis under load; each time the picture is whole afterwards. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { messageOf } from "../../../src/errors.ts";
import { type Fault, FaultProxy } from "../../support/fault-proxy.ts";
import { eventually, startProgram } from "../../support/process.ts";
import { describeAsRoot, describeReal } from "../../support/real.ts";
import { nodeClient, type RedisNode, startNode } from "../../support/redis-servers.ts";
import { TwinDaemons } from "../../support/twin-daemons.ts";

let folder = "";
let node: RedisNode;
let proxy: FaultProxy | undefined;
let direct: Redis;
let twins: TwinDaemons;

async function start(lines: readonly string[] = []): Promise<void> {
  node = await startNode(folder, lines);
  direct = nodeClient(node.port);
  proxy = await FaultProxy.start(node.port);
  twins = await TwinDaemons.start(folder, { url: `redis://127.0.0.1:${proxy.port}` });
  await twins.send(1);
  await eventually("ready", async () => ((await twins.ready()) ? true : undefined));
}

async function stop(): Promise<void> {
  proxy?.set({ kind: "none" });
  await twins.stop();
  direct.disconnect();
  await proxy?.stop();
  await node.process.stop("SIGKILL");
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dotm-faults-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describeReal("between DOTM and Redis", ["redis-server"], () => {
  beforeEach(() => start());
  afterEach(stop);

  /** Sends while the fault lasts, then waits for the whole picture; returns milliseconds until it was there. */
  async function endure(fault: Fault, { unready }: { unready: boolean }): Promise<number> {
    proxy?.set(fault);
    await twins.send(4);
    if (unready) {
      await twins.sendUntil("unready", async () => !(await twins.ready()));
      const page = await fetch(twins.troubled.url);
      expect([page.status, await page.text()]).toEqual([503, expect.stringContaining("Redis")]);
      expect((await fetch(`${twins.troubled.url}healthz`)).status).toBe(200);
    }
    await twins.send(4);
    proxy?.set({ kind: "none" });
    const over = performance.now();
    await twins.send(1);
    await twins.equal([direct]);
    return performance.now() - over;
  }

  it.each<[string, Fault, { unready: boolean }]>([
    ["connections that fall silent", { kind: "silence" }, { unready: true }],
    ["connections cut in the middle of answers", { kind: "cut", bytes: 700 }, { unready: true }],
    ["answers that drip", { kind: "drip", bytes: 40 }, { unready: false }],
  ])("%s: nothing acknowledged is lost and the picture is whole when it is over", async (_, fault, { unready }) => {
    await endure(fault, { unready });
  });

  it("E02 reports are acknowledged, pages say so, nothing is lost, and all is there soon after (some seconds here)", async ({
    annotate,
  }) => {
    const { rss } = process.memoryUsage();
    const drained = await endure({ kind: "drop" }, { unready: true });
    const grown = Math.max(0, (process.memoryUsage().rss - rss) / 2 ** 20);
    const lost = `0 of ${twins.round * twins.hosts.length} reports lost`;
    await annotate(
      `${lost}, whole again after ${(drained / 1000).toFixed(1)} s, memory + ${Math.round(grown)} MB`,
      "figure",
    );
    expect(drained).toBeLessThan(30_000);
  });

  it("E14 it goes on, slowly: nothing is lost, and the picture is whole", async () => {
    await endure({ kind: "delay", milliseconds: 1_000 }, { unready: false });
  });
});

describeReal("a Redis", ["redis-server"], () => {
  beforeEach(() => start());
  afterEach(stop);

  async function cured(fault: () => Promise<unknown>, cure: () => Promise<unknown>): Promise<void> {
    await fault();
    await twins.send(4);
    await delay(2_200);
    await twins.send(2);
    await cure();
    await twins.send(1);
    await twins.equal([direct]);
  }

  const cures: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
    ["that is paused", () => direct.call("CLIENT", ["PAUSE", "4000", "ALL"]), () => direct.call("CLIENT", ["UNPAUSE"])],
    ["that is stopped by a signal", async () => node.process.kill("SIGSTOP"), async () => node.process.kill("SIGCONT")],
  ];

  it.each(cures)("%s has the whole picture again afterwards", (_, fault, cure) => cured(fault, cure));

  it("E04 what cannot be written is kept and tried again; pages are read, reports acknowledged, and nothing is lost", async () => {
    await direct.config("SET", "maxmemory", "1");
    await twins.sendUntil("the reason is told", async () => (await twins.told()).includes("OOM"));
    expect((await fetch(twins.troubled.url)).status).toBe(200);
    await cured(
      async () => undefined,
      () => direct.config("SET", "maxmemory", "0"),
    );
  });

  it("E11 an outage that is told; reports are acknowledged, and the picture is whole afterwards", async () => {
    await direct.config("SET", "replica-serve-stale-data", "no");
    await direct.replicaof("127.0.0.1", 1);
    await twins.sendUntil("the page says so", async () => (await fetch(twins.troubled.url)).status === 503);
    await cured(
      async () => undefined,
      () => direct.replicaof("NO", "ONE"),
    );
  });

  it("E17 noticed within seconds: everything is written anew, from memory and journal", async ({ annotate }) => {
    await twins.equal([direct]);
    await direct.flushall();
    const began = performance.now();
    await twins.equal([direct]);
    const took = performance.now() - began;
    await annotate(`whole again after ${(took / 1000).toFixed(1)} s`, "figure");
    expect(took).toBeLessThan(60_000);
  });

  it("E10 waited for, as if it were away; reports are acknowledged meanwhile, and nothing is lost", async () => {
    await twins.equal([direct]);
    await direct.save();
    const { port } = node;
    await node.process.stop("SIGKILL");
    // Long enough to be seen: each key takes its time to be loaded.
    const slowly = ["key-load-delay 50000", "loading-process-events-interval-bytes 1024"];
    const starting = startNode(folder, slowly, port);
    await twins.sendUntil("it is loading", async () => /LOADING/.test(await saidBy(port)));
    expect(await twins.ready()).toBe(false);
    node = await starting;
    await direct.config("SET", "key-load-delay", "0");
    await twins.equal([direct]);
  });

  it("E20 it gets the rest from memory and journal", async () => {
    await twins.equal([direct]);
    await direct.save();
    await twins.send(4);
    await twins.equal([direct]);
    const { port } = node;
    await node.process.stop("SIGKILL");
    node = await startNode(folder, [], port);
    await eventually("the older snapshot", async () => ((await direct.dbsize()) > 20 ? true : undefined));
    await twins.equal([direct]);
    // KEYS blocks a Redis that others use, too.
    expect(await direct.info("commandstats")).not.toContain("cmdstat_keys");
  });
});

/** What a Redis answers at once, ready or not. */
async function saidBy(port: number): Promise<string> {
  const client = new Redis({ host: "127.0.0.1", port, enableReadyCheck: false, retryStrategy: () => null });
  client.on("error", () => undefined);
  try {
    return await client.ping();
  } catch (error) {
    return messageOf(error);
  } finally {
    client.disconnect();
  }
}

describeAsRoot("a Redis whose disk is full", ["redis-server", "mount", "umount"], () => {
  it("E16 what cannot be written is kept, and written once there is room; pages are read meanwhile", async () => {
    const disk = join(folder, "disk");
    const run = (program: string, ...args: string[]) => startProgram(program, args).ended;
    await mkdir(disk);
    expect(await run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk)).toMatchObject({ code: 0 });
    try {
      await start([`dir ${disk}`, "appendonly yes"]);
      await expect(writeFile(join(disk, "filler"), Buffer.alloc(3 << 20))).rejects.toThrow("ENOSPC");
      await twins.sendUntil("no room", async () => (await twins.told()).includes("MISCONF"));
      await twins.send(2);
      expect((await fetch(twins.troubled.url)).status).toBe(200);
      await rm(join(disk, "filler"));
      await twins.equal([direct]);
    } finally {
      await stop();
      await run("umount", "-l", disk);
    }
  });
});
