/** The command line as people have it: whole processes of bin/dotm.js against a demo of the test's own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { locateStore } from "../../src/store/store-location.ts";
import type { Finished, TestProcess } from "../support/process.ts";
import { eventually, ROOT, runScript, startScript } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { plainClient } from "../support/redis.ts";

describeReal("the command line", ["redis-server"], () => {
  const folder = mkdtempSync(join(tmpdir(), "dotm-cli-"));
  const dataDir = join(folder, "data");
  // Nothing of the user who runs the tests is read.
  const world = { cwd: folder, env: { HOME: folder, XDG_DATA_HOME: undefined, DOTM_CONFIG: undefined } };
  let demo: TestProcess;
  let url = "";

  beforeAll(async () => {
    demo = startScript("bin/dotm.js", ["demo", "--port", "0", "--data-dir", dataDir], world);
    url = (await demo.waitFor(/Open (http:\S+)/))[1] ?? "";
    await eventually("the demo's hosts are stored", async () => {
      const { stdout } = await dotm("get", "nodes", "-o", "name");
      return stdout.split("\n").includes("db01") ? true : undefined;
    });
  });

  afterAll(async () => {
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const dotm = (...args: readonly string[]): Promise<Finished> =>
    runScript("bin/dotm.js", [...args, "--data-dir", dataDir], world);

  it("answers what a problem takes with it", async () => {
    const { code, stdout, stderr } = await dotm("impact", "db01", "MySQL", "-o", "json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ kind: "Impact", problem: { host: "db01", check: "MySQL" } });
  });

  it("ends with the documented exit codes, each with a next step", async () => {
    const host = await dotm("impact", "db1");
    expect(host).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("Did you mean db01") });
    expect(host.stderr).toMatch(/\nTry: .*dotm\.js impact db0\d\n$/);
    const command = await runScript("bin/dotm.js", ["impcat"], world);
    expect(command).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Did you mean impact?") });
    const store = await runScript("bin/dotm.js", ["get", "nodes", "--data-dir", join(folder, "none")], world);
    expect(store).toMatchObject({ code: 4, stdout: "", stderr: expect.stringMatching(/^error: No DOTM .*\n.*serve/) });
  });

  it("fails where a full disk takes no more, and says so", async () => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [join(ROOT, "bin/dotm.js"), "config", "default"], {
      ...{ cwd: folder, env: { ...process.env, ...world.env }, stdio: ["ignore", full, "pipe"] },
    });
    closeSync(full);
    let said = "";
    child.stderr?.on("data", (text) => {
      said += text;
    });
    expect(await once(child, "close")).toEqual([1, null]);
    expect(said).toMatch(/^error: What was asked for cannot be written: ENOSPC\b.*\n$/);
  });

  it("ends silently where nobody reads on", async () => {
    const script = join(ROOT, "bin/dotm.js");
    const child = spawn(process.execPath, [script, "get", "services", "-o", "json", "--data-dir", dataDir], {
      ...{ cwd: folder, env: { ...process.env, ...world.env }, stdio: ["ignore", "pipe", "pipe"] },
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.stdout.destroy();
    const [code] = await once(child, "close");
    expect({ code, said }).toEqual({ code: 0, said: "" });
  });

  it("lets a running daemon go by a changed setting at once", async () => {
    const rule = ["service_mapping", "Redis"] as const;
    const redis = async (): Promise<string[]> => {
      const { items } = JSON.parse((await dotm("get", "mappings", "cache01", "-o", "json")).stdout);
      return items.find(({ check }: { check: string }) => check === "Redis").services;
    };
    await eventually("the check is mapped", async () => ((await redis())[0] === "cache01:6379" ? true : undefined));
    expect((await dotm("settings", "add", ...rule, "memcached")).code).toBe(0);
    await eventually(
      "the rule is gone by",
      async () => ((await redis())[0] === "cache01:11211" ? true : undefined),
      10_000,
    );
    const { stdout } = await dotm("map", "test", "Redis", "cache01");
    expect(stdout).toMatch(/^Evidence: {3}user-rule: your rule Redis -> memcached/m);
    expect(stdout).toMatch(/^In effect: {2}cache01:11211 memcached$/m);
    expect((await dotm("settings", "remove", ...rule)).code).toBe(0);
    await eventually("it is forgotten", async () => ((await redis())[0] === "cache01:6379" ? true : undefined));
  });

  it("finds the demo well, and says what is wrong where it is not", async () => {
    const well = await dotm("doctor", "--web", url);
    expect(well.stdout).not.toContain("FAIL");
    expect(well).toMatchObject({ code: 0, stdout: expect.stringMatching(/^OK {7}web /m) });
    const ill = await runScript("bin/dotm.js", ["doctor", "--data-dir", join(folder, "none"), "--web", url], world);
    expect(ill).toMatchObject({ code: 1, stdout: expect.stringMatching(/^FAIL {5}store .*\n +Fix: Start one/m) });
  });

  it("ends at Ctrl-C with 130 and leaves nothing behind", async () => {
    const location = await locateStore(dataDir);
    const client = await plainClient(location?.options ?? {});
    const server = Number(/process_id:(\d+)/.exec(await client.info("server"))?.[1]);
    client.disconnect();
    expect(isRunning(server)).toBe(true);
    expect(await demo.stop("SIGINT")).toEqual({ code: 130, signal: null });
    expect([demo.pid, server].filter(isRunning)).toEqual([]);
    expect(processesNaming(dataDir)).toEqual([]);
    expect(existsSync(join(dataDir, "store.json"))).toBe(false);
    expect((await dotm("get", "nodes")).code).toBe(4);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Command lines of this machine that speak of a folder; none where there is no /proc. */
function processesNaming(folder: string): string[] {
  const pids = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return pids.map(commandLine).filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
