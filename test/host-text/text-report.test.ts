import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "../../agent/report.ts";
import { readHostText } from "../../src/host-text/read-host-text.ts";
import { textReport } from "../../src/host-text/text-report.ts";
import { readReport } from "../../src/ingest/report-door.ts";

const HEAD = { host: "h", agent: "test", time: "2026-11-22T14:00:00Z", interval: 60, sequence: 1, boot: "b" };
const reportOf = (text: string): Report => textReport(readHostText(text), HEAD).report;
const FOLDER = "test/fixtures/host-text";
const TEXTS = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => readFileSync(join(FOLDER, name), "utf8"));

/** As `ss -tunap`, `ss -xp` and `ip addr` of iproute2 6.1 print it. */
const SS = `hostname=web01
Netid State  Recv-Q Send-Q                 Local Address:Port                   Peer Address:Port Process
udp   UNCONN 0      0                     127.0.0.53%lo:53                           0.0.0.0:*     users:(("systemd-resolve",pid=3,fd=13))
tcp   LISTEN 1      128                               *:80                                 *:*     users:(("nginx",pid=11,fd=9),("nginx",pid=10,fd=9))
tcp   LISTEN 1      128    [2001:db8:1234:5678:9abc:def0:1:2]:65000                     [::]:*     users:(("java",pid=12,fd=3)) ino:24565 sk:35 cgroup:/ v6only:1 <-> cgroup:/
	 skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0) bbr cwnd:10 unacked:1
tcp   ESTAB  0      0                [::ffff:10.0.0.11]:80               [::ffff:10.0.0.2]:32972
tcp   ESTAB  0      0                          10.0.0.11:50722                     10.0.0.21:3306  users:(("php-fpm8.2",pid=17,fd=4))
tcp   TIME-WAIT 0   0                          10.0.0.11:50724                     10.0.0.21:3306
tcp   ESTAB  0      0      [fe80::216:3eff:fe06:1]%eth0:22000             [fe80::2]%eth0:179   users:(("bgpd",pid=950,fd=4))
u_str ESTAB 0      0                         * 53220            * 52153 users:(("nginx",pid=11,fd=3))
u_str ESTAB 0      0      /run/php/fpm.sock 52153            * 53220 users:(("php-fpm8.2",pid=17,fd=4))
u_str ESTAB 0      0      /run/php/other.sock 52155            * 99999 users:(("php-fpm8.2",pid=17,fd=4))
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 10.0.0.11/24 brd 10.0.0.255 scope global eth0
`;

const edges = ({ connections, unix }: Report) => [
  ...connections.map(
    (row) => `${row.direction} ${row.localPort ?? row.remotePort} ${row.remoteAddress} ${row.process}`,
  ),
  ...unix.map((row) => `${row.client} ${row.path} ${row.server}`),
];

describe("the report of a text", () => {
  it("of ss tells listeners, connections and Unix sockets", () => {
    const report = reportOf(SS);
    expect(report.listeners.map((row) => `${row.proto} ${row.address} ${row.port} ${row.process}`)).toEqual([
      "udp 127.0.0.53%lo 53 systemd-resolve",
      "tcp :: 80 nginx",
      "tcp 2001:db8:1234:5678:9abc:def0:1:2 65000 java",
    ]);
    expect(edges(report).sort()).toEqual([
      "in 80 10.0.0.2 nginx",
      "nginx /run/php/fpm.sock php-fpm8.2",
      "out 179 fe80::2%eth0 bgpd",
      "out 3306 10.0.0.21 php-fpm8.2",
    ]);
    expect(report.connections.find((row) => row.remotePort === 3306)).toMatchObject({ count: 1, opened: 2 });
    expect(report.capture).toMatchObject({ level: "ss", dropped: 0, notes: [] });
    expect(readReport(Buffer.from(JSON.stringify(report)), { receivedAt: 1_800_000_000 }).report.partial).toBe(false);
  });

  it("counts as opened only what the look before had not seen", () => {
    const first = textReport(readHostText(SS), HEAD);
    const second = textReport(readHostText(SS), HEAD, first.seen).report;
    expect(second.connections.map(({ opened }) => opened)).toEqual([0, 0, 0]);
  });

  it("says of each socket without a process why it has none", () => {
    const text = `hostname=web01
tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN      -
tcp        0      0 10.0.0.11:50722         10.0.0.21:3306          TIME_WAIT   -
    inet 10.0.0.11/24 scope global eth0
`;
    const { capture, connections } = reportOf(text);
    expect(connections).toMatchObject([{ process: null, remotePort: 3306, count: 0 }]);
    expect(capture).toMatchObject({ unattributed: 1 });
    expect(capture.notes).toEqual([
      "1 line without a process: netstat and ss tell it to root only",
      "1 line of connections that are over, whose process nobody can tell any more",
    ]);
  });

  it("does not claim the bridges of containers, which are the same on many hosts", () => {
    const report = reportOf(
      `${SS}3: docker0: <UP> mtu 1500\n    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\n`,
    );
    expect(report.ips).toEqual(["10.0.0.11", "172.17.0.1"]);
    expect(readReport(Buffer.from(JSON.stringify(report)), { receivedAt: 1_800_000_000 }).report.ips).toEqual([
      "10.0.0.11",
    ]);
  });

  it("says which part is missing, and then deletes nothing", () => {
    const faults = (text: string) => readHostText(text).faults;
    expect(faults("hostname=a\nError when calling netstat!\n2: e: <UP>\n    inet 10.0.0.1/8 scope global e\n")).toEqual(
      ["no listing"],
    );
    expect(faults(SS.slice(0, SS.indexOf("1: lo")))).toEqual(["no addresses"]);
    expect(faults(SS.slice(SS.indexOf("\n") + 1))).toEqual(["no hostname"]);
    expect(faults(`${SS}${SS.replace("web01", "web02")}`)).toEqual(["several hosts"]);
    expect(faults("<!DOCTYPE html><html><body>It works!</body></html>\n")).toEqual([
      "no hostname",
      "no listing",
      "no addresses",
    ]);
    expect(faults("\u0016\u0003\u0001\0")).toContain("cut");
    expect(reportOf("hostname=a\n").capture.dropped).toBeGreaterThan(0);
  });

  it("skips the noise of a login in front of it", () => {
    expect(readHostText(`Welcome!\r\ntcpdump is installed\r\n${SS}`).host).toBe("web01");
  });
});

describe("texts in pieces", () => {
  it("never give an edge that the whole does not have, wherever they are cut", () => {
    for (const text of [...TEXTS.filter((text) => text.length < 10_000), SS]) {
      const known = new Set(edges(reportOf(text)));
      const ports = new Set(reportOf(text).listeners.map(({ port }) => port));
      for (let end = 0; end < text.length; end += 7) {
        const report = reportOf(text.slice(0, end));
        // Whose it was may be known of the rest only; whom it talked to never differs.
        const cut = edges(report).filter((edge) => !known.has(edge) && !edge.endsWith(" null"));
        expect(cut).toEqual([]);
        expect(report.listeners.filter(({ port }) => !ports.has(port))).toEqual([]);
      }
    }
  });

  it("say the same in any order of their lines", () => {
    for (const text of [...TEXTS.filter((text) => text.length < 10_000 && text.endsWith("\n")), SS]) {
      const lines = text.split(/\r?\n/).slice(0, -1);
      const shuffled = fc.sample(fc.shuffledSubarray(lines, { minLength: lines.length }), 20);
      for (const other of shuffled) {
        expect(edges(reportOf(`${other.join("\n")}\n`)).sort()).toEqual(edges(reportOf(text)).sort());
      }
    }
  });

  it("never throw, whatever they hold, and always pass the door", () => {
    const piece = fc.oneof(
      fc.constantFrom(...TEXTS.flatMap((text) => text.split("\n").slice(0, 40)), ...SS.split("\n")),
      fc.string({ unit: "binary", maxLength: 40 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom("\n", "\r\n", " "), (pieces, glue) => {
        const report = reportOf(pieces.join(glue));
        const door = readReport(Buffer.from(JSON.stringify(report)), { receivedAt: 1_800_000_000 });
        expect(door.dropped).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
