import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Daemon, startDaemon } from "../../../src/daemon/start-daemon.ts";
import { SILENT } from "../../../src/logger.ts";
import { daemonConfig } from "../../support/daemon-config.ts";
import { eventually, freePort } from "../../support/process.ts";
import { describeReal, findProgram } from "../../support/real.ts";

describeReal("Redis away", ["redis-server"], () => {
  let folder = "";
  let port = 0;
  let redis: ChildProcess | undefined;
  let daemon: Daemon | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-away-"));
    port = await freePort();
  });

  afterEach(async () => {
    await daemon?.stop();
    daemon = undefined;
    await stopRedis();
    await rm(folder, { recursive: true, force: true });
  });

  async function startRedis(): Promise<void> {
    const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
    redis = spawn(findProgram("redis-server") ?? "", args, { stdio: ["ignore", "pipe", "ignore"] });
    for await (const text of redis.stdout ?? []) {
      if (`${text}`.includes("Ready to accept connections")) {
        break;
      }
    }
    redis.stdout?.resume();
  }

  async function stopRedis(): Promise<void> {
    if (redis !== undefined && redis.exitCode === null) {
      const exit = once(redis, "exit");
      redis.kill("SIGKILL");
      await exit;
    }
    redis = undefined;
  }

  function start(): Promise<Daemon> {
    const config = daemonConfig(join(folder, "data"), { url: `redis://127.0.0.1:${port}` });
    return startDaemon({ config, version: "0.0.0", logger: SILENT, now: () => Date.now() / 1000 });
  }

  async function report(to: Daemon, host: string, sequence: number, remotePort = 3306): Promise<Response> {
    const time = new Date().toISOString();
    const owner = { process: "app", unit: null, container: null, netns: null };
    const connection = {
      direction: "out",
      proto: "tcp",
      ...owner,
      localAddress: "10.0.0.1",
      localPort: null,
      remoteAddress: "10.0.0.21",
      remotePort,
      count: 1,
      opened: 1,
      lastSeen: time,
    };
    const body = {
      version: 1,
      host,
      agent: "test",
      time,
      interval: 60,
      sequence,
      boot: "b",
      ips: ["10.0.0.1"],
      listeners: [{ proto: "tcp", address: "0.0.0.0", port: 8080, ...owner }],
      connections: [connection],
      unix: [],
      processes: [],
      capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
    };
    return fetch(`${to.url}api/v1/agents/report`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-DOTM-Sent": time },
      body: JSON.stringify(body),
    });
  }

  async function stored(key: string): Promise<Record<string, string>> {
    const client = new Redis({ host: "127.0.0.1", port, lazyConnect: true, retryStrategy: () => null });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await client.hgetall(key);
    } catch {
      return {};
    } finally {
      client.disconnect();
    }
  }

  const isStored = (host: string) =>
    eventually(`${host} is stored`, async () =>
      (await stored(`dotm::services::${host}::8080`))["process"] === "app" ? true : undefined,
    );

  it("for a while: reports are acknowledged, pages say so, and everything is there when it is back, even empty", async () => {
    await startRedis();
    daemon = await start();
    const running = daemon;
    expect((await report(running, "app01", 1)).status).toBe(200);
    await isStored("app01");
    await stopRedis();
    expect((await report(running, "app02", 1)).status).toBe(200);
    const page = await fetch(running.url);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain("Redis");
    expect((await fetch(`${running.url}readyz`)).status).toBe(503);
    expect((await fetch(`${running.url}healthz`)).status).toBe(200);
    await startRedis();
    await isStored("app01");
    await isStored("app02");
    await eventually("ready again", async () =>
      (await fetch(`${running.url}readyz`)).status === 200 ? true : undefined,
    );
  });

  it("E01 it is served within 2 s and says so at /readyz; reports are acknowledged, and kept over a restart", async ({
    annotate,
  }) => {
    const began = performance.now();
    daemon = await start();
    expect((await fetch(`${daemon.url}healthz`)).status).toBe(200);
    expect((await fetch(`${daemon.url}readyz`)).status).toBe(503);
    await annotate(`served after ${((performance.now() - began) / 1000).toFixed(1)} s`, "figure");
    expect((await report(daemon, "app01", 1)).status).toBe(200);
    await daemon.stop();
    daemon = await start();
    await startRedis();
    await isStored("app01");
    expect(await stored("dotm::nodes::app01")).toMatchObject({ fetch_status: "OK" });
  });

  it("does not make a restarted daemon forget what was remembered", async () => {
    await startRedis();
    daemon = await start();
    await report(daemon, "app01", 1, 3306);
    await report(daemon, "app01", 2, 5432);
    await eventually("both connections are remembered", async () =>
      Object.keys(await stored("dotm::edges::app01")).length === 2 ? true : undefined,
    );
    await daemon.stop();
    daemon = await start();
    await report(daemon, "app02", 1);
    await isStored("app02");
    expect(Object.keys(await stored("dotm::edges::app01")).sort()).toEqual([
      "out|app01/app|tcp|3306|10.0.0.21",
      "out|app01/app|tcp|5432|10.0.0.21",
    ]);
    expect(await stored("dotm::connections::app01::3306::10.0.0.21")).toMatchObject({
      process: "app",
      direction: "out",
    });
  });
});
