import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ReportServer } from "./report-server.ts";

let folder = "";
let bundle = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dotm bundle-"));
  bundle = join(folder, "dotm-agent.mjs");
  const build = spawn(process.execPath, ["bin/build-agent.js", bundle], { stdio: "inherit" });
  expect(await once(build, "close")).toEqual([0, null]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Agents of the running test; none outlives it, however it ends. */
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
  }
});

function start(args: readonly string[]): ChildProcess {
  const env = { PATH: process.env["PATH"] ?? "" };
  const child = spawn(process.execPath, [bundle, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  return child;
}

async function finished(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  const text = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => {
    text.out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    text.err += chunk;
  });
  const [code] = await once(child, "close");
  return { code, ...text };
}

async function lineWith(child: ChildProcess, text: string): Promise<void> {
  for await (const line of createInterface({ input: child.stderr as Readable })) {
    if (line.includes(text)) {
      return;
    }
  }
}

/** Resolves when it has come so far; the test's own time limit is the end of patience. */
async function until(reached: () => boolean): Promise<void> {
  while (!reached()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function waitingIn(spool: string): string[] {
  return readdirSync(spool).filter((name) => name.endsWith(".json.gz"));
}

describe("dotm-agent as one file", () => {
  it("prints the report it would send", async () => {
    const { code, out, err } = await finished(start(["once", "--print", "--host", "web01"]));
    expect([code, err]).toEqual([0, ""]);
    const version = JSON.parse(readFileSync("package.json", "utf8")).version;
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      host: "web01",
      agent: `dotm-agent/${version}`,
      capture: { level: "proc" },
    });
  });

  it("imports nothing but Node, and no test", () => {
    const imports = [...readFileSync(bundle, "utf8").matchAll(/^import .* from "([^"]+)";$/gm)].map(
      (match) => match[1],
    );
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((name) => !name?.startsWith("node:"))).toEqual([]);
  });

  it("writes reports into a folder under names of their own", async () => {
    const out = join(folder, "reports");
    mkdirSync(out);
    for (const _ of [1, 2]) {
      expect(await finished(start(["once", "--out", out, "--host", "a b/c".replace("/", "%")]))).toMatchObject({
        code: 0,
        out: "",
      });
    }
    const names = readdirSync(out);
    expect(names).toHaveLength(2);
    expect(names.every((name) => /^a%20b%25c-\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}\.json$/.test(name))).toBe(true);
    expect(JSON.parse(readFileSync(join(out, names[0] ?? ""), "utf8"))).toMatchObject({ host: "a b%c" });
  });

  it("ends with 2 where it was called wrongly, and with 0 where its reader has seen enough", async () => {
    expect(await finished(start(["run"]))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no server given.*\n.*--help/),
    });
    const child = start(["once"]);
    child.stdout?.destroy();
    expect(await finished(child)).toMatchObject({ code: 0 });
  });

  it("sends reports, keeps them while the server is away, and ends at SIGTERM", async () => {
    const server = new ReportServer();
    await server.start();
    const spool = join(folder, "spool");
    const token = join(folder, "token");
    writeFileSync(token, "dotm_secret\n", { mode: 0o600 });
    const args = [
      "run",
      "--server",
      server.url.href,
      "--token-file",
      token,
      "--spool",
      spool,
      "--host",
      "web01",
      // So long that only the report at the start is made.
      "--interval",
      "3600",
    ];
    const first = start(args);
    const firstEnd = finished(first);
    await server.until(1);
    expect(server.taken[0]).toMatchObject({
      headers: { authorization: "Bearer dotm_secret" },
      body: { host: "web01", sequence: 1 },
    });
    await until(() => waitingIn(spool).length === 0);
    first.kill("SIGTERM");
    expect(await firstEnd).toMatchObject({ code: 0, out: "", err: expect.not.stringContaining("dotm_secret") });

    await server.stop();
    const second = start(args);
    const secondEnd = finished(second);
    await lineWith(second, "cannot deliver reports");
    second.kill("SIGKILL");
    await secondEnd;
    expect(waitingIn(spool)).toHaveLength(1);

    server.taken.length = 0;
    await server.start();
    const third = start(args);
    const thirdEnd = finished(third);
    await server.until(2);
    expect(server.taken.map(({ body }) => body["sequence"])).toEqual([2, 3]);
    third.kill("SIGTERM");
    expect(await thirdEnd).toMatchObject({ code: 0 });
    await server.stop();
  });
});
