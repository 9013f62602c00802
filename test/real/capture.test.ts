import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type { Report, ReportConnection } from "../../agent/report.ts";
import { ROOT, startProgram, type TestProcess } from "../support/process.ts";
import { describeAsRoot, describeReal } from "../support/real.ts";
import { RunningAgent, WITHOUT_RIGHTS } from "../support/running-agent.ts";

const TALKER = join(ROOT, "test/support/talker.js");
/** Who asks the agent twice within a second gets the same report. */
const NEXT_REPORT_MS = 1_100;

let agents: RunningAgent[] = [];
let talkers: TestProcess[] = [];

afterEach(async () => {
  await Promise.all([...agents, ...talkers].map((running) => running.stop()));
  [agents, talkers] = [[], []];
});

function startAgent(before?: readonly string[]): RunningAgent {
  const agent = new RunningAgent(before);
  agents.push(agent);
  return agent;
}

/** Starts one side; `before` are words put before the command. */
function talker(words: readonly string[], before: readonly string[] = []): TestProcess {
  const [program = "", ...args] = [...before, process.execPath, TALKER, ...words];
  const started = startProgram(program, args);
  talkers.push(started);
  return started;
}

async function serve(name: string, address: string, before: readonly string[] = []): Promise<number> {
  const [, port] = await talker([name, "serve", address], before).waitFor(/listening (\w+)/);
  return Number(port);
}

function between({ connections }: Report, port: number): string[] {
  const rows = connections.filter((row) => (row.direction === "in" ? row.localPort : row.remotePort) === port);
  return rows.map((row) => `${row.direction} ${row.process} ${row.remoteAddress}`).sort();
}

function openedAt({ connections }: Report, port: number, direction: ReportConnection["direction"]): number {
  const rows = connections.filter(
    (row) => row.direction === direction && (direction === "in" ? row.localPort : row.remotePort) === port,
  );
  return rows.reduce((sum, { opened }) => sum + opened, 0);
}

/** The report before, then what happens, then the report after. */
async function reportAfter(agent: RunningAgent, happening: () => Promise<unknown>): Promise<Report> {
  await agent.report();
  await Promise.all([happening(), delay(NEXT_REPORT_MS)]);
  return agent.report();
}

function within(value: number, expected: number, share: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(expected * share);
}

describeAsRoot("connections of 5 ms between two looks, as root", ["ss", "mount"], () => {
  it.each(["127.0.0.1", "::1"])("are counted with the process at each end (%s)", async (address) => {
    const agent = startAgent();
    const port = await serve("short-server", address);
    const words = ["short-client", "talk", address, `${port}`, "1000", "5"];
    const report = await reportAfter(agent, () => talker(words).ended);
    expect(report.capture).toMatchObject({ level: "tracefs", lost: 0 });
    expect(between(report, port)).toEqual([`in short-server ${address}`, `out short-client ${address}`]);
    within(openedAt(report, port, "in"), 1_000, 0.05);
    within(openedAt(report, port, "out"), 1_000, 0.05);
  });

  it("are known by name even where each is a program that has long ended", async () => {
    const agent = startAgent();
    const port = await serve("short-server", "127.0.0.1");
    const shell = `for i in $(seq 40); do bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'; done`;
    const report = await reportAfter(agent, async () => spawnSync("bash", ["-c", shell]));
    expect(between(report, port)).toEqual(["in short-server 127.0.0.1", "out bash 127.0.0.1"]);
    expect(openedAt(report, port, "out")).toBe(40);
  });

  it("are no connections where nobody listens", async () => {
    const agent = startAgent();
    const port = await serve("gone", "127.0.0.1");
    await talkers.pop()?.stop();
    const shell = `for i in $(seq 20); do bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'; done`;
    const report = await reportAfter(agent, async () => spawnSync("bash", ["-c", shell]));
    expect(between(report, port)).toEqual([]);
  });

  it("leave nothing behind in the kernel when the agent ends, nor when it was killed", async () => {
    const killed = startAgent();
    await killed.report();
    await killed.process.stop("SIGKILL");
    const agent = startAgent();
    await agent.report();
    const place = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing", "/run/dotm-agent/tracing"]
      .map((folder) => join(folder, "instances"))
      .find((folder) => existsSync(folder));
    const instances = () => (place !== undefined && existsSync(place) ? readdirSync(place) : []);
    expect(instances()).toContain(`dotm-agent-${agent.process.pid}`);
    expect(instances()).not.toContain(`dotm-agent-${killed.process.pid}`);
    await agent.process.stop();
    expect(instances()).not.toContain(`dotm-agent-${agent.process.pid}`);
  });
});

describeAsRoot("connections of 5 ms between two looks, without any right", ["ss", "setpriv"], () => {
  it("are counted by their ends, and the report says what it could not see", async () => {
    const agent = startAgent(WITHOUT_RIGHTS);
    const port = await serve("short-server", "127.0.0.1");
    const words = ["short-client", "talk", "127.0.0.1", `${port}`, "1000", "5"];
    const report = await reportAfter(agent, () => talker(words).ended);
    expect(report.capture.level).toBe("ss");
    expect(between(report, port)).toEqual(["in null 127.0.0.1", "out null 127.0.0.1"]);
    within(openedAt(report, port, "in"), 1_000, 0.05);
    within(openedAt(report, port, "out"), 1_000, 0.05);
    expect(report.capture.unattributed).toBeGreaterThan(1_000);
    const notes = report.capture.notes.join("\n");
    expect(notes).toContain("no right to see the files of");
    expect(notes).toMatch(/without their process: .*need root/);
  });
});

describeAsRoot("sockets in other network namespaces", ["ip", "nsenter"], () => {
  const names = ["a", "b", "c"].map((letter) => `dotm-${process.pid}-${letter}`) as [string, string, string];
  const inside = (name: string) => ["ip", "netns", "exec", name];
  const ip = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  };
  /** A cable between two namespaces; addresses of a network that exists nowhere else. */
  const cable = (one: string, other: string, network: number) => {
    ip("link", "add", `v${network}a`, "netns", one, "type", "veth", "peer", "name", `v${network}b`, "netns", other);
    for (const [name, end, last] of [
      [one, `v${network}a`, 1],
      [other, `v${network}b`, 2],
    ] as const) {
      ip("-n", name, "addr", "add", `198.18.${network}.${last}/24`, "dev", end);
      ip("-n", name, "link", "set", end, "up");
    }
  };

  afterEach(async () => {
    await Promise.all(talkers.map((running) => running.stop()));
    talkers = [];
    for (const name of names) {
      spawnSync("ip", ["netns", "del", name]);
    }
  });

  it("are told apart, with the processes at both ends of their cables", async () => {
    const [a, b, c] = names;
    for (const name of names) {
      ip("netns", "add", name);
      ip("-n", name, "link", "set", "lo", "up");
    }
    cable(a, b, 1);
    cable(b, c, 2);
    const agent = startAgent();
    const first = await serve("server-a", "198.18.1.1", inside(a));
    const second = await serve("server-c", "198.18.2.2", inside(c));
    await talker(["client-b", "hold", "198.18.1.1", `${first}`, "3"], inside(b)).waitFor(/connected/);
    await serve("unix-c", "@dotm-abstract", inside(c));
    await talker(["client-c", "hold", "@dotm-abstract", "0", "2"], inside(c)).waitFor(/connected/);
    // Of a program that has ended before the agent looks at it, its address tells the namespace.
    const words = ["client-b2", "talk", "198.18.2.2", `${second}`, "20", "1"];
    const report = await reportAfter(agent, () => talker(words, inside(b)).ended);

    // Their addresses mean something on this machine only, so they are told as connections within it.
    expect(between(report, first)).toEqual(["in server-a 127.0.0.1", "out client-b 127.0.0.1"]);
    expect(between(report, second)).toEqual(["in server-c 127.0.0.1", "out client-b2 127.0.0.1"]);
    within(openedAt(report, second, "in"), 20, 0.05);
    const of = (process: string) =>
      [...report.listeners, ...report.connections].find((row) => row.process === process)?.netns;
    const spaces = ["server-a", "client-b", "server-c"].map(of);
    expect(new Set(spaces).size).toBe(3);
    expect(spaces).not.toContain(null);
    expect(of("client-b2")).toBe(spaces[1]);
    expect(report.unix.filter(({ path }) => path === "@dotm-abstract")).toMatchObject([
      { server: "unix-c", serverNetns: spaces[2], client: "client-c", clientNetns: spaces[2], count: 2 },
    ]);
    expect(report.ips).not.toContain("198.18.1.1");
  });
});

describeAsRoot("20,000 sockets of 50 processes", ["ip", "unshare"], () => {
  it("become a small report in little time, each with its process", async () => {
    const crowd = join(ROOT, "test/support/socket-crowd.js");
    const script = `ip link set lo up && exec "${process.execPath}" "${crowd}" 25 400`;
    const started = startProgram("unshare", ["--net", "sh", "-c", script]);
    talkers.push(started);
    await started.waitFor(/ready/, 100_000);
    // Another crowd, such as that of a measurement, may be there at the same time.
    const netns = readlinkSync(`/proc/${started.pid}/ns/net`);
    const agent = startAgent();
    const first = await agent.report();
    const began = performance.now();
    await delay(NEXT_REPORT_MS);
    const report = await agent.report();
    // Many times what it takes, for machines that are busy with other tests.
    expect(performance.now() - began - NEXT_REPORT_MS).toBeLessThan(15_000);
    for (const { connections } of [first, report]) {
      const ours = connections.filter((row) => row.netns === netns && row.process?.startsWith("crowd-"));
      expect(ours.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
      expect(ours.length).toBeLessThanOrEqual(100);
    }
    expect(report.connections.filter((row) => row.opened > 0 && row.netns === netns)).toEqual([]);
    expect(report.capture.dropped).toBe(0);
  });
});

describeReal("Unix sockets", ["ss"], () => {
  it("are edges from the client's process to the server's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dotm-unix-"));
    try {
      const agent = startAgent();
      await serve("unix-server", join(folder, "app.sock"));
      await talker(["unix-client", "hold", join(folder, "app.sock"), "0", "4"]).waitFor(/connected/);
      const { unix } = await agent.report();
      expect(unix.filter(({ path }) => path === join(folder, "app.sock"))).toMatchObject([
        { server: "unix-server", client: "unix-client", count: 4 },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
