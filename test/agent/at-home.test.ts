import type { NetworkInterfaceInfo } from "node:os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Collector, type Machine } from "../../agent/collect.ts";
import { parseFibTrie, parseIfInet6 } from "../../agent/home-addresses.ts";
import { createAddressDecoder } from "../../agent/proc-net.ts";
import { parseDockerProxy } from "../../agent/published-ports.ts";
import { parseConntrack, TurnedPorts } from "../../agent/turned-ports.ts";
import { FakeProc, type FakeProcess, table, tableLine } from "./fake-proc.ts";

const HEAD = { host: "web01", agent: "test/1", interval: 60, sequence: 3, boot: "b" };
const [ESTABLISHED, LISTEN] = [1, 10];

/** As Linux 6.18 writes it. */
const FIB_TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 172.17.0.0/16 2 0 2
        |-- 172.17.0.0
           /16 link UNICAST
        |-- 172.17.0.2
           /32 host LOCAL
        |-- 172.17.255.255
           /32 link BROADCAST
Local:
  +-- 127.0.0.0/8 2 0 2
     |-- 127.0.0.1
        /32 host LOCAL
  |-- 172.17.0.2
     /32 host LOCAL
`;
const IF_INET6 = `00000000000000000000000000000001 01 80 10 80       lo
fe80000000000000004211fffe000002 0b 40 20 80     eth0
20010db8000000000000000000000002 0b 40 00 80     eth0
`;

describe("addresses of a namespace", () => {
  it("are those the kernel delivers to itself, without loopback and links", () => {
    expect(parseFibTrie(FIB_TRIE)).toEqual(["172.17.0.2"]);
    expect(parseIfInet6(IF_INET6)).toEqual(["2001:db8::2"]);
  });

  it("are never made up from texts that are cut or no tables", () => {
    fc.assert(
      fc.property(fc.nat(FIB_TRIE.length), fc.nat(IF_INET6.length), fc.string(), (four, six, text) => {
        expect(["172.17.0.2"]).toEqual(expect.arrayContaining(parseFibTrie(FIB_TRIE.slice(0, four))));
        expect(["2001:db8::2"]).toEqual(expect.arrayContaining(parseIfInet6(IF_INET6.slice(0, six))));
        expect([...parseFibTrie(text), ...parseIfInet6(text)]).toEqual([]);
      }),
    );
  });
});

const PROXY_WORDS = [
  ...["/usr/bin/docker-proxy", "-proto", "tcp", "-host-ip", "0.0.0.0", "-host-port", "8080"],
  ...["-container-ip", "172.17.0.2", "-container-port", "80", ""],
].join("\0");

describe("parseDockerProxy", () => {
  it("reads which port it publishes", () => {
    expect(parseDockerProxy(PROXY_WORDS)).toEqual({
      proto: "tcp",
      hostAddress: "0.0.0.0",
      hostPort: 8080,
      address: "172.17.0.2",
      port: 80,
    });
  });

  it("says nothing of other words, and never throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(PROXY_WORDS.length - 4), (text, length) => {
        expect(parseDockerProxy(text)).toBeUndefined();
        expect(parseDockerProxy(PROXY_WORDS.slice(0, length))).toBeUndefined();
      }),
    );
  });
});

/** A host with docker0 that has the address 172.17.0.1, and a container of 172.17.0.2 which serves port 80. */
function host(more: readonly FakeProcess[] = [], files: Record<string, string> = {}, own: readonly string[] = []) {
  const proc = new FakeProc(
    [
      { pid: 2, name: "nginx", netns: 2, cgroup: "0::/lxc.payload.web", sockets: [21, 22, 23] },
      { pid: 3, name: "docker-proxy", sockets: [11, 12, 13] },
      { pid: 4, name: "curl", sockets: [14, 15] },
      ...more,
    ],
    {
      "net/tcp": table(tableLine("0.0.0.0:8080", "0.0.0.0:0", LISTEN, 11), ...own),
      "2/net/tcp": table(
        tableLine("0.0.0.0:80", "0.0.0.0:0", LISTEN, 21),
        tableLine("172.17.0.2:80", "172.17.0.1:40000", ESTABLISHED, 22),
        tableLine("172.17.0.2:80", "10.9.9.9:50000", ESTABLISHED, 23),
      ),
      "2/net/fib_trie": FIB_TRIE,
      "3/cmdline": PROXY_WORDS,
      ...files,
    },
  );
  const docker0 = { address: "172.17.0.1", family: "IPv4", internal: false } as NetworkInterfaceInfo;
  const machine: Machine = {
    files: proc,
    decodeAddress: createAddressDecoder("LE"),
    interfaces: () => ({ docker0: [docker0] }),
    unixSockets: () => Promise.resolve(""),
    socketGroups: () => Promise.resolve(undefined),
    now: () => 1_795_356_000,
  };
  return new Collector(machine).collect(HEAD);
}

async function edges(report: ReturnType<typeof host>): Promise<string[]> {
  const { connections } = await report;
  return connections
    .map((row) => `${row.direction} ${row.process} ${row.remoteAddress} ${row.localPort ?? row.remotePort}`)
    .sort();
}

describe("a connection of a program that has ended", () => {
  it("is of the namespace that has its address, and of the container that is its", async () => {
    const closed = tableLine("172.17.0.2:40002", "10.9.9.9:443", 6, 0);
    const { connections } = await host([], {}, [closed]);
    expect(connections.filter(({ remotePort }) => remotePort === 443)).toMatchObject([
      { direction: "out", process: null, container: "web", netns: "net:[2]", opened: 1 },
    ]);
  });
});

describe("a container's published port", () => {
  const passing = [
    tableLine("127.0.0.1:8080", "127.0.0.1:50001", ESTABLISHED, 12),
    tableLine("127.0.0.1:50001", "127.0.0.1:8080", ESTABLISHED, 14),
    tableLine("172.17.0.1:40000", "172.17.0.2:80", ESTABLISHED, 13),
  ];

  it("is one service, of the process that serves it, and its proxy is no part of the way", async () => {
    const { listeners } = await host();
    expect(listeners).toMatchObject([
      { address: "0.0.0.0", port: 8080, process: "nginx", container: "web", netns: null },
    ]);
    expect(await edges(host([], {}, passing))).toEqual([
      "in nginx 10.9.9.9 8080",
      "in nginx 127.0.0.1 8080",
      "out curl 127.0.0.1 8080",
    ]);
  });

  it("takes its connections as the host's own, as others made them", async () => {
    const { connections } = await host();
    expect(connections.filter(({ process }) => process === "nginx").map(({ netns }) => netns)).toEqual([null, null]);
  });

  it("is the same service where the container is asked directly", async () => {
    const direct = tableLine("172.17.0.1:40000", "172.17.0.2:80", ESTABLISHED, 15);
    expect(await edges(host([], {}, [direct]))).toContain("out curl 127.0.0.1 8080");
  });

  it("stays the proxy's where nothing is known of the container", async () => {
    const { listeners } = await host([], { "2/net/fib_trie": "" });
    expect(listeners.map(({ port, process }) => `${port} ${process}`)).toEqual(["80 nginx", "8080 docker-proxy"]);
  });
});

/** As Linux 6.18 writes it: two turned by nftables, one without an answer, one that is not turned. */
const CONNTRACK = `ipv4     2 tcp      6 119 TIME_WAIT src=10.9.9.9 dst=10.0.0.1 sport=52426 dport=8080 src=172.17.0.2 dst=10.9.9.9 sport=80 dport=52426 [ASSURED] mark=0 zone=0 use=2
ipv6     10 tcp      6 431999 ESTABLISHED src=2001:0db8:0000:0000:0000:0000:0000:0009 dst=2001:0db8:0000:0000:0000:0000:0000:0001 sport=52432 dport=8080 packets=3 bytes=164 src=2001:0db8:0000:0000:0000:0000:0000:0002 dst=2001:0db8:0000:0000:0000:0000:0000:0009 sport=80 dport=52432 packets=1 bytes=60 [ASSURED] mark=0 zone=0 use=2
ipv4     2 tcp      6 119 SYN_SENT src=10.9.9.9 dst=10.0.0.1 sport=52427 dport=8081 [UNREPLIED] src=172.17.0.2 dst=10.9.9.9 sport=81 dport=52427 mark=0 zone=0 use=2
ipv4     2 tcp      6 119 ESTABLISHED src=172.17.0.2 dst=192.0.2.7 sport=40000 dport=443 src=192.0.2.7 dst=10.0.0.1 sport=443 dport=40000 [ASSURED] mark=0 zone=0 use=2
`;

describe("parseConntrack", () => {
  it("reads which ports the kernel turns to another address", () => {
    expect(parseConntrack(CONNTRACK)).toEqual([
      { proto: "tcp", hostAddress: "10.0.0.1", hostPort: 8080, address: "172.17.0.2", port: 80 },
      { proto: "tcp", hostAddress: "2001:db8::1", hostPort: 8080, address: "2001:db8::2", port: 80 },
    ]);
  });

  it("takes nothing from a text that is cut, and never throws", () => {
    const all = parseConntrack(CONNTRACK);
    fc.assert(
      fc.property(fc.nat(CONNTRACK.length), fc.string(), (length, text) => {
        expect(all).toEqual(expect.arrayContaining(parseConntrack(CONNTRACK.slice(0, length))));
        expect(parseConntrack(text)).toEqual([]);
      }),
    );
  });
});

describe("a port that the kernel publishes", () => {
  const eth0 = { address: "10.0.0.1", family: "IPv4", internal: false } as NetworkInterfaceInfo;

  it("is one service, also after its connections have ended, and not of a container that came after", () => {
    const files = new FakeProc([], { "net/nf_conntrack": CONNTRACK });
    const ports = new TurnedPorts(files);
    const [port] = parseConntrack(CONNTRACK);
    const homes = (label: string) => (address: string) =>
      new Map<string, string | null>([
        [eth0.address, null],
        ["172.17.0.2", label],
      ]).get(address);
    expect(ports.find(homes("net:[2]"))).toEqual([port]);
    files.files.set("net/nf_conntrack", "");
    expect(ports.find(homes("net:[2]"))).toEqual([port]);
    expect(ports.find(homes("net:[3]"))).toEqual([]);
    files.files.set("net/nf_conntrack", CONNTRACK);
    expect(ports.notes).toEqual([]);
    files.files.set("sys/net/netfilter/nf_conntrack_count", "200000\n");
    expect(ports.find(homes("net:[3]"))).toEqual([]);
    expect(ports.notes.join()).toContain("are not known: the kernel keeps 200000 connections");
  });

  it("is said not to be known where the kernel's list may not be read", () => {
    const ports = new TurnedPorts(new FakeProc([], { "sys/net/netfilter/nf_conntrack_count": "3\n" }));
    expect(ports.find(() => null)).toEqual([]);
    expect(ports.notes.join()).toContain("CAP_DAC_READ_SEARCH");
  });

  it("leads nowhere where the address asked for is not the host's", () => {
    const files = new FakeProc([], { "net/nf_conntrack": CONNTRACK });
    expect(new TurnedPorts(files).find((address) => (address === "172.17.0.2" ? "net:[2]" : undefined))).toEqual([]);
  });
});

describe("connections between containers", () => {
  const other: FakeProcess = { pid: 5, name: "app", netns: 5, cgroup: "0::/lxc.payload.app", sockets: [51, 52] };
  const client = tableLine("172.17.0.3:40001", "172.17.0.4:5432", ESTABLISHED, 52);
  const database: FakeProcess = { pid: 6, name: "postgres", netns: 6, sockets: [61] };
  const files = {
    "5/net/tcp": table(client),
    "5/net/fib_trie": FIB_TRIE.replaceAll("172.17.0.2", "172.17.0.3"),
    "6/net/tcp": table(tableLine("0.0.0.0:5432", "0.0.0.0:0", LISTEN, 61)),
    "6/net/fib_trie": FIB_TRIE.replaceAll("172.17.0.2", "172.17.0.4"),
  };

  it("are connections within the host", async () => {
    expect(await edges(host([other, database], files))).toContain("out app 127.0.0.1 5432");
  });

  it("keep their address where it is not of one container, or its port not of one service", async () => {
    const twice = { ...files, "5/net/fib_trie": files["6/net/fib_trie"] };
    expect(await edges(host([other, database], twice))).toContain("out app 172.17.0.4 5432");
    const local = tableLine("0.0.0.0:5432", "0.0.0.0:0", LISTEN, 16);
    expect(await edges(host([other, database], files, [local]))).toContain("out app 172.17.0.4 5432");
  });
});
