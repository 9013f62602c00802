/** agent/dotm-agent.sh under the shells and awks that hosts without Node have, against the door of the server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ReadReport, readReport } from "../../src/ingest/report-door.ts";
import { describeReal, findProgram } from "../support/real.ts";

const SCRIPT = "agent/dotm-agent.sh";
/** A process whose name is made to break JSON; it listens at a port, which it prints, and at the path it is given. */
const HOSTILE = `process.title = 'e"v\\\\il';
const { createServer } = require("node:net");
const server = createServer().listen(0, "127.0.0.1", () => {
  createServer().listen(process.argv[1], () => console.log(server.address().port));
});`;

let folder = "";
let ends: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-shell-agent-"));
});
afterEach(async () => {
  for (const end of ends.reverse()) {
    await end();
  }
  ends = [];
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the script with a shell; `programs` come first on the PATH. */
async function sh(shell: readonly string[], args: readonly string[], programs = ""): Promise<Ran> {
  const [program = "", ...first] = shell;
  const env = { PATH: `${programs}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: folder };
  const child = spawn(program, [...first, SCRIPT, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

const shells = { dash: ["dash"], "busybox sh": ["busybox", "sh"] } as const;

const pairs = [
  ["dash", "mawk"],
  ["busybox sh", "busybox"],
  ["dash", "gawk"],
] as const;
for (const [shell, awk] of pairs) {
  describeReal(`dotm-agent.sh in ${shell} with the awk of ${awk}`, [shells[shell][0], awk, "ss", "ip", "curl"], () => {
    it("sends what the sockets of this machine are", async () => {
      const programs = join(folder, "programs");
      mkdirSync(programs);
      symlinkSync(findProgram(awk) ?? "", join(programs, "awk"));
      const path = join(folder, "a socket");
      const hostile = spawn(process.execPath, ["-e", HOSTILE, path], { stdio: ["ignore", "pipe", "ignore"] });
      ends.push(async () => {
        hostile.kill("SIGKILL");
        await once(hostile, "close");
      });
      const [line] = (await once(hostile.stdout, "data")) as [Buffer];
      const port = Number(`${line}`);
      for (const target of [{ port, host: "127.0.0.1" }, { path }]) {
        const client = connect(target);
        await once(client, "connect");
        ends.push(() => client.destroy());
      }

      const { code, out, err } = await sh(shells[shell], ["once", "--host", "web01"], programs);
      expect([code, err]).toEqual([0, ""]);
      const { report, dropped } = readReport(Buffer.from(out), { receivedAt: Date.now() / 1000 });
      expect(report).toMatchObject({ host: "web01", interval: 60, sequence: 1 });
      expect(dropped).toBe(0);
      const served = report.listeners.find((listener) => listener.port === port);
      expect(served).toMatchObject({ proto: "tcp", address: "127.0.0.1", process: 'e"v\\il' });
      const talks = report.connections.filter((row) => row.localPort === port || row.remotePort === port);
      expect(talks.map(({ direction, count, opened }) => [direction, count, opened]).sort()).toEqual([
        ["in", 1, 1],
        ["out", 1, 1],
      ]);
      expect(talks.find(({ direction }) => direction === "in")?.process).toBe('e"v\\il');
      expect(report.unix.filter((row) => row.path === path)).toMatchObject([
        { server: { process: 'e"v\\il' }, count: 1 },
      ]);
      // BusyBox takes half a minute for the thousands of sockets that other tests leave in TIME_WAIT.
    }, 180_000);
  });
}

describeReal("dotm-agent.sh", ["dash", "busybox", "ss", "ip", "curl"], () => {
  it("keeps reports while the server is away, then delivers them all in order, with its token", async () => {
    const got: { sequence: number; boot: string; token: string | undefined; opened: number }[] = [];
    let status = 503;
    const server = createHttpServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      const sentHeader = `${request.headers["x-dotm-sent"]}`;
      const arrival = { encoding: request.headers["content-encoding"], sentHeader, receivedAt: Date.now() / 1000 };
      const read: ReadReport = readReport(Buffer.concat(chunks), arrival);
      if (status === 200) {
        const { sequence, boot, connections } = read.report;
        const opened = connections.reduce((sum, row) => sum + row.opened, 0);
        got.push({ sequence, boot, token: request.headers.authorization, opened });
      }
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => server.close());
    const token = join(folder, "token");
    writeFileSync(token, "dotm_secret\n");
    chmodSync(token, 0o600);
    const spool = join(folder, "spool");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = [
      "run",
      "--server",
      url,
      "--token-file",
      token,
      "--interval",
      "5",
      "--host",
      "web01",
      "--spool",
      spool,
    ];
    const start = () => {
      const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: folder };
      return spawn("dash", [SCRIPT, ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
    };
    const waiting = () => readdirSync(spool).filter((name) => /^0\d+\.json(\.gz)?$/.test(name)).length;
    const complaint = (child: ReturnType<typeof start>) =>
      new Promise<void>((resolve) => {
        child.stderr.on("data", (text) => /cannot deliver/.test(`${text}`) && resolve());
      });
    const away = start();
    await complaint(away);
    const exit = once(away, "close");
    away.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
    expect(waiting()).toBe(1);

    status = 200;
    const back = start();
    ends.push(() => back.kill("SIGKILL"));
    await new Promise<void>((resolve) => {
      server.on("request", (_, response) => response.on("finish", () => got.length >= 3 && resolve()));
    });
    const gone = once(back, "close");
    back.kill("SIGTERM");
    await gone;
    expect(got.slice(0, 3).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(new Set(got.map(({ boot }) => boot)).size).toBe(1);
    expect(got[0]?.token).toBe("Bearer dotm_secret");
  });

  it("tells the unit of sockets whose process it may not see, by their control group", async () => {
    const unit = (name: string) => `uid:33 ino:15 sk:2 cgroup:/system.slice/${name}.service <->`;
    const lines = [
      `tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* ${unit("nginx")}`,
      `tcp ESTAB 0 0 10.0.0.1:40804 10.0.0.2:3306 ${unit("php8.2-fpm")}`,
      "tcp ESTAB 0 0 10.0.0.1:40806 10.0.0.3:22 ino:16 sk:3 cgroup:/user.slice/user-0.slice/session-1.scope <->",
    ];
    const ss = join(folder, "ss");
    writeFileSync(ss, `#!/bin/sh\ncase $1 in -t*) cat <<'END'\n${lines.join("\n")}\nEND\nesac\n`);
    chmodSync(ss, 0o755);
    const { out } = await sh(shells.dash, ["once", "--host", "web01"], folder);
    const { report } = readReport(Buffer.from(out), { receivedAt: Date.now() / 1000 });
    expect(report.listeners).toMatchObject([{ port: 80, process: null, unit: "nginx.service" }]);
    expect(report.connections.map(({ remotePort, process, unit: of }) => [remotePort, process, of])).toEqual([
      [3306, null, "php8.2-fpm.service"],
      [22, null, null],
    ]);
  });

  it("says what is wrong with how it was called", async () => {
    const call = (...args: string[]) => sh(shells["busybox sh"], args);
    expect(await call()).toMatchObject({ code: 2, err: expect.stringContaining("say once or run") });
    expect(await call("runn")).toMatchObject({ code: 2, err: expect.stringContaining('"runn" is no command') });
    expect(await call("--help")).toMatchObject({ code: 0, out: expect.stringContaining("usage: dotm-agent.sh once") });
    expect(await call("run")).toMatchObject({ code: 2, err: expect.stringContaining("give the server") });
    expect(await call("once", "--host", "-x")).toMatchObject({ code: 2 });
    expect(await call("once", "--interval", "1")).toMatchObject({ code: 2 });
    const token = join(folder, "token");
    writeFileSync(token, "dotm_secret\n");
    const plain = await call("run", "--server", "http://dotm.example.net:4880", "--token-file", token);
    expect(plain).toMatchObject({ code: 2, err: expect.stringContaining("unencrypted") });
    writeFileSync(token, 'two words"\n');
    expect(await call("run", "--server", "https://x", "--token-file", token)).toMatchObject({ code: 2 });
  });
});
