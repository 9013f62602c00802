/** What the monitoring of the demo's shop checks. */
import { compareIds } from "../../model/compare.ts";
import type { SiteCheck } from "./site.ts";

/** All service checks of the shop, by host and name. */
export function shopChecks(): SiteCheck[] {
  const fine = CHECKS.map(([on, check, command, output, perfdata]) => ({
    ...{ host: on, check, command, output, perfdata },
    state: "OK" as const,
  }));
  return [...fine, ...NOISE].sort((a, b) => compareIds(a.host, b.host) || compareIds(a.check, b.check));
}

const HTTP_OK = "HTTP OK: HTTP/1.1 200 OK - {4200-4900} bytes in 0.0{20-60} second response time";
const HTTP_PERF = "time=0.0{20-60}s;;;0.000000;10.000000 size={4200-4900}B;;;0";
const TCP_PERF = "time=0.000{200-600}s;;;0.000000;10.000000";

const CHECKS: readonly (readonly [host: string, check: string, command: string, output: string, perfdata: string])[] = [
  [
    "gw01",
    "PING",
    "check_ping!100.0,20%!500.0,60%",
    "PING OK - Packet loss = 0%, RTA = 0.{10-40} ms",
    "rta=0.{10-40}ms;100;500;0 pl=0%;20;60;0",
  ],
  ["lb01", "HTTPS", "check_https!-H shop.example.com -u /", HTTP_OK, HTTP_PERF],
  [
    "lb01",
    "HAProxy stats",
    "check_tcp!8404",
    "TCP OK - 0.00{1-4} second response time on 10.20.0.10 port 8404",
    TCP_PERF,
  ],
  ["web01", "HTTP", "check_http!-u /health", HTTP_OK, HTTP_PERF],
  [
    "web01",
    "Disk /",
    "check_nrpe!check_disk",
    "DISK OK - free space: / 14{200-400} MB (71% inode=93%):",
    "/=5{100-300}MB;16384;18432;0;20480",
  ],
  ["web02", "HTTP", "check_http!-u /health", HTTP_OK, HTTP_PERF],
  ["app01", "Shop API", "check_http!-p 8080 -u /api/health", HTTP_OK, HTTP_PERF],
  ["app01", "Checkout", "check_http!-p 8081 -u /checkout/health", HTTP_OK, HTTP_PERF],
  [
    "app01",
    "Load",
    "check_nrpe!check_load",
    "OK - load average: 0.{20-60}, 0.{20-60}, 0.{20-60}",
    "load1=0.{20-60};8.000;12.000;0;",
  ],
  ["app02", "Shop API", "check_http!-p 8080 -u /api/health", HTTP_OK, HTTP_PERF],
  ["app02", "Checkout", "check_http!-p 8081 -u /checkout/health", HTTP_OK, HTTP_PERF],
  [
    "app02",
    "Load",
    "check_nrpe!check_load",
    "OK - load average: 0.{20-60}, 0.{20-60}, 0.{20-60}",
    "load1=0.{20-60};8.000;12.000;0;",
  ],
  [
    "db01",
    "MySQL",
    "check_mysql!nagios",
    "Uptime: 1{200000-290000}  Threads: {40-60}  Questions: 98{10000-99999}  Slow queries: 12  Opens: 4211  Flush tables: 3  Open tables: 2000  Queries per second avg: 312.{100-999}",
    "Connections=33{1000-9999}c;;; Threads_connected={40-60};;;",
  ],
  [
    "db01",
    "Disk /var/lib/mysql",
    "check_nrpe!check_disk_mysql",
    "DISK OK - free space: /var/lib/mysql 204{100-900} MB (52% inode=99%):",
    "/var/lib/mysql=1881{10-99}MB;320000;360000;0;400000",
  ],
  [
    "db02",
    "MySQL",
    "check_mysql!nagios",
    "Uptime: 1{200000-290000}  Threads: {10-14}  Questions: 12{10000-99999}  Slow queries: 2  Opens: 811  Flush tables: 3  Open tables: 1200  Queries per second avg: 48.{100-999}",
    "Connections=31{100-999}c;;; Threads_connected={10-14};;;",
  ],
  [
    "db02",
    "MySQL replication",
    "check_mysql!nagios!-S",
    "Slave IO: Yes Slave SQL: Yes Seconds Behind Master: {0-1}",
    "'seconds behind master'={0-1}s;60;300;",
  ],
  ["cache01", "Redis", "check_tcp!6379", "TCP OK - 0.00{1-4} second response time on 10.20.0.41 port 6379", TCP_PERF],
  ["cache01", "Memory", "check_nrpe!check_mem", "OK - {51-59}% of memory used", "used={51-59}%;90;95;0;100"],
  ["mq01", "RabbitMQ", "check_tcp!5672", "TCP OK - 0.00{1-4} second response time on 10.20.0.42 port 5672", TCP_PERF],
  ["mq01", "RabbitMQ management", "check_http!-p 15672", HTTP_OK, HTTP_PERF],
  ["search01", "Elasticsearch", "check_http!-p 9200 -u /_cluster/health", HTTP_OK, HTTP_PERF],
  ["search01", "Kibana", "check_http!-p 5601 -u /api/status", HTTP_OK, HTTP_PERF],
  ["mail01", "SMTP", "check_smtp!-p 587", "SMTP OK - 0.0{10-30} sec. response time", "time=0.0{10-30}s;;;0.000000"],
  ["backup01", "rsync", "check_tcp!873", "TCP OK - 0.00{1-4} second response time on 10.20.0.61 port 873", TCP_PERF],
  ["mon01", "HTTP", "check_http!-u /nagios4/", HTTP_OK, HTTP_PERF],
  ["mon01", "Metabase", "check_http!-p 3000 -u /api/health", HTTP_OK, HTTP_PERF],
  [
    "mon01",
    "NTP",
    "check_ntp_time!0.pool.ntp.org",
    "NTP OK: Offset 0.000{100-900} secs",
    "offset=0.000{100-900}s;60.000000;120.000000;",
  ],
  [
    "lb01",
    "Certificate",
    "check_https!-H shop.example.com -C 21,7",
    "OK - Certificate 'shop.example.com' will expire in {60-61} days.",
    "",
  ],
];

/** What is always wrong somewhere, and has nothing to do with the incident. */
const NOISE: readonly SiteCheck[] = [
  {
    host: "web02",
    check: "Disk /",
    command: "check_nrpe!check_disk",
    state: "WARNING",
    output: "DISK WARNING - free space: / 2{100-190} MB (11% inode=88%):",
    perfdata: "/=17{800-900}MB;16384;18432;0;20480",
  },
  {
    host: "mail01",
    check: "Mail queue",
    command: "check_nrpe!check_mailq",
    state: "WARNING",
    output: "WARNING: mailq is {52-58} (threshold w = 50)",
    perfdata: "unsent={52-58};50;200;0",
    acknowledged: "Provider throttles us; ticket 4711",
  },
  {
    host: "backup01",
    check: "Backup age",
    command: "check_nrpe!check_backup_age",
    state: "CRITICAL",
    output: "CRITICAL - last backup is {37-38} hours old",
    perfdata: "age={37-38}h;26;36;0",
  },
];
