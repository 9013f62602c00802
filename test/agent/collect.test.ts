import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { endianness, networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Collector, type Machine } from "../../agent/collect.ts";
import { createProcFiles } from "../../agent/proc-files.ts";
import { createAddressDecoder } from "../../agent/proc-net.ts";
import { listSocketGroups } from "../../agent/socket-groups.ts";
import { listUnixSockets } from "../../agent/unix-peers.ts";
import { describeReal } from "../support/real.ts";
import { FakeProc, table, tableLine } from "./fake-proc.ts";

const HEAD = { host: "web01", agent: "test/1", interval: 60, sequence: 3, boot: "b" };

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/proc/shop/${name}`, import.meta.url), "utf8");
}

function machine(files: Machine["files"], unix?: string): Machine {
  return {
    files,
    decodeAddress: createAddressDecoder("LE"),
    interfaces: () => ({}),
    unixSockets: () => Promise.resolve(unix),
    socketGroups: () => Promise.resolve(undefined),
    now: () => 1_795_356_000,
  };
}

describe("Collector with texts", () => {
  const proc = () =>
    new FakeProc(
      [
        {
          pid: 100,
          name: "shop",
          started: 1_000,
          cgroup: "0::/system.slice/shop.service",
          sockets: [71_449, 71_450, 71_451, 71_453, 71_454, 71_457, 71_459, 71_461, 71_463, 71_465, 71_467],
        },
        { pid: 200, name: "client", started: 2_000, sockets: [71_456, 71_458, 71_460, 71_462, 71_464, 71_455, 71_466] },
        { pid: 201, name: "client", started: 2_500, sockets: [] },
      ],
      {
        "net/tcp": fixture("tcp"),
        "net/tcp6": fixture("tcp6"),
        "net/udp": fixture("udp"),
        "net/udp6": fixture("udp6"),
        "sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
        stat: "cpu 1 2 3\nbtime 1795000000\n",
      },
    );

  it("tells listeners, connections, Unix sockets and their processes", async () => {
    const report = await new Collector(machine(proc(), fixture("ss-xanpH"))).collect(HEAD);
    expect(report).toMatchObject({ version: 1, ...HEAD, time: "2026-11-22T14:00:00.000Z", ips: [] });
    expect(
      report.listeners.map(({ proto, address, port, process, unit }) => [proto, address, port, process, unit]),
    ).toEqual([
      ["tcp", "0.0.0.0", 8081, "shop", "shop.service"],
      ["tcp", "::", 8082, "shop", "shop.service"],
      ["tcp", "::1", 8083, "shop", "shop.service"],
      ["udp", "127.0.0.1", 5353, "shop", "shop.service"],
      ["udp", "::", 5354, "shop", "shop.service"],
    ]);
    const rows = report.connections.map((row) => {
      const port = row.direction === "in" ? row.localPort : row.remotePort;
      return `${row.direction} ${row.process} ${row.remoteAddress} ${port}/${row.proto} ${row.count}/${row.opened}`;
    });
    // The three closed ones are of the client's side; it talks to that port and nobody else does.
    expect(rows.sort()).toEqual([
      "in shop 127.0.0.1 8081/tcp 2/2",
      "in shop 127.0.0.1 8082/tcp 1/1",
      "in shop ::1 8082/tcp 1/1",
      "in shop ::1 8083/tcp 1/1",
      "out client 127.0.0.1 5353/udp 1/1",
      "out client 127.0.0.1 8081/tcp 2/5",
      "out client 127.0.0.1 8082/tcp 1/1",
      "out client ::1 8082/tcp 1/1",
      "out client ::1 8083/tcp 1/1",
    ]);
    expect(report.unix).toMatchObject([
      { path: "/run/shop/app.sock", server: "shop", serverUnit: "shop.service", client: "client", count: 1 },
    ]);
    expect(report.processes).toEqual([
      { name: "shop", unit: "shop.service", container: null, started: "2026-11-18T11:06:50.000Z", instances: 1 },
      { name: "client", unit: null, container: null, started: "2026-11-18T11:07:00.000Z", instances: 2 },
    ]);
    expect(report.capture).toEqual({ level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] });
  });

  it("counts as opened only what is new at the second look", async () => {
    const files = proc();
    const collector = new Collector(machine(files, fixture("ss-xanpH")));
    await collector.collect(HEAD);
    files.files.set("net/tcp", `${fixture("tcp")}${tableLine("127.0.0.1:50505", "127.0.0.1:8081", 6, 0)}\n`);
    const second = await collector.collect(HEAD);
    const client = second.connections.find((row) => row.process === "client" && row.remotePort === 8081);
    expect(client).toMatchObject({ count: 2, opened: 1 });
    expect(second.connections.filter((row) => row !== client).every(({ opened }) => opened === 0)).toBe(true);
  });

  it("draws from cut and shuffled tables no edge that the whole ones do not have", async () => {
    const edgesOf = async (files: FakeProc) => {
      const { connections } = await new Collector(machine(files)).collect(HEAD);
      return connections.map((row) =>
        [row.direction, row.process, row.remoteAddress, row.localPort, row.remotePort, row.proto].join(" "),
      );
    };
    const all = new Set(await edgesOf(proc()));
    // Closed connections lose their process where its live ones were cut off.
    all.add("out  127.0.0.1  8081 tcp");
    const names = ["tcp", "tcp6", "udp", "udp6"];
    const mixed = fc.tuple(...names.map((name) => fc.shuffledSubarray(fixture(name).split("\n"))), fc.nat(1_500));
    await fc.assert(
      fc.asyncProperty(mixed, async (parts) => {
        const length = parts.pop() as number;
        const files = proc();
        for (const [i, name] of names.entries()) {
          files.files.set(`net/${name}`, (parts[i] as string[]).join("\n").slice(0, length));
        }
        for (const edge of await edgesOf(files)) {
          expect(all).toContain(edge);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("says what it could not see, and still tells the ports", async () => {
    const files = new FakeProc([{ pid: 1, name: "mysqld", sockets: null }], {
      "net/tcp": `${table(tableLine("0.0.0.0:3306", "0.0.0.0:0", 10, 5))}garbage\n`,
    });
    const report = await new Collector(machine(files)).collect(HEAD);
    expect(report.listeners).toMatchObject([{ port: 3306, process: null, unit: null }]);
    expect(report.capture).toMatchObject({ unattributed: 1, dropped: 1 });
    const notes = report.capture.notes.join("\n");
    for (const part of [
      "/proc/net/udp cannot be read",
      "1 lines",
      "no right to see the files of 1 processes",
      "ss did not answer",
    ]) {
      expect(notes).toContain(part);
    }
  });

  it("tells the unit of sockets whose process it may not see, by their control group", async () => {
    const cgroup = "0::/system.slice/mysql.service";
    const files = new FakeProc([{ pid: 1, name: "mysqld", sockets: null, cgroup }], {
      "net/tcp": table(
        tableLine("0.0.0.0:3306", "0.0.0.0:0", 10, 5),
        tableLine("127.0.0.1:3306", "127.0.0.1:40000", 1, 6),
        tableLine("127.0.0.1:40000", "127.0.0.1:3306", 1, 7),
      ),
    });
    const row = (inode: number, unit: string) =>
      `tcp ESTAB 0 0 a:1 b:2 ino:${inode} sk:1 cgroup:/system.slice/${unit} <->\n`;
    const text = row(5, "mysql.service") + row(6, "mysql.service") + row(7, "shop.service");
    const groups = { ...machine(files, ""), socketGroups: () => Promise.resolve(text) };
    const report = await new Collector(groups).collect(HEAD);
    expect(report.listeners).toMatchObject([{ port: 3306, process: "mysqld", unit: "mysql.service" }]);
    expect(report.connections).toMatchObject([
      { direction: "in", process: "mysqld", unit: "mysql.service", localPort: 3306 },
      { direction: "out", process: null, unit: "shop.service", remotePort: 3306 },
    ]);
    expect(report.capture.unattributed).toBe(1);
    expect(report.capture.notes.join()).toContain("known by unit only");
  });

  it("tells the sockets of every network namespace apart, each with its container", async () => {
    const id = "3f4e0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab";
    const files = new FakeProc(
      [
        { pid: 1, name: "haproxy", sockets: [11, 12] },
        { pid: 2, name: "nginx", netns: 2, cgroup: `0::/system.slice/docker-${id}.scope`, sockets: [21, 22] },
        { pid: 3, name: "secret", netns: 3, cgroup: "0::/lxc.payload.db", sockets: null },
      ],
      {
        "net/tcp": table(
          tableLine("0.0.0.0:80", "0.0.0.0:0", 10, 11),
          tableLine("172.17.0.1:40000", "172.17.0.2:80", 1, 12),
        ),
        "2/net/tcp": table(
          tableLine("0.0.0.0:80", "0.0.0.0:0", 10, 21),
          tableLine("172.17.0.2:80", "172.17.0.1:40000", 1, 22),
        ),
        "3/net/tcp": table(tableLine("0.0.0.0:80", "0.0.0.0:0", 10, 31)),
      },
    );
    const report = await new Collector(machine(files, "")).collect(HEAD);
    expect(report.listeners).toMatchObject([
      { port: 80, process: "haproxy", container: null, netns: null },
      { port: 80, process: "nginx", container: "3f4e01234567", netns: "net:[2]" },
      { port: 80, process: null, container: "db", netns: "net:[3]" },
    ]);
    expect(report.connections).toMatchObject([
      { direction: "in", process: "nginx", localPort: 80, remoteAddress: "172.17.0.1", netns: "net:[2]", count: 1 },
      { direction: "out", process: "haproxy", remotePort: 80, remoteAddress: "172.17.0.2", netns: null, count: 1 },
    ]);
  });

  it("looks into no namespace that its process has left since", async () => {
    const files = new FakeProc([{ pid: 2, name: "nginx", netns: 2 }], { "2/net/tcp": table() });
    const collector = new Collector(machine(files, ""));
    await collector.collect(HEAD);
    files.files.set("2/net/tcp", table(tableLine("0.0.0.0:80", "0.0.0.0:0", 10, 21)));
    // The same process, remembered as it was, is back in our namespace.
    files.moved.set(2, 1);
    expect((await collector.collect(HEAD)).listeners).toEqual([]);
  });

  it("finds Unix sockets of other namespaces, and says where it could not look", async () => {
    const files = new FakeProc([
      { pid: 1, name: "nginx", sockets: [11] },
      { pid: 2, name: "php-fpm", netns: 2, cgroup: "0::/lxc.payload.php", sockets: [21, 22] },
      { pid: 3, name: "nginx", netns: 3, sockets: [31] },
      { pid: 4, name: "idle", netns: 4, sockets: [41] },
    ]);
    const pair = (server: number, client: number) =>
      `u_str ESTAB 0 0 @php ${server} * ${client}\nu_str ESTAB 0 0 * ${client} * ${server}\n`;
    const texts = new Map([
      [undefined, pair(21, 11)],
      [2, pair(22, 31)],
    ]);
    const unixSockets = (pid?: number) => Promise.resolve(texts.get(pid));
    // Nobody is connected to a named socket there, so nobody is asked.
    files.files.set(
      "4/net/unix",
      "Num       RefCount Protocol Flags    Type St Inode Path\n00: 00000003 00000000 00000000 0001 03 41\n",
    );
    const { unix, capture } = await new Collector({ ...machine(files), unixSockets }).collect(HEAD);
    const server = { path: "@php", server: "php-fpm", serverContainer: "php", serverNetns: "net:[2]" };
    expect(unix).toMatchObject([
      { ...server, client: "nginx", clientNetns: null, count: 1 },
      { ...server, client: "nginx", clientNetns: "net:[3]", count: 1 },
    ]);
    expect(capture.notes.join()).toContain("Unix sockets within 1 other network namespaces are not seen");
  });

  it("makes a report even where nothing can be read", async () => {
    const report = await new Collector(machine(new FakeProc([]))).collect(HEAD);
    expect(report).toMatchObject({ listeners: [], connections: [], unix: [], processes: [] });
  });
});

/** A program of its own that connects to what it is told and says so. */
const CLIENT = `
const net = require("node:net");
const targets = JSON.parse(process.argv[1]);
let open = 0;
for (const target of targets) {
  net.connect(target, () => { open++; if (open === targets.length) console.log("connected"); });
}
process.title = "dotm-client";
setInterval(() => {}, 1000);
`;

describeReal("Collector on this machine", ["ss"], () => {
  let servers: Server[] = [];
  let children: ChildProcess[] = [];
  let accepted: Socket[] = [];
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dotm-agent-"));
  });

  afterEach(async () => {
    for (const child of children) {
      child.kill("SIGKILL");
      await once(child, "close");
    }
    for (const socket of accepted) {
      socket.destroy();
    }
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    [servers, children, accepted] = [[], [], []];
    rmSync(folder, { recursive: true, force: true });
  });

  async function listen(options: { host: string } | { path: string }): Promise<Server> {
    const server = createServer((socket) => accepted.push(socket.on("error", () => undefined)));
    servers.push(server);
    server.listen("path" in options ? options : { ...options, port: 0 });
    await once(server, "listening");
    return server;
  }

  async function connectFromAnotherProgram(targets: readonly object[]): Promise<ChildProcess> {
    const child = spawn(process.execPath, ["-e", CLIENT, JSON.stringify(targets)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line");
    return child;
  }

  function portOf(server: Server): number {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  function thisMachine(): Machine {
    return {
      files: createProcFiles(),
      decodeAddress: createAddressDecoder(endianness()),
      interfaces: networkInterfaces,
      unixSockets: listUnixSockets,
      socketGroups: listSocketGroups,
      now: () => Date.now() / 1000,
    };
  }

  it("sees both ends of connections over IPv4, IPv6, v4-mapped IPv6 and a Unix socket, each with its process", async () => {
    const four = await listen({ host: "127.0.0.1" });
    const six = await listen({ host: "::1" });
    const dual = await listen({ host: "::" });
    const path = join(folder, "app.sock");
    await listen({ path });
    await connectFromAnotherProgram([
      { host: "127.0.0.1", port: portOf(four) },
      { host: "127.0.0.1", port: portOf(four) },
      { host: "::1", port: portOf(six) },
      { host: "127.0.0.1", port: portOf(dual) },
      { path },
    ]);
    const report = await new Collector(thisMachine()).collect(HEAD);
    const own = readFileSync("/proc/self/comm", "utf8").trim();
    // A port may have been another program's a moment ago: what that left is closed, and counts nothing. IPv4 and IPv6 may
    // have given us the same.
    const between = (port: number, address: string) =>
      report.connections
        .filter((row) => row.count > 0 && row.remoteAddress === address)
        .filter((row) => row.localPort === port || row.remotePort === port)
        .map((row) => `${row.direction} ${row.process} ${row.remoteAddress} ${row.count}`)
        .sort();
    expect(between(portOf(four), "127.0.0.1")).toEqual([`in ${own} 127.0.0.1 2`, "out dotm-client 127.0.0.1 2"]);
    expect(between(portOf(six), "::1")).toEqual([`in ${own} ::1 1`, "out dotm-client ::1 1"]);
    expect(between(portOf(dual), "127.0.0.1")).toEqual([`in ${own} 127.0.0.1 1`, "out dotm-client 127.0.0.1 1"]);
    expect(report.unix.filter((row) => row.path === path)).toMatchObject([
      { server: own, client: "dotm-client", count: 1 },
    ]);
    expect(report.listeners.filter(({ port }) => port === portOf(dual))).toMatchObject([
      { address: "::", process: own },
    ]);
  });

  it("sees connections that were over before it looked", async () => {
    const server = await listen({ host: "127.0.0.1" });
    const port = portOf(server);
    const collector = new Collector(thisMachine());
    await collector.collect(HEAD);
    const child = spawn(
      process.execPath,
      [
        "-e",
        `const net=require("node:net");let n=0;(function next(){if(n++===20)return;net.connect(${port},"127.0.0.1",function(){this.on("close",next);this.end();this.resume();});})();`,
      ],
      { stdio: "inherit" },
    );
    server.on("connection", (socket) => socket.resume());
    await once(child, "close");
    const report = await collector.collect(HEAD);
    const out = report.connections.filter((row) => row.direction === "out" && row.remotePort === port);
    expect(out).toMatchObject([{ process: null, count: 0, opened: 20, remoteAddress: "127.0.0.1" }]);
  });
});

describeReal("Collector without rights", ["setpriv"], () => {
  const rights = ["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--no-new-privs"];
  // Where Node lies in root's own folder nobody else can start it.
  const able = () => spawnSync("setpriv", [...rights, process.execPath, "--version"]).status === 0;

  it.runIf(process.getuid?.() === 0 && able())("tells ports without processes, and what to do about it", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const folder = mkdtempSync("/var/tmp/dotm-agent-");
    try {
      const bundle = join(folder, "dotm-agent.mjs");
      const build = spawn(process.execPath, ["bin/build-agent.js", bundle], { stdio: "inherit" });
      expect(await once(build, "close")).toEqual([0, null]);
      chmodSync(folder, 0o755);
      const agent = spawn("setpriv", [...rights, process.execPath, bundle, "once"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      agent.stdout.on("data", (chunk) => {
        text += chunk;
      });
      expect(await once(agent, "close")).toEqual([0, null]);
      const report = JSON.parse(text);
      const { port } = server.address() as { port: number };
      expect(report.listeners.filter((row: { port: number }) => row.port === port)).toMatchObject([{ process: null }]);
      expect(report.capture.unattributed).toBeGreaterThan(0);
      expect(report.capture.notes.join()).toContain("CAP_SYS_PTRACE");
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
