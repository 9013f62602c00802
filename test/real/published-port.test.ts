/** A port of a container that nftables publishes, with no proxy: namespaces of this machine as host, container, client. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Report } from "../../agent/report.ts";
import { ROOT, startProgram, type TestProcess } from "../support/process.ts";
import { describeAsRoot } from "../support/real.ts";
import { RunningAgent } from "../support/running-agent.ts";

const TALKER = join(ROOT, "test/support/talker.js");
const [HOST, CONTAINER, CLIENT] = ["host", "cont", "clnt"].map((name) => `dotm-${process.pid}-${name}`) as [
  string,
  string,
  string,
];
const [OUTER, INNER] = ["198.18.10", "198.18.20"];

let agent: RunningAgent | undefined;
let talkers: TestProcess[] = [];

function run(program: string, args: readonly string[], input?: string): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8", input });
  expect([status, stderr]).toEqual([0, ""]);
}

/** A cable from the host to another namespace, which goes to the world through it. */
function cable(other: string, network: string, name: string): void {
  run("ip", ["link", "add", name, "netns", HOST, "type", "veth", "peer", "name", "eth0", "netns", other]);
  for (const [netns, end, last] of [
    [HOST, name, 1],
    [other, "eth0", 2],
  ] as const) {
    run("ip", ["-n", netns, "addr", "add", `${network}.${last}/24`, "dev", end]);
    run("ip", ["-n", netns, "link", "set", end, "up"]);
  }
  run("ip", ["-n", other, "route", "add", "default", "via", `${network}.1`]);
}

function talker(netns: string, ...words: readonly string[]): TestProcess {
  const started = startProgram("ip", ["netns", "exec", netns, process.execPath, TALKER, ...words]);
  talkers.push(started);
  return started;
}

/** Port 8080 of the host leads to that port of the container, asked from outside and from the host itself. */
function publish(port: string): void {
  const rule = `ip daddr ${OUTER}.1 tcp dport 8080 dnat to ${INNER}.2:${port};`;
  const chains = [
    `chain pre { type nat hook prerouting priority dstnat; ${rule} }`,
    `chain out { type nat hook output priority -100; ${rule} }`,
  ];
  run("ip", ["netns", "exec", HOST, "sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  run("ip", ["netns", "exec", HOST, "nft", "-f", "-"], `table ip dotm {\n${chains.join("\n")}\n}\n`);
}

describeAsRoot("a port of a container that the kernel publishes", ["ip", "nft", "sysctl"], () => {
  beforeEach(() => {
    for (const name of [HOST, CONTAINER, CLIENT]) {
      run("ip", ["netns", "add", name]);
      run("ip", ["-n", name, "link", "set", "lo", "up"]);
    }
    cable(CONTAINER, INNER, "veth-c");
    cable(CLIENT, OUTER, "eth0");
  });

  afterEach(async () => {
    await Promise.all([agent, ...talkers].map((running) => running?.stop()));
    [agent, talkers] = [undefined, []];
    for (const name of [HOST, CONTAINER, CLIENT]) {
      spawnSync("ip", ["netns", "del", name]);
    }
  });

  it("is one service of the process within, and its clients are the host's", async () => {
    const [, port = ""] = await talker(CONTAINER, "shop-within", "serve", "0.0.0.0").waitFor(/listening (\w+)/);
    publish(port);
    await talker(CLIENT, "far-client", "hold", `${OUTER}.1`, "8080", "2").waitFor(/connected/);
    await talker(HOST, "own-client", "hold", `${OUTER}.1`, "8080", "1").waitFor(/connected/);
    agent = new RunningAgent(["ip", "netns", "exec", HOST]);
    // Asked from within its namespace, where it listens.
    const port4849 = await agent.port();
    const asked = spawnSync("ip", ["netns", "exec", HOST, "curl", "-s", `http://127.0.0.1:${port4849}/report`], {
      encoding: "utf8",
    });
    const { listeners, connections } = JSON.parse(asked.stdout) as Report;
    const shop = { process: "shop-within", netns: null };
    expect(listeners.filter(({ process }) => process === "shop-within")).toMatchObject([
      { ...shop, address: `${OUTER}.1`, port: 8080 },
    ]);
    const rows = connections.filter((row) => row.localPort === 8080 || row.remotePort === 8080);
    expect(rows.filter(({ direction }) => direction === "in").map(({ count }) => count)).toEqual([2, 1]);
    expect(rows.filter(({ direction }) => direction === "in")).toMatchObject([
      { ...shop, localAddress: `${OUTER}.1` },
      { ...shop, localAddress: `${OUTER}.1` },
    ]);
    const clients = rows.filter(({ direction }) => direction === "out");
    expect(clients.map(({ process, count }) => `${process} ${count}`).sort()).toEqual(["far-client 2", "own-client 1"]);
  });
});
