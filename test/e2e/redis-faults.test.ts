/** What networks, operators and full disks do to a Redis under load; each time the picture is whole afterwards. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Fault, FaultProxy } from "../support/fault-proxy.ts";
import { eventually, startProgram } from "../support/process.ts";
import { describeAsRoot, describeReal } from "../support/real.ts";
import { nodeClient, type RedisNode, startNode } from "../support/redis-servers.ts";
import { TwinDaemons } from "../support/twin-daemons.ts";

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

  it.each<[string, Fault, { unready: boolean }]>([
    ["a network that is away", { kind: "drop" }, { unready: true }],
    ["connections that fall silent", { kind: "silence" }, { unready: true }],
    ["connections cut in the middle of answers", { kind: "cut", bytes: 700 }, { unready: true }],
    ["answers that come a second late", { kind: "delay", milliseconds: 1_000 }, { unready: false }],
    ["answers that drip", { kind: "drip", bytes: 40 }, { unready: false }],
  ])("%s: nothing acknowledged is lost and the picture is whole when it is over", async (_, fault, { unready }) => {
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
    await twins.send(1);
    await twins.equal([direct]);
  });
});

describeReal("a Redis", ["redis-server"], () => {
  beforeEach(() => start());
  afterEach(stop);

  const cures: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
    [
      "that has no memory left",
      () => direct.config("SET", "maxmemory", "1"),
      () => direct.config("SET", "maxmemory", "0"),
    ],
    ["made a replica", () => direct.replicaof("127.0.0.1", 1), () => direct.replicaof("NO", "ONE")],
    ["that is paused", () => direct.call("CLIENT", ["PAUSE", "4000", "ALL"]), () => direct.call("CLIENT", ["UNPAUSE"])],
    ["that is flushed", () => direct.flushall(), async () => undefined],
    ["that is stopped by a signal", async () => node.process.kill("SIGSTOP"), async () => node.process.kill("SIGCONT")],
  ];

  it.each(cures)("%s has the whole picture again afterwards", async (_, fault, cure) => {
    await fault();
    await twins.send(4);
    await delay(2_200);
    await twins.send(2);
    await cure();
    await twins.send(1);
    await twins.equal([direct]);
  });

  it("that starts again with an older snapshot gets the rest", async () => {
    await twins.equal([direct]);
    await direct.save();
    await twins.send(4);
    await twins.equal([direct]);
    const { port } = node;
    await node.process.stop("SIGKILL");
    node = await startNode(folder, [], port);
    await eventually("the older snapshot", async () => ((await direct.dbsize()) > 20 ? true : undefined));
    await twins.equal([direct]);
  });
});

describeAsRoot("a Redis whose disk is full", ["redis-server", "mount", "umount"], () => {
  it("is written again once there is room", async () => {
    const disk = join(folder, "disk");
    const run = (program: string, ...args: string[]) => startProgram(program, args).ended;
    await mkdir(disk);
    expect(await run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk)).toMatchObject({ code: 0 });
    try {
      await start([`dir ${disk}`, "appendonly yes"]);
      await expect(writeFile(join(disk, "filler"), Buffer.alloc(3 << 20))).rejects.toThrow("ENOSPC");
      await twins.sendUntil("no room", async () => (await twins.told()).includes("MISCONF"));
      await twins.send(2);
      await rm(join(disk, "filler"));
      await twins.equal([direct]);
    } finally {
      await stop();
      await run("umount", "-l", disk);
    }
  });
});
