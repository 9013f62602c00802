/** A small web shop: fourteen hosts, thirty-one checks, and the usual disorder. */
import { shopChecks } from "./shop-checks.ts";
import type { Site, SiteHost, SiteLink, SiteProgram } from "./site.ts";

/** The shop's site. Everything needs the database in the end; a replica, a cache and a search engine stand beside it. */
export function shop(): Site {
  return { hosts: hosts(), links: links(), sockets: sockets(), outside: outside(), checks: shopChecks() };
}

function hosts(): SiteHost[] {
  return [
    // A router runs no agent: what lies beyond it is not known, and DOTM says so.
    { name: "gw01", alias: "Gateway", ips: ["10.20.0.1"], group: "network", parents: [], agent: false, programs: [] },
    host("lb01", "Load balancer", ["10.20.0.10", "2001:db8:20::10"], "frontend", [
      program("haproxy", "haproxy.service", 2, "*:80", "*:443", "10.20.0.10:8404"),
    ]),
    ...["1", "2"].map((n) =>
      host(`web0${n}`, `Web server ${n}`, [`10.20.0.1${n}`], "frontend", [
        program("nginx", "nginx.service", 5, "*:80"),
        program("php-fpm", "php8.2-fpm.service", 12),
      ]),
    ),
    ...["1", "2"].map((n) =>
      host(`app0${n}`, `Application server ${n}`, [`10.20.0.2${n}`], "application", [
        program("shop-api", "shop-api.service", 1, "*:8080"),
        program("checkout", "checkout.service", 2, "*:8081"),
      ]),
    ),
    host("db01", "Database, primary", ["10.20.0.31"], "databases", [program("mysqld", "mysql.service", 1, "*:3306")]),
    host("db02", "Database, replica", ["10.20.0.32"], "databases", [
      program("mysqld", "mysql.service", 1, "*:3306"),
      program("xtrabackup", "xtrabackup.service", 1),
    ]),
    host("cache01", "Cache", ["10.20.0.41"], "application", [
      program("redis-server", "redis-server.service", 1, "10.20.0.41:6379", "127.0.0.1:6379"),
      program("memcached", "memcached.service", 1, "10.20.0.41:11211"),
    ]),
    host("mq01", "Message queue", ["10.20.0.42"], "application", [
      program("beam.smp", "rabbitmq-server.service", 1, "*:5672", "*:15672"),
    ]),
    host("search01", "Search", ["10.20.0.43"], "application", [
      program("java", "elasticsearch.service", 1, "10.20.0.43:9200"),
      program("node", "kibana.service", 1, "*:5601"),
    ]),
    host("mail01", "Mail", ["10.20.0.51"], "office", [
      program("master", "postfix.service", 3, "*:25", "*:587"),
      program("order-mailer", "order-mailer.service", 1),
    ]),
    {
      ...host("backup01", "Backup", ["10.20.0.61"], "office", [program("rsync", "rsync.service", 1, "*:873")]),
      downtime: "Disks are being replaced",
    },
    host("mon01", "Monitoring", ["10.20.0.71"], "office", [
      program("nagios4", "nagios4.service", 4),
      program("apache2", "apache2.service", 6, "*:80"),
      program("java", "metabase.service", 1, "*:3000"),
      program("snmptrapd", "snmptrapd.service", 1, "udp:162"),
    ]),
  ];
}

function host(
  name: string,
  alias: string,
  ips: readonly string[],
  group: string,
  programs: readonly SiteProgram[],
): SiteHost {
  const sshd = program("sshd", "ssh.service", 1, "*:22");
  return { name, alias, ips, group, parents: ["gw01"], agent: true, programs: [...programs, sshd] };
}

function program(process: string, unit: string, instances: number, ...listens: readonly string[]): SiteProgram {
  return { process, unit, instances, listens: listens.map(listener) };
}

function listener(text: string) {
  const at = text.lastIndexOf(":");
  const address = text.slice(0, at);
  const proto = address === "udp" ? ("udp" as const) : ("tcp" as const);
  return {
    proto,
    address: address === "*" || address === "udp" ? "0.0.0.0" : address,
    port: Number(text.slice(at + 1)),
  };
}

const LINKS: readonly (readonly [from: string, to: string, count: number])[] = [
  ["lb01/haproxy", "web01:80", 24],
  ["lb01/haproxy", "web02:80", 23],
  ["lb01/haproxy", "app01:8081", 3],
  ["lb01/haproxy", "app02:8081", 3],
  ["web01/php-fpm", "app01:8080", 6],
  ["web01/php-fpm", "app02:8080", 6],
  ["web02/php-fpm", "app01:8080", 5],
  ["web02/php-fpm", "app02:8080", 7],
  ["web01/php-fpm", "cache01:6379", 12],
  ["web02/php-fpm", "cache01:6379", 12],
  ["web01/php-fpm", "cache01:11211", 2],
  ["web02/php-fpm", "cache01:11211", 2],
  ["app01/shop-api", "db01:3306", 20],
  ["app02/shop-api", "db01:3306", 20],
  ["app01/shop-api", "cache01:6379", 4],
  ["app02/shop-api", "cache01:6379", 4],
  ["app01/shop-api", "search01:9200", 3],
  ["app02/shop-api", "search01:9200", 3],
  ["app01/checkout", "db01:3306", 8],
  ["app02/checkout", "db01:3306", 8],
  ["app01/checkout", "mq01:5672", 2],
  ["app02/checkout", "mq01:5672", 2],
  ["db02/mysqld", "db01:3306", 1],
  ["db02/xtrabackup", "backup01:873", 1],
  ["mail01/order-mailer", "mq01:5672", 1],
  ["mail01/order-mailer", "mail01:587", 1],
  ["mon01/java", "db02:3306", 5],
  ["mon01/nagios4", "mail01:587", 1],
];

function links(): SiteLink[] {
  return LINKS.map(([from, to, count]) => ({ from, to, count }));
}

function sockets(): Site["sockets"] {
  const fpm = { path: "/run/php/php8.2-fpm.sock", client: "nginx", server: "php-fpm", count: 8 };
  return ["web01", "web02"].map((name) => ({ host: name, ...fpm }));
}

function outside(): Site["outside"] {
  const shoppers = ["198.51.100.17", "198.51.100.23", "203.0.113.5", "203.0.113.77", "2001:db8:ffff::42"];
  return [
    { host: "lb01", process: "haproxy", direction: "in", port: 443, addresses: shoppers },
    { host: "lb01", process: "haproxy", direction: "in", port: 80, addresses: ["203.0.113.99"] },
    { host: "app01", process: "checkout", direction: "out", port: 443, addresses: ["192.0.2.80"] },
    { host: "app02", process: "checkout", direction: "out", port: 443, addresses: ["192.0.2.80"] },
    // A desk of the office: inside our networks, but no host of the monitoring.
    { host: "mon01", process: "apache2", direction: "in", port: 80, addresses: ["10.20.9.17"] },
  ];
}
