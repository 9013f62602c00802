import { describe, expect, it } from "vitest";
import { groupSockets, type SeenConnections } from "../../agent/group.ts";
import { OWN_NAMESPACE } from "../../agent/namespaces.ts";
import { nobodyIn as nobody } from "../../agent/owner.ts";
import { createAddressDecoder, parseProcNet, type Socket } from "../../agent/proc-net.ts";
import type { KnownProcess } from "../../agent/process.ts";
import type { SocketOwner } from "../../agent/report.ts";
import { type Opened, UNWATCHED, type Watched } from "../../agent/watch.ts";
import { table, tableLine } from "./fake-proc.ts";

const TIME = "2026-11-22T14:00:00.000Z";
const [ESTABLISHED, SYN_SENT, TIME_WAIT, CLOSE, CLOSE_WAIT, LISTEN] = [1, 2, 6, 7, 8, 10] as const;

const ownerFor = ({ name, unit, container }: KnownProcess) => ({ process: name, unit, container, netns: null });
const nobodyIn = () => nobody(OWN_NAMESPACE);

function look(
  tcp: readonly string[],
  owners: Readonly<Record<number, string>>,
  before: SeenConnections = new Map(),
  udp: readonly string[] = [],
  watched: Watched = UNWATCHED,
) {
  const decode = createAddressDecoder("LE");
  const sockets = [
    ...parseProcNet(table(...tcp), "tcp", decode).sockets,
    ...parseProcNet(table(...udp), "udp", decode).sockets,
  ];
  const ownerOf = ({ inode }: Socket): SocketOwner | undefined => {
    const process = owners[inode];
    return process === undefined ? undefined : { process, unit: null, container: null, netns: null };
  };
  return groupSockets({ sockets, ownerOf, ownerFor, nobodyIn, ephemeralFrom: 32_768, before, watched, time: TIME });
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

  it("takes a port that several connections share for the service where both ends are clients' ports", () => {
    const [one, two] = ["127.0.0.1:40000", "127.0.0.1:40000"];
    const grouped = look(
      [
        tableLine(one, "127.0.0.1:50001", ESTABLISHED, 1),
        tableLine(two, "127.0.0.1:50002", ESTABLISHED, 2),
        tableLine("127.0.0.1:50001", one, ESTABLISHED, 3),
        tableLine("127.0.0.1:50002", two, ESTABLISHED, 4),
      ],
      { 1: "app", 2: "app", 3: "client", 4: "client" },
    );
    expect(rows(grouped)).toEqual(["in app 127.0.0.1:40000 2/2", "out client 127.0.0.1:40000 2/2"]);
  });

  it("guesses no direction of a closed connection within the host of which one end is left", () => {
    // The end that closed first stays in TIME_WAIT, be it the client or the server.
    const left = tableLine("127.0.0.1:40005", "127.0.0.1:50005", TIME_WAIT, 0);
    expect(look([left], {}).connections).toEqual([]);
    const shared = [50_006, 50_007].map((port) => tableLine("127.0.0.1:40005", `127.0.0.1:${port}`, TIME_WAIT, 0));
    expect(look(shared, {}).connections).toMatchObject([{ direction: "in", localPort: 40_005, opened: 2 }]);
  });

  it("guesses no direction where both ends are here and nothing tells them apart", () => {
    const pair = [
      tableLine("127.0.0.1:40000", "127.0.0.1:50001", ESTABLISHED, 1),
      tableLine("127.0.0.1:50001", "127.0.0.1:40000", ESTABLISHED, 2),
    ];
    expect(rows(look(pair, { 1: "app", 2: "client" }))).toEqual([]);
  });

  it("knows the direction where the service's port is a client's port, too", () => {
    const grouped = look(
      [
        tableLine("0.0.0.0:50001", "0.0.0.0:0", LISTEN, 1),
        tableLine("127.0.0.1:50001", "127.0.0.1:1023", ESTABLISHED, 2),
        tableLine("127.0.0.1:1023", "127.0.0.1:50001", ESTABLISHED, 3),
      ],
      { 1: "app", 2: "app", 3: "rsh" },
    );
    expect(rows(grouped)).toEqual(["in app 127.0.0.1:50001 1/1", "out rsh 127.0.0.1:50001 1/1"]);
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

  describe("with events", () => {
    const opened = (direction: Opened["direction"], owner: string | undefined, ends: string, times = 1): Opened => {
      const [local = "", remote = ""] = ends.split(" ");
      const [here, there] = [local.split(":"), remote.split(":")] as const;
      const known = owner === undefined ? undefined : { name: owner, unit: null, container: null, netns: null };
      return {
        direction,
        local: here[0] ?? "",
        localPort: Number(here[1]),
        remote: there[0] ?? "",
        remotePort: Number(there[1]),
        ends: socketOf(local, remote, ESTABLISHED).ends,
        owner: known,
        times,
      };
    };
    const socketOf = (local: string, remote: string, state: number) =>
      parseProcNet(table(tableLine(local, remote, state, 0)), "tcp", createAddressDecoder("LE")).sockets[0] as Socket;
    const traced = (told: readonly Opened[], live: readonly Opened[] = [], complete = true): Watched => ({
      ...UNWATCHED,
      level: "tracefs",
      opened: told,
      live: new Map(live.map((one) => [one.ends, one])),
      complete,
    });

    it("counts by them what a look would have missed, and not again what it finds", () => {
      const told = traced([
        opened("out", "php-fpm", "10.0.0.11:40001 10.0.0.21:3306", 340),
        opened("in", "mysqld", "10.0.0.21:3306 10.0.0.12:40002", 12),
      ]);
      const left = tableLine("10.0.0.11:40001", "10.0.0.21:3306", TIME_WAIT, 0);
      const grouped = look([LISTENER, left], { 1: "mysqld" }, new Map(), [], told);
      expect(rows(grouped)).toEqual(["out php-fpm 10.0.0.21:3306 0/340", "in mysqld 10.0.0.12:3306 0/12"]);
      expect(grouped.unattributed).toBe(0);
    });

    it("takes direction and count of open ones from them, and the owner from the look", () => {
      const told = traced(
        [opened("out", "php-fpm", "10.0.0.11:40001 10.0.0.21:40000")],
        [
          opened("out", "php-fpm", "10.0.0.11:40001 10.0.0.21:40000", 0),
          opened("in", undefined, "10.0.0.21:40000 10.0.0.11:40001"),
        ],
      );
      const sockets = [
        tableLine("10.0.0.11:40001", "10.0.0.21:40000", ESTABLISHED, 1),
        tableLine("10.0.0.21:40000", "10.0.0.11:40001", ESTABLISHED, 2),
      ];
      expect(rows(look(sockets, { 1: "php-fpm", 2: "java" }, new Map(), [], told))).toEqual([
        "in java 10.0.0.11:40000 1/1",
        "out php-fpm 10.0.0.21:40000 1/1",
      ]);
    });

    it("knows by them whose an open one is where the process ended before the look could find it", () => {
      const ends = "10.0.0.11:40001 10.0.0.21:3306";
      const told = traced([opened("out", "curl", ends)], [opened("out", "curl", ends, 0)]);
      const grouped = look([tableLine("10.0.0.11:40001", "10.0.0.21:3306", ESTABLISHED, 1)], {}, new Map(), [], told);
      expect(rows(grouped)).toEqual(["out curl 10.0.0.21:3306 1/1"]);
      expect(grouped.unattributed).toBe(0);
    });

    it("gives those of nobody to the listener, and counts the rest as unattributed", () => {
      const told = traced([
        opened("in", undefined, "10.0.0.21:3306 10.0.0.12:40002"),
        opened("in", undefined, "10.0.0.21:9999 10.0.0.12:40002", 2),
      ]);
      const grouped = look([LISTENER], { 1: "mysqld" }, new Map(), [], told);
      expect(rows(grouped)).toEqual(["in null 10.0.0.12:9999 0/2", "in mysqld 10.0.0.12:3306 0/1"]);
      expect(grouped.unattributed).toBe(2);
    });

    it("trusts the look as well where events were lost, and counts nothing twice", () => {
      const told = traced([opened("in", "mysqld", "10.0.0.21:3306 10.0.0.12:40002", 1)], [], false);
      const found = [40_002, 40_003].map((port) => tableLine("10.0.0.21:3306", `10.0.0.12:${port}`, TIME_WAIT, 0));
      const other = tableLine("10.0.0.21:3306", "10.0.0.13:40002", TIME_WAIT, 0);
      expect(rows(look([LISTENER, ...found, other], { 1: "mysqld" }, new Map(), [], told))).toEqual([
        "in mysqld 10.0.0.12:3306 0/2",
        "in mysqld 10.0.0.13:3306 0/1",
      ]);
    });

    it("counts by ss what ended, once, and by the look what is still there", () => {
      const before: SeenConnections = new Map([[socketOf("10.0.0.21:3306", "10.0.0.12:40001", ESTABLISHED).key, "in"]]);
      const ended = [40_001, 40_002].map((port) => opened(undefined, undefined, `10.0.0.21:3306 10.0.0.12:${port}`));
      const watched: Watched = { ...UNWATCHED, level: "ss", opened: ended, complete: true };
      const sockets = [
        LISTENER,
        tableLine("10.0.0.21:3306", "10.0.0.12:40002", TIME_WAIT, 0),
        tableLine("10.0.0.21:3306", "10.0.0.12:40003", ESTABLISHED, 2),
        tableLine("10.0.0.21:3306", "10.0.0.12:40004", CLOSE_WAIT, 3),
      ];
      const grouped = look(sockets, { 1: "mysqld", 2: "mysqld", 3: "mysqld" }, before, [], watched);
      expect(rows(grouped)).toEqual(["in mysqld 10.0.0.12:3306 1/3"]);
    });
  });
});
