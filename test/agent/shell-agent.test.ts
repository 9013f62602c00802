/** agent/dotm-agent.sh under the shells and awks that hosts without Node have, against the door of the server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ReadReport, readReport } from "../../src/ingest/report-door.ts";
import { freePort } from "../support/process.ts";
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

/** The script as it runs on a host, with the rhythm of 5 s; `programs` come first on the PATH. */
function startRun(url: string, spool: string, programs: string, more: readonly string[] = []) {
  const args = ["run", "--server", url, "--interval", "5", "--host", "web01", "--spool", spool, ...more];
  const env = { PATH: `${programs}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: folder };
  return spawn("dash", [SCRIPT, ...args], { env, stdio: ["ignore", "ignore", "pipe"] });
}

/** Resolves when it says that the server is away: the report is in its spool then. */
function complaintOf({ stderr }: ReturnType<typeof startRun>): Promise<void> {
  return new Promise((resolve) => {
    stderr.on("data", (text) => /cannot deliver/.test(`${text}`) && resolve());
  });
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
    });
  });
}

/** A program `ss` that says these lines of `ss -tunaep` and `ss -xp`, first on the PATH of the folder. */
function fakeSs(tcp: readonly string[], unix: readonly string[] = []): void {
  const said = (lines: readonly string[]) => `cat <<'END'\n${lines.join("\n")}\nEND\n`;
  const script = `#!/bin/sh\ncase $1 in\n-t*) ${said(tcp)};;\n-x*) ${said(unix)};;\nesac\n`;
  writeFileSync(join(folder, "ss"), script, { mode: 0o755 });
}

const TCP_HEADING = "Netid State     Recv-Q Send-Q Local Address:Port Peer Address:Port Process";

/** What a report says of connections: its ends, whose they are, how many stand and were opened. */
function talksOf({ connections }: ReadReport["report"]): string[] {
  return connections.map((row) => {
    const port = row.direction === "in" ? row.localPort : row.remotePort;
    return `${row.direction} ${port} ${row.remoteAddress} ${row.process} ${row.count} ${row.opened}`;
  });
}

for (const awk of ["mawk", "busybox", "gawk", "original-awk"]) {
  describeReal(`dotm-agent.sh with the awk of ${awk}`, ["dash", awk, "ip"], () => {
    const once = async () => {
      symlinkSync(findProgram(awk) ?? "", join(folder, "awk"));
      const { code, out, err } = await sh(shells.dash, ["once", "--host", "web01"], folder);
      expect([code, err]).toEqual([0, ""]);
      return readReport(Buffer.from(out), { receivedAt: Date.now() / 1000 }).report;
    };

    it("tells who opened a connection when the listener is closed already, and leaves out what nothing tells", async () => {
      fakeSs([
        TCP_HEADING,
        // Two connections share the port: it was the service.
        "tcp TIME-WAIT 0 0 127.0.0.1:40001 127.0.0.1:50001 timer:(timewait,59sec,0) ino:0 sk:1",
        "tcp TIME-WAIT 0 0 127.0.0.1:50001 127.0.0.1:40001 timer:(timewait,59sec,0) ino:0 sk:2",
        'tcp ESTAB 0 0 127.0.0.1:40001 127.0.0.1:50002 users:(("shop",pid=999999,fd=5)) ino:7 sk:3',
        'tcp ESTAB 0 0 127.0.0.1:50002 127.0.0.1:40001 users:(("cart",pid=999998,fd=5)) ino:8 sk:4',
        // One connection within the host, of which the end that closed first is left: either may have been the service.
        "tcp TIME-WAIT 0 0 [::1]:40005 [::1]:50005 ino:0 sk:5",
        // A port below those of clients is a service.
        'tcp ESTAB 0 0 10.0.0.1:50003 10.0.0.2:3306 users:(("cart",pid=999998,fd=6)) ino:9 sk:6',
        "tcp TIME-WAIT 0 0 10.0.0.1:50004 10.0.0.2:3306 ino:0 sk:7",
      ]);
      expect(talksOf(await once())).toEqual([
        "in 40001 127.0.0.1 shop 1 2",
        "out 40001 127.0.0.1 cart 1 2",
        "out 3306 10.0.0.2 cart 1 2",
      ]);
    });

    it("tells by its address which listener takes a connection", async () => {
      fakeSs([
        TCP_HEADING,
        'tcp LISTEN 0 9 127.0.0.1:41000 0.0.0.0:* users:(("local",pid=999999,fd=3)) ino:1 sk:1',
        'tcp LISTEN 0 9 *:42000 *:* users:(("all",pid=999998,fd=3)) ino:2 sk:2',
        // The port of the local listener, at another address, is a client's here.
        'tcp ESTAB 0 0 10.0.0.1:41000 10.0.0.2:42000 users:(("cart",pid=999997,fd=4)) ino:3 sk:3',
        'tcp ESTAB 0 0 10.0.0.1:42000 10.0.0.3:50001 users:(("all",pid=999998,fd=4)) ino:4 sk:4',
        "tcp TIME-WAIT 0 0 [::ffff:10.0.0.1]:42000 [::ffff:10.0.0.3]:50002 ino:0 sk:5",
        'tcp SYN-SENT 0 1 10.0.0.1:50009 10.0.0.4:80 users:(("cart",pid=999997,fd=5)) ino:6 sk:6',
      ]);
      const report = await once();
      expect(talksOf(report)).toEqual(["out 42000 10.0.0.2 cart 1 1", "in 42000 10.0.0.3 all 1 2"]);
      expect(report.listeners.map(({ address, port, process }) => [address, port, process])).toEqual([
        ["127.0.0.1", 41000, "local"],
        ["0.0.0.0", 42000, "all"],
      ]);
    });

    it("pairs Unix sockets, in the order of ss", async () => {
      const end = (path: string, inode: number, peer: number, name: string) =>
        `u_str ESTAB 0 0 ${path} ${inode} * ${peer} users:(("${name}",pid=999999,fd=3))`;
      fakeSs(
        [TCP_HEADING],
        [
          "Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process",
          ...[end("/run/php/a b.sock", 11, 12, "php-fpm"), end("*", 12, 11, "nginx")],
          ...[end("@bus@@@@", 13, 14, "dbus"), end("*", 14, 13, "nginx")],
          ...[end("/run/php/a b.sock", 15, 16, "php-fpm"), end("*", 16, 15, "nginx")],
          end("/run/cut.sock", 17, 18, "cut"),
        ],
      );
      const { unix } = await once();
      expect(unix.map(({ path, server, client, count }) => [path, server.process, client.process, count])).toEqual([
        ["/run/php/a b.sock", "php-fpm", "nginx", 2],
        ["@bus", "dbus", "nginx", 1],
      ]);
    });

    it("makes one row of thousands of closed connections", async () => {
      const ends = Array.from({ length: 4_000 }, (_, i) => [`127.0.0.1:${40_000 + i}`, `127.0.0.1:${50_000 + i}`]);
      const lines = ends.flatMap(([a, b]) => [
        `tcp TIME-WAIT 0 0 ${a} 10.0.0.2:3306 ino:0`,
        `tcp TIME-WAIT 0 0 ${b} ${a} ino:0`,
      ]);
      fakeSs([TCP_HEADING, ...lines]);
      const talks = talksOf(await once());
      expect(talks[0]).toBe("out 3306 10.0.0.2 null 0 4000");
      expect(talks).toHaveLength(1);
    });
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
    const start = () => startRun(url, spool, "", ["--token-file", token]);
    const waiting = () => readdirSync(spool).filter((name) => /^0\d+\.json(\.gz)?$/.test(name)).length;
    const away = start();
    await complaintOf(away);
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
    fakeSs([TCP_HEADING, ...lines]);
    const { out } = await sh(shells.dash, ["once", "--host", "web01"], folder);
    const { report } = readReport(Buffer.from(out), { receivedAt: Date.now() / 1000 });
    expect(report.listeners).toMatchObject([{ port: 80, process: null, unit: "nginx.service" }]);
    expect(report.connections.map(({ remotePort, process, unit: of }) => [remotePort, process, of])).toEqual([
      [3306, null, "php8.2-fpm.service"],
      [22, null, null],
    ]);
  });

  it("keeps the direction a connection had while its listener was there", async () => {
    fakeSs([TCP_HEADING, 'tcp ESTAB 0 0 10.0.0.1:40001 10.0.0.2:50001 users:(("shop",pid=999999,fd=5)) ino:7 sk:3']);
    const spool = join(folder, "spool");
    mkdirSync(spool);
    writeFileSync(join(spool, "seen"), "in tcp 10.0.0.1 40001 10.0.0.2 50001\n");
    const running = startRun(`http://127.0.0.1:${await freePort()}`, spool, folder);
    const ended = once(running, "close");
    await complaintOf(running);
    running.kill("SIGTERM");
    await ended;
    const [file = ""] = readdirSync(spool).filter((name) => name.endsWith(".json.gz"));
    const packed = readFileSync(join(spool, file));
    const { report } = readReport(packed, { encoding: "gzip", sentHeader: undefined, receivedAt: Date.now() / 1000 });
    expect(talksOf(report)).toEqual(["in 40001 10.0.0.2 shop 1 0"]);
  });

  it("makes no report of a listing that ss did not give", async () => {
    fakeSs([]);
    const { code, out, err } = await sh(shells.dash, ["once", "--host", "web01"], folder);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("ss gave no listing");
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
