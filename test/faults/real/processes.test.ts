/** What is done to a daemon from outside: signals, a full disk, no descriptors, a second one, nobody who reads what it says. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DotmProcess, partsOf, reportOf, sendReport, startDotm } from "../../support/dotm-process.ts";
import { eventually, runScript, startProgram, startScript } from "../../support/process.ts";
import { describeAsRoot } from "../../support/real.ts";
import { plainClient, startTestStore, type TestStore } from "../../support/redis.ts";

const ROLES = "engine,collector,web";

let folder: string;
let store: TestStore;
let redis: Redis;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
  store = await startTestStore();
  redis = await plainClient(store.options);
});
afterAll(async () => {
  redis.disconnect();
  await store.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (name: string, config = "", at = folder): Promise<DotmProcess> =>
  startDotm({ name, config, roles: ROLES, folder: at, store: store.options });

const isStored = (host: string) =>
  eventually(`${host} is stored`, async () => ((await redis.exists(`dotm::nodes::${host}`)) === 1 ? true : undefined));

/** Runs a program to its end, which must be a good one. */
async function run(program: string, ...args: string[]): Promise<void> {
  expect(await startProgram(program, args).ended).toMatchObject({ code: 0 });
}

it("H01 it takes no more connections, ends what is under way, and exits with 0 within 10 s", async ({ annotate }) => {
  const dotm = await start("asked");
  const { hostname, port } = new URL(dotm.url);
  const body = JSON.stringify(reportOf("underway", 1));
  const socket = connect(Number(port), hostname);
  const answer = new Promise<string>((resolve) => {
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes;
    });
    socket.once("close", () => resolve(text));
  });
  const head = `POST /api/v1/agents/report HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`;
  await new Promise<void>((sent) => socket.write(head + body.slice(0, 100), () => sent()));
  const asked = performance.now();
  dotm.process.kill("SIGTERM");
  await eventually("no more connections", async () => ((await sendReport(dotm.url, {})) === 0 ? true : undefined));
  socket.write(body.slice(100));
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(await answer)?.[1] ?? 0);
  expect(await dotm.process.ended).toEqual({ code: 0, signal: null });
  const took = (performance.now() - asked) / 1000;
  await annotate(`ended after ${took.toFixed(1)} s`, "figure");
  expect(took).toBeLessThan(15);
  // Whatever was answered holds: what was acknowledged is there, what was not is sent again by its agent.
  const again = await start("asked");
  if (status !== 200) {
    expect(await sendReport(again.url, reportOf("underway", 1))).toBe(200);
  }
  await isStored("underway");
  await again.process.stop();
});

it("H05 it goes on: connections beyond are closed, /readyz and /metrics tell of it, and it recovers", async () => {
  const dotm = await start("few");
  const { hostname, port } = new URL(dotm.url);
  const open = readdirSync(`/proc/${dotm.process.pid}/fd`).length;
  await run("prlimit", "--pid", `${dotm.process.pid}`, `--nofile=${open + 4}:${open + 4}`);
  const sockets: Socket[] = Array.from({ length: 60 }, () =>
    connect(Number(port), hostname).on("error", () => undefined),
  );
  await eventually("most are closed", async () =>
    sockets.filter(({ destroyed }) => destroyed).length >= 50 ? true : undefined,
  );
  for (const socket of sockets) {
    socket.destroy();
  }
  await eventually("it answers", async () => ((await fetch(`${dotm.url}healthz`)).status === 200 ? true : undefined));
  expect(await sendReport(dotm.url, reportOf("afterwards", 1))).toBe(200);
  await isStored("afterwards");
  expect(await (await fetch(`${dotm.url}metrics`)).text()).toContain(`process_max_fds ${open + 4}\n`);
  expect((await partsOf(dotm.url))["descriptors"]).toEqual({
    ok: false,
    detail: expect.stringContaining("LimitNOFILE"),
  });
  await dotm.process.stop();
});

it("H07 it exits with 1, names who holds the folder, and the first goes on", async () => {
  const dotm = await start("taken");
  const args = ["serve", "--data-dir", dotm.dataDir, "--listen", "127.0.0.1:0", "--url", "redis://127.0.0.1:1"];
  const { code, stdout, stderr } = await runScript("bin/dotm.js", args, { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(`error: Another DOTM (pid ${dotm.process.pid})`);
  expect(stderr).toContain("Stop it, or give this one a data_dir of its own.");
  expect((await fetch(`${dotm.url}healthz`)).status).toBe(200);
  await dotm.process.stop();
});

it("H26 it ends with 1 within seconds and says why; what it acknowledged until then is stored, and it can be started again", async () => {
  const dotm = await start("cleared");
  expect(await sendReport(dotm.url, reportOf("cleared1", 1))).toBe(200);
  await isStored("cleared1");
  rmSync(dotm.dataDir, { recursive: true });
  const acknowledged = (await sendReport(dotm.url, reportOf("cleared2", 1))) === 200;
  expect(await dotm.process.ended).toEqual({ code: 1, signal: null });
  expect(dotm.process.stderr).toMatch(/error: The data folder .*cleared.*taken away/);
  expect(dotm.process.stderr).toContain("start DOTM again");
  if (acknowledged) {
    await isStored("cleared2");
  }
  const again = await start("cleared");
  expect(await sendReport(again.url, reportOf("cleared2", 1))).toBe(200);
  await isStored("cleared2");
  await again.process.stop();
});

it("H13 what was read before goes on to hold; what is wrong is said in the log and at /readyz", async () => {
  const good = "sources: [{ name: alerts, type: push }]\n";
  const dotm = await start("reloaded", good);
  writeFileSync(join(dotm.dataDir, "dotm.yaml"), `${good}surces: []\n`);
  dotm.process.kill("SIGHUP");
  await dotm.process.waitFor(/Not reloaded: .*surces/);
  expect((await partsOf(dotm.url))["configuration"]).toMatchObject({
    ok: false,
    detail: expect.stringContaining("surces"),
  });
  const event = { host: "db01", check: "MySQL", state: "CRITICAL", stateType: "HARD", output: "refused" };
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ events: [event] });
  expect((await fetch(`${dotm.url}api/v1/events`, { method: "POST", headers, body })).status).toBe(200);
  await dotm.process.stop();
});

it("H14 it goes on", async () => {
  const dotm = await start("unread", "log: { level: debug }\n");
  dotm.process.hangUp();
  for (let sequence = 1; sequence <= 5; sequence += 1) {
    expect(await sendReport(dotm.url, { version: 0 })).toBe(426);
    expect(await sendReport(dotm.url, reportOf("unread", sequence))).toBe(200);
  }
  await isStored("unread");
  expect(await dotm.process.stop()).toEqual({ code: 0, signal: null });
});

it("H19 it exits with 1 and says which folder, and why", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const dataDir of [join(file, "data"), "/sys/dotm", "/proc/dotm"]) {
    const args = ["serve", "--data-dir", dataDir, "--listen", "127.0.0.1:0"];
    const { code, stderr } = await runScript("bin/dotm.js", args, { cwd: folder });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: .*\n.+/s)]);
    expect(stderr).toContain(dataDir);
    expect(stderr).not.toMatch(/\n +at /);
  }
});

it("H22 it starts and shows addresses, also where it is reached by IPv6 alone", async () => {
  const args = [
    "serve",
    "--data-dir",
    join(folder, "six"),
    "--listen",
    "[::1]:0",
    "--url",
    `unix:${store.options.socket}`,
  ];
  // Neither getent nor anything else that could ask for names.
  const env = { DOTM_AGENTS__AUTH: "none", PATH: "/nowhere" };
  const dotm = startScript("bin/dotm.js", args, { cwd: folder, env });
  const [, url = ""] = await dotm.waitFor(/DOTM serves (http:\S+)/);
  expect(new URL(url).hostname).toBe("[::1]");
  expect(await sendReport(url, { ...reportOf("six01", 1), ips: ["2001:db8::61"] })).toBe(200);
  await isStored("six01");
  expect(await redis.get("dotm::resolver::ip_to_node::2001:db8:0:0:0:0:0:61")).toBe("six01");
  expect(await (await fetch(`${url}host/six01`)).text()).toMatch(/2001:db8:(?:0:){5}61|2001:db8::61/);
  expect((await fetch(`${url}hosts`)).status).toBe(200);
  expect(await dotm.stop()).toEqual({ code: 0, signal: null });
});

describeAsRoot("a full disk", ["mount", "umount"], () => {
  it("H04 a file is written as a whole or stays as it was; what cannot be kept is not acknowledged", async () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    await run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk);
    try {
      const dotm = await start("dotm", "", disk);
      expect(await sendReport(dotm.url, reportOf("disk01", 1))).toBe(200);
      const tokens = join(disk, "tokens.json");
      const token = (host: string) =>
        runScript("bin/dotm.js", ["agent", "token", host], { cwd: folder, env: { DOTM_AGENTS__TOKENS_FILE: tokens } });
      expect(await token("disk01")).toMatchObject({ code: 0 });
      const before = readFileSync(tokens, "utf8");
      const filler = join(disk, "filler");
      expect(() => writeFileSync(filler, Buffer.alloc(3 << 20))).toThrow("ENOSPC");
      expect(await token("disk02")).toMatchObject({ code: 1, stderr: expect.stringContaining("ENOSPC") });
      expect(readFileSync(tokens, "utf8")).toBe(before);
      const large = { ...reportOf("disk02", 1), note: "x".repeat(100_000) };
      expect(await sendReport(dotm.url, large)).toBe(503);
      rmSync(filler);
      expect(await sendReport(dotm.url, large)).toBe(200);
      await isStored("disk02");
      await dotm.process.stop();
    } finally {
      await run("umount", "-l", disk);
    }
  });
});
