import { describe, expect, it } from "vitest";
import { groupSockets, type SeenConnections } from "../../agent/group.ts";
import { createAddressDecoder, parseProcNet } from "../../agent/proc-net.ts";
import type { SocketOwner } from "../../agent/report.ts";
import { table, tableLine } from "./fake-proc.ts";

const TIME = "2026-11-22T14:00:00.000Z";
const [ESTABLISHED, SYN_SENT, TIME_WAIT, CLOSE, CLOSE_WAIT, LISTEN] = [1, 2, 6, 7, 8, 10] as const;

function look(
  tcp: readonly string[],
  owners: Readonly<Record<number, string>>,
  before: SeenConnections = new Map(),
  udp: readonly string[] = [],
) {
  const decode = createAddressDecoder("LE");
  const sockets = [
    ...parseProcNet(table(...tcp), "tcp", decode).sockets,
    ...parseProcNet(table(...udp), "udp", decode).sockets,
  ];
  const ownerOf = (inode: number): SocketOwner | undefined => {
    const process = owners[inode];
    return process === undefined ? undefined : { process, unit: null, container: null, netns: null };
  };
  return groupSockets({ sockets, ownerOf, ephemeralFrom: 32_768, before, time: TIME });
}

/** Rows as `direction process remote:port count/opened`. */
function rows({ connections }: ReturnType<typeof look>): string[] {
  return connections.map((row) => {
    const port = row.direction === "in" ? row.localPort : row.remotePort;
    return `${row.direction} ${row.process} ${row.remoteAddress}:${port} ${row.count}/${row.opened}`;
  });
}

const LISTENER = tableLine("0.0.0.0:3306", "0.0.0.0:0", LISTEN, 1);

describe("groupSockets", () => {
  it("groups by direction, process, remote address and service port", () => {
    const grouped = look(
      [
        LISTENER,
        tableLine("10.0.0.21:3306", "10.0.0.11:40001", ESTABLISHED, 2),
        tableLine("10.0.0.21:3306", "10.0.0.11:40002", ESTABLISHED, 3),
        tableLine("10.0.0.21:3306", "10.0.0.12:40001", ESTABLISHED, 4),
        tableLine("10.0.0.21:41000", "10.0.0.31:389", ESTABLISHED, 5),
      ],
      { 1: "mysqld", 2: "mysqld", 3: "mysqld", 4: "mysqld", 5: "mysqld" },
    );
    expect(rows(grouped)).toEqual([
      "in mysqld 10.0.0.11:3306 2/2",
      "in mysqld 10.0.0.12:3306 1/1",
      "out mysqld 10.0.0.31:389 1/1",
    ]);
    expect(grouped.connections[0]).toEqual({
      direction: "in",
      proto: "tcp",
      process: "mysqld",
      unit: null,
      container: null,
      netns: null,
      localAddress: "10.0.0.21",
      localPort: 3306,
      remoteAddress: "10.0.0.11",
      remotePort: null,
      count: 2,
      opened: 2,
      lastSeen: TIME,
    });
    expect(grouped.connections[2]).toMatchObject({ localPort: null, remotePort: 389 });
    expect(grouped.listeners).toMatchObject([{ proto: "tcp", address: "0.0.0.0", port: 3306, process: "mysqld" }]);
  });

  it("sees a loopback connection from both of its ends", () => {
    const grouped = look(
      [
        LISTENER,
        tableLine("127.0.0.1:3306", "127.0.0.1:50000", ESTABLISHED, 2),
        tableLine("127.0.0.1:50000", "127.0.0.1:3306", ESTABLISHED, 3),
      ],
      { 1: "mysqld", 2: "mysqld", 3: "php-fpm" },
    );
    expect(rows(grouped)).toEqual(["in mysqld 127.0.0.1:3306 1/1", "out php-fpm 127.0.0.1:3306 1/1"]);
  });

  it("takes for incoming only what came to the address that listens", () => {
    const grouped = look(
      [
        tableLine("127.0.0.1:8080", "0.0.0.0:0", LISTEN, 1),
        // Bound to the same port on another address, by a client.
        tableLine("10.0.0.5:8080", "10.0.0.9:25", ESTABLISHED, 2),
      ],
      { 1: "app", 2: "mailer" },
    );
    expect(rows(grouped)).toEqual(["out mailer 10.0.0.9:25 1/1"]);
  });

  it("counts a listener that several sockets share once, and one port of two programs twice", () => {
    const grouped = look(
      [
        LISTENER,
        tableLine("0.0.0.0:3306", "0.0.0.0:0", LISTEN, 2),
        tableLine("127.0.0.1:3306", "0.0.0.0:0", LISTEN, 3),
      ],
      { 1: "mysqld", 2: "mysqld", 3: "haproxy" },
    );
    expect(grouped.listeners.map(({ address, process }) => `${address} ${process}`)).toEqual([
      "0.0.0.0 mysqld",
      "127.0.0.1 haproxy",
    ]);
  });

  it("keeps the direction of connections whose listener has closed", () => {
    const connection = tableLine("10.0.0.21:40000", "10.0.0.11:50001", ESTABLISHED, 2);
    const first = look([tableLine("0.0.0.0:40000", "0.0.0.0:0", LISTEN, 1), connection], { 1: "app", 2: "app" });
    const second = look([connection], { 2: "app" }, first.seen);
    expect(rows(second)).toEqual(["in app 10.0.0.11:40000 1/0"]);
  });

  it("takes a low port facing a client's port for the service where no listener is left", () => {
    expect(rows(look([tableLine("10.0.0.21:22", "10.0.0.11:50001", ESTABLISHED, 2)], { 2: "sshd" }))).toEqual([
      "in sshd 10.0.0.11:22 1/1",
    ]);
    expect(rows(look([tableLine("10.0.0.21:800", "10.0.0.11:2049", ESTABLISHED, 2)], { 2: "mount.nfs" }))).toEqual([
      "out mount.nfs 10.0.0.11:2049 1/1",
    ]);
  });

  it("counts closed connections once, attributed to the listener that took them", () => {
    const closed = tableLine("10.0.0.21:3306", "10.0.0.11:50001", TIME_WAIT, 0);
    const first = look([LISTENER, closed], { 1: "mysqld" });
    expect(rows(first)).toEqual(["in mysqld 10.0.0.11:3306 0/1"]);
    expect(first.unattributed).toBe(0);
    expect(rows(look([LISTENER, closed], { 1: "mysqld" }, first.seen))).toEqual([]);
  });

  it("does not count a connection as opened again when it closes", () => {
    const open = look([tableLine("10.0.0.5:50000", "10.0.0.9:80", ESTABLISHED, 2)], { 2: "curl" });
    const closed = look([tableLine("10.0.0.5:50000", "10.0.0.9:80", TIME_WAIT, 0)], {}, open.seen);
    expect(rows(closed)).toEqual([]);
    const halfClosed = look([tableLine("10.0.0.5:50000", "10.0.0.9:80", CLOSE_WAIT, 2)], { 2: "curl" }, open.seen);
    expect(rows(halfClosed)).toEqual([]);
  });

  it("adds closed connections to the one process that talks to the same service", () => {
    const live = tableLine("10.0.0.11:50000", "10.0.0.21:3306", ESTABLISHED, 2);
    const closed = tableLine("10.0.0.11:50001", "10.0.0.21:3306", TIME_WAIT, 0);
    expect(rows(look([live, closed], { 2: "php-fpm" }))).toEqual(["out php-fpm 10.0.0.21:3306 1/2"]);
  });

  it("names no process for closed connections where there are two candidates or none", () => {
    const closed = tableLine("10.0.0.11:50001", "10.0.0.21:3306", TIME_WAIT, 0);
    const one = tableLine("10.0.0.11:50000", "10.0.0.21:3306", ESTABLISHED, 2);
    const other = tableLine("10.0.0.11:50009", "10.0.0.21:3306", ESTABLISHED, 3);
    expect(rows(look([closed], {}))).toEqual(["out null 10.0.0.21:3306 0/1"]);
    expect(rows(look([one, other, closed], { 2: "php-fpm", 3: "cron" }))).toContain("out null 10.0.0.21:3306 0/1");
  });

  it("keeps live connections without a known process, and counts them", () => {
    const grouped = look([LISTENER, tableLine("10.0.0.21:50000", "10.0.0.9:443", ESTABLISHED, 2)], {});
    expect(rows(grouped)).toEqual(["out null 10.0.0.9:443 1/1"]);
    expect(grouped.listeners).toMatchObject([{ port: 3306, process: null }]);
    expect(grouped.unattributed).toBe(2);
  });

  it("leaves attempts to connect out", () => {
    expect(rows(look([tableLine("10.0.0.5:50000", "10.0.0.9:80", SYN_SENT, 2)], { 2: "curl" }))).toEqual([]);
  });

  it("takes UDP sockets without a peer for listeners, below the range of clients", () => {
    const grouped = look([], { 1: "named", 2: "chronyd", 3: "app" }, new Map(), [
      tableLine("127.0.0.1:53", "0.0.0.0:0", CLOSE, 1),
      tableLine("0.0.0.0:45000", "0.0.0.0:0", CLOSE, 2),
      tableLine("127.0.0.1:45001", "127.0.0.1:53", ESTABLISHED, 3),
    ]);
    expect(grouped.listeners.map(({ proto, port, process }) => `${proto} ${port} ${process}`)).toEqual([
      "udp 53 named",
    ]);
    expect(rows(grouped)).toEqual(["out app 127.0.0.1:53 1/1"]);
  });
});
