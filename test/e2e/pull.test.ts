/** The daemon asks hosts for their reports; what comes of it is in Redis, in the keys of the original. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { configFrom } from "../../src/config.ts";
import { type Daemon, startDaemon } from "../../src/daemon/start-daemon.ts";
import { SILENT } from "../../src/logger.ts";
import { eventually, freePort } from "../support/process.ts";
import { describeReal, findProgram } from "../support/real.ts";

describeReal("Hosts that are pulled", ["redis-server"], () => {
  let folder = "";
  let redis: ChildProcess;
  let client: Redis;
  let daemon: Daemon | undefined;
  let agent: Server;
  let answer = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-pull-"));
    const port = await freePort();
    const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", folder];
    redis = spawn(findProgram("redis-server") ?? "", args, { stdio: "ignore" });
    client = new Redis({ host: "127.0.0.1", port });
    client.on("error", () => undefined);
    agent = createServer((socket) => void socket.on("error", () => undefined).end(answer));
    await new Promise<void>((resolve) => agent.listen(0, "127.0.0.1", resolve));
    const pull = { type: "original", address: "127.0.0.1", port: (agent.address() as AddressInfo).port };
    const config = configFrom({
      data_dir: join(folder, "data"),
      redis: { url: `redis://127.0.0.1:${port}` },
      web: { listen: "127.0.0.1:0" },
      agents: {
        pull: [
          { host: "db01", ...pull },
          { host: "web09", ...pull },
        ],
      },
    });
    await client.hset("dotm::config::fetch_parameters", "interval", "5", "parallel", "2");
    daemon = await startDaemon({ config, version: "0", logger: SILENT, now: () => Date.now() / 1000 });
  });

  afterEach(async () => {
    await daemon?.stop();
    agent.close();
    client.disconnect();
    const exit = once(redis, "exit");
    redis.kill("SIGKILL");
    await exit;
    await rm(folder, { recursive: true, force: true });
  });

  const fetchStatus = (host: string, what: RegExp) =>
    eventually(`fetch_status of ${host} is ${what}`, async () => {
      const node = await client.hgetall(`dotm::nodes::${host}`);
      return what.test(node["fetch_status"] ?? "") ? node : undefined;
    });

  it("are asked when somebody adds them on the page of hosts, until they are removed there", async () => {
    const origin = new URL(daemon?.url ?? "").origin;
    const send = (fields: Record<string, string>) =>
      fetch(`${origin}/hosts`, {
        method: "POST",
        redirect: "manual",
        headers: { origin, "sec-fetch-site": "same-origin" },
        body: new URLSearchParams(fields),
      });
    const added = await send({ host: "web77", type: "original", address: "127.0.0.1" });
    expect([added.status, added.headers.get("location")]).toEqual([303, "hosts?done=added#added"]);
    // Nobody listens there.
    await fetchStatus("web77", /127\.0\.0\.1/);
    expect(await (await fetch(`${origin}/hosts`)).text()).toContain("web77");
    expect((await send({ host: "db01", action: "remove" })).status).toBe(400);
    expect((await send({ host: "web77", action: "remove" })).status).toBe(303);
    expect(await client.hgetall("dotm::hosts::added")).toEqual({});
  });

  it("are in the picture with what went wrong, or what they told; what is refused is counted", async () => {
    await fetchStatus("db01", /the text is empty/);
    answer = readFileSync("test/fixtures/host-text/02-centos6-db.txt", "utf8");
    expect(await fetchStatus("db01", /^OK$/)).toMatchObject({ ips: "10.0.0.20,10.0.0.120" });
    await fetchStatus("web09", /another host: db01/);
    await eventually("what db01 told", async () => {
      expect(await client.hget("dotm::services::db01::3306", "process")).toBe("mysqld");
      expect(await client.hget("dotm::connections::db01::3306::10.0.0.5", "connections")).toBe("5");
      return true;
    });
    // An error of the agent takes nothing away.
    answer = readFileSync("test/fixtures/host-text/18-netstat-error.txt", "utf8").replace("broken01", "db01");
    await fetchStatus("db01", /no listing of sockets/);
    expect(await client.hget("dotm::services::db01::3306", "process")).toBe("mysqld");
    const announced = { "content-length": 8 * 1024 * 1024 + 1 };
    const pushed = request(`${daemon?.url}api/v1/agents/report`, { method: "POST", headers: announced });
    pushed.on("error", () => undefined).flushHeaders();
    expect((await once(pushed, "response"))[0]).toMatchObject({ statusCode: 413 });
    pushed.destroy();
    const { parts } = (await (await fetch(`${daemon?.url}readyz`)).json()) as {
      parts: Record<string, { detail: string }>;
    };
    expect(parts["pull"]?.detail).toMatch(/^2 of 2 hosts asked, \d being asked, 2 failed: db01 \(/);
    expect(parts["agents"]?.detail).toMatch(/refused: .*1 too large.* another host/);
  });
});
