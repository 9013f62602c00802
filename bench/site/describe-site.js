/** What the generated site consists of: hosts, their checks, and how things stand at one tick. */

/** Seconds between two writes of the status file. */
export const TICK_SECONDS = 10;
const DEFAULTS = { seed: 1, tick: 0, churn: 0.01, problems: 0.05, created: 1_795_000_000 };

const ROLES = ["api", "cache", "db", "files", "gate", "mail", "queue", "web"];
/** Where hosts stand; each place is a host group. */
export const PLACES = ["aachen", "bergen", "cluj", "dublin", "évora", "gdańsk"];

/** What a host is checked for: name, command with arguments, and what its plugin prints. */
const CHECKS = [
  [
    "Current Load",
    "check_nrpe!check_load",
    (v) => [`load average: ${v(9)}.${v(90) + 10}`, `load1=${v(9)}.${v(90) + 10};15;30;0;`],
  ],
  [
    "Disk space /",
    "check_nrpe!check_disk!-p /",
    (v) => [`free space: / ${v(90000)} MiB (${v(99)}% inode=${v(99)}%);`, `/=${v(90000)}MiB;80000;90000;0;99999`],
  ],
  [
    "Erreichbarkeit / Ping",
    "check_ping!100.0,20%!500.0,60%",
    (v) => [
      `Packet loss = 0%, RTA = ${v(99)}.${v(90) + 10} ms`,
      `rta=${v(99)}.${v(90) + 10}0000ms;100.000000;500.000000;0.000000 pl=0%;20;60;0`,
    ],
  ],
  [
    "HTTP",
    "check_http!-p 80 -u /health",
    (v) => [
      `HTTP/1.1 200 OK - ${v(9000) + 500} bytes in 0.${v(900) + 100} second response time`,
      `time=0.${v(900) + 100}s;;;0.000000;10.000000 size=${v(9000) + 500}B;;;0`,
    ],
  ],
  [
    "MySQL",
    "check_mysql!3306",
    (v) => [`Uptime: ${v(9_000_000)}  Threads: ${v(90)}  Questions: ${v(900_000)}`, `connections=${v(90)}`],
  ],
  [
    "NTP offset",
    "check_ntp_time!0.5!1",
    (v) => [`Offset -0.00${v(900) + 100} secs`, `offset=-0.00${v(900) + 100}s;0.500000;1.000000;`],
  ],
  [
    "Redis",
    "check_tcp!6379",
    (v) => [`0.00${v(9)} second response time on port 6379`, `time=0.00${v(900) + 100}s;;;0.000000;10.000000`],
  ],
  ["SSH", "check_ssh!-p 22", () => ["OpenSSH_9.2p1 Debian-2 (protocol 2.0)", ""]],
  [
    "Swap",
    "check_nrpe!check_swap",
    (v) => [`${v(99)}% free (${v(4000)} MB out of 4095 MB)`, `swap=${v(4000)}MB;800;400;0;4095`],
  ],
  ["Total processes", "check_nrpe!check_procs", (v) => [`${v(900)} processes`, `procs=${v(900)};1000;1500;0;`]],
];
/**
 * The site at one tick.
 *
 * @param {import("../generate-site.js").SiteOptions} options
 */
export function describeSite(options) {
  const settings = { ...DEFAULTS, ...options };
  const random = coordinates(settings.seed);
  const created = settings.created + settings.tick * TICK_SECONDS;
  const hosts = Array.from({ length: settings.hosts }, (_, number) => {
    const pick = (list, salt) => list[Math.floor(random(number, salt, 0) * list.length)];
    const place = pick(PLACES, 1);
    const name = `${place}-${pick(ROLES, 2)}-${String(number).padStart(5, "0")}`;
    return { number, name, place, parent: number === 0 ? null : number - (number % 40 === 0 ? number : number % 40) };
  });
  const names = hosts.map((host) => host.name);
  hosts.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const checks = Array.from({ length: settings.services }, (_, number) => {
    const known = CHECKS[number % CHECKS.length];
    const name = number < CHECKS.length ? known[0] : `${known[0]} ${Math.floor(number / CHECKS.length) + 1}`;
    return { number, name, command: known[1], says: known[2] };
  });
  checks.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  return { ...settings, random, created, hosts, names, checks, failing: 0, notes: [] };
}

/** Numbers in [0, 1) that depend on the seed and three coordinates only. */
function coordinates(seed) {
  return (a, b, c) => {
    let x = Math.imul(seed + 0x7f4a7c15, 0x9e3779b1) ^ Math.imul(a + 1, 0x85ebca77) ^ Math.imul(b + 1, 0xc2b2ae3d);
    x = Math.imul(x ^ Math.imul(c + 1, 0x27d4eb2f) ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** State of a service at the site's tick: which result it is on, and when that came. */
export function serviceNow(site, host, check) {
  const place = host.number * 1000 + check.number;
  const period = Math.max(1, Math.round(1 / Math.max(site.churn, 1e-6)));
  const offset = Math.floor(site.random(place, 11, 0) * period);
  const result = Math.floor((site.tick + offset) / period);
  const roll = site.random(place, 12, result) / site.problems;
  const state = roll >= 1 ? 0 : 1 + Math.floor(roll * 3);
  const at = site.created - (site.tick + offset - result * period) * TICK_SECONDS;
  return { place, state, result, checkedAt: result === 0 ? site.created - site.tick * TICK_SECONDS - offset : at };
}
