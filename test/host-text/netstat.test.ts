import { describe, expect, it } from "vitest";
import { readAddresses } from "../../src/host-text/ip-addr.ts";
import { readNetstat } from "../../src/host-text/netstat.ts";

const own = (...addresses: string[]) => addresses.map((address) => ({ address, interface: "eth0", scope: "global" }));
const ends = (text: string, addresses: string[] = []) =>
  readNetstat(text.split("\n"), own(...addresses)).rows.map(
    ({ phase, local, localPort, remote, remotePort, process }) =>
      `${phase} ${local} ${localPort} ${remote} ${remotePort} ${process}`,
  );

describe("rows of netstat", () => {
  it("are read in every language net-tools speaks, states of two words included", () => {
    const portuguese = `Conexões Internet Ativas (servidores e estabelecidas)
Proto Recv-Q Send-Q Endereço Local          Endereço Remoto         Estado      PID/Program name
tcp        0      0 0.0.0.0:3306            0.0.0.0:*               OUÇA        1200/mysqld
tcp        0      0 10.2.0.7:3306           10.2.0.8:45000          ESTABELECIDA 1200/mysqld
tcp        0      0 10.2.0.7:39102          10.2.0.9:5432           ESPERANDO_FECHAR 3000/python3
tcp        0      0 10.2.0.7:39110          10.2.0.33:9999          SYN_ENVIADO 3001/curl
tcp        0      0 10.2.0.7:22             10.2.9.9:50505          ÚLTIMO_ACK  -`;
    expect(ends(portuguese)).toEqual([
      "listening 0.0.0.0 3306 :: 0 mysqld",
      "established 10.2.0.7 3306 10.2.0.8 45000 mysqld",
      "closing 10.2.0.7 39102 10.2.0.9 5432 python3",
      "opening 10.2.0.7 39110 10.2.0.33 9999 curl",
      "closing 10.2.0.7 22 10.2.9.9 50505 null",
    ]);
    expect(ends("tcp   0   0 10.2.0.7:22   10.2.9.9:50505   VERBUNDEN   701/sshd: alice")).toEqual([
      "established 10.2.0.7 22 10.2.9.9 50505 sshd",
    ]);
  });

  it("in a language we do not know listen by their peer, and prove a connection without counting it", () => {
    const { rows, unknownStates } = readNetstat(
      [
        "tcp        0      0 0.0.0.0:80              0.0.0.0:*               СЛУШАЕТ     900/apache2",
        "tcp        0      0 10.2.0.7:80             10.2.0.8:45000          СОЕДИНЕНО   900/apache2",
      ],
      [],
    );
    expect(rows.map(({ phase }) => phase)).toEqual(["listening", "closing"]);
    expect(unknownStates).toBe(1);
  });

  it("name odd programs by their first word", () => {
    const row = (program: string) => `tcp  0  0 10.0.0.1:80   10.0.0.2:4000   ESTABLISHED 7/${program}`;
    const names = ["nginx: master pr", "-bash", "(squid-1)", "[nfsd]", "Isolated Web Co", "a/b -", "php-fpm: pool ww"];
    expect(names.map((name) => ends(row(name))[0]?.split(" ").at(-1))).toEqual([
      "nginx",
      "bash",
      "squid-1",
      "nfsd",
      "Isolated",
      "a/b",
      "php-fpm",
    ]);
    expect(ends("tcp 0 0 0.0.0.0:9 0.0.0.0:* LISTEN 2147483647/x 12/y -")).toEqual(["listening 0.0.0.0 9 :: 0 x"]);
  });

  it("work without -p, with -e and for UDP", () => {
    expect(ends("tcp        0      0 10.0.0.1:22             10.0.0.9:50000          ESTABLISHED")).toEqual([
      "established 10.0.0.1 22 10.0.0.9 50000 null",
    ]);
    expect(ends("tcp  0   0 0.0.0.0:22   0.0.0.0:*   LISTEN      0          24571      544/sshd            ")).toEqual([
      "listening 0.0.0.0 22 :: 0 sshd",
    ]);
    const udp = `udp        0      0 0.0.0.0:514             0.0.0.0:*                           600/rsyslogd
udp        0      0 0.0.0.0:41111           0.0.0.0:*                           700/systemd-resolve
udp        0      0 10.0.0.1:40000          10.0.0.53:53            ESTABLISHED 701/unbound`;
    expect(ends(udp)).toEqual([
      "listening 0.0.0.0 514 :: 0 rsyslogd",
      "established 10.0.0.1 40000 10.0.0.53 53 unbound",
    ]);
  });

  it("that are none are counted, not guessed", () => {
    const nonsense = `tcp        0      0 10.0.0.1:99999          10.0.0.9:50000          ESTABLISHED 1/x
tcp        0      0 10.0.0.999:80           10.0.0.9:50000          ESTABLISHED 1/x
tcp        0      0 db01:mysql              web01:40000             ESTABLISHED 1/x
tcp        0      0 10.0.0.1:80             0.0.0.0:*               CLOSE       1/x`;
    expect(readNetstat(nonsense.split("\n"), [])).toMatchObject({ rows: [], skipped: 3 });
  });
});

describe("addresses that netstat cut", () => {
  // As net-tools 2.10 printed it: the host has ::15 and ::1f5, the connection is one to itself.
  const cut = `tcp6       1      0 :::80                   :::*                    LISTEN      17266/python3       
tcp6       1      0 2001:db8:10:20::15:3306 :::*                    LISTEN      17266/python3       
tcp6       1      0 2001:db8:1234:567:65000 :::*                    LISTEN      17266/python3       
tcp6       0      0 2001:db8:10:20::15:3306 2001:db8:10:20::1:59656 ESTABLISHED -                   
tcp6       0      0 2001:db8:10:20::1:59656 2001:db8:10:20::15:3306 ESTABLISHED 17266/python3       
tcp6       0      0 2001:db8:1234:567:50722 2001:db8:1234:567:65000 ESTABLISHED 17266/python3       `;
  const addresses = ["2001:db8:1234:5678:9abc:def0:1:2", "2001:db8:10:20::15"];

  it("never become another host's, though they look whole", () => {
    const listing = readNetstat(cut.split("\n"), own(...addresses));
    expect(
      listing.rows.map(({ local, localPort, remote, remotePort }) => [local, localPort, remote, remotePort]),
    ).toEqual([
      ["::", 80, "::", 0],
      ["2001:db8:10:20::15", 3306, "::", 0],
      ["2001:db8:1234:5678:9abc:def0:1:2", 65000, "::", 0],
      ["2001:db8:10:20::15", 59656, "2001:db8:10:20::15", 3306],
    ]);
    expect(listing.unsure).toBe(2);
  });

  it("are left out where BusyBox may have cut the port, too", () => {
    const busybox = `tcp        0      0 :::22                   :::*                    LISTEN      1301/dropbear
tcp        0      0 2001:db8:1234:5678:9012 :::*                    LISTEN      1402/uhttpd
tcp        0      0 2001:db8:1234:5678:9abc 2001:db8:aaaa:bbbb:1234 ESTABLISHED 1402/uhttpd`;
    const listing = readNetstat(busybox.split("\n"), own("2001:db8:1234:5678:9012::1"));
    expect(listing.rows).toHaveLength(1);
    expect(listing.unsure).toBe(2);
  });

  it("are no matter where the listing is wide", () => {
    const wide = `tcp6       0      0 2001:db8:1:2:3:4:5:6:22 :::*                    LISTEN      1/sshd              
tcp6       0      0 2001:db8:1234:5678:9abc:def0:1:2:22 2001:db8:10:20::1:59656 ESTABLISHED 1/sshd: root        `;
    expect(ends(wide)).toHaveLength(2);
  });
});

it("ip addr is read with bridges, labels, peers and -o", () => {
  const text = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
3: docker0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0
7: veth12ab@if6: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master docker0
    inet6 fe80::1/64 scope link 
8: tun0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1500
    inet 10.8.0.1 peer 10.8.0.2/32 scope global tun0
9: eth0    inet 10.0.0.20/24 brd 10.0.0.255 scope global secondary dynamic eth0:1\\       valid_lft forever`;
  expect(readAddresses(text.split("\n")).map((own) => `${own.interface} ${own.address} ${own.scope}`)).toEqual([
    "lo 127.0.0.1 host",
    "docker0 172.17.0.1 global",
    "veth12ab fe80::1 link",
    "tun0 10.8.0.1 global",
    "eth0 10.0.0.20 global",
  ]);
});
