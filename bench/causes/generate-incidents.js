/**
 * Made-up incidents whose cause is known, since it is made first and everything else follows from it.
 *
 * A site has a balancer, web servers, groups of applications with one to three instances, shared databases, caches and
 * queues, and beside it another site with the same parts. One part breaks; what needs it and has no other instance left
 * breaks too, hop by hop. Checks notice late, some of them with a WARNING only, some never; some services have no check,
 * some hosts no agent, and problems that have nothing to do with it lie about.
 */

/** Unix seconds at which the incidents are looked at. */
export const LOOKED_AT = 1_795_348_800;

const BACKENDS = [
  { kind: "mysql", process: "mysqld", port: 3306, check: "MySQL", command: "check_mysql" },
  { kind: "pgsql", process: "postgres", port: 5432, check: "PostgreSQL", command: "check_pgsql" },
  { kind: "redis", process: "redis-server", port: 6379, check: "Redis", command: "check_tcp!6379" },
  { kind: "rabbit", process: "beam.smp", port: 5672, check: "RabbitMQ", command: "check_tcp!5672" },
  { kind: "ldap", process: "slapd", port: 389, check: "LDAP", command: "check_ldap" },
  { kind: "search", process: "java", port: 9200, check: "Elasticsearch", command: "check_http!-p 9200" },
];
const APPLICATIONS = [
  { process: "java", port: 8080 },
  { process: "node", port: 3000 },
  { process: "gunicorn", port: 8000 },
  { process: "php-fpm", port: 9000 },
  { process: "uwsgi", port: 3031 },
];
const HOST_CHECKS = ["Disk /", "Load", "NTP", "Swap", "Updates", "Memory", "Zombies"];

/** A repeatable source of chance (mulberry32). */
function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low, high) => low + Math.floor(next() * (high - low + 1));
  return { happens: (share) => next() < share, between, pick: (list) => list[between(0, list.length - 1)] };
}

/** As many incidents as asked for; the same seed makes the same ones. */
export function generateIncidents(seed, count) {
  const luck = chance(seed);
  const incidents = [];
  while (incidents.length < count) {
    const incident = oneIncident(luck);
    if (incident !== undefined) {
      incidents.push(incident);
    }
  }
  return incidents;
}

/** Undefined where what broke did not reach the front. */
function oneIncident(luck) {
  const site = [...buildSite(luck, "", 10), ...(luck.happens(0.5) ? buildSite(luck, "x", 20) : [])];
  const front = site[0];
  const parts = site.filter((part) => part !== front && coneOf(front, site).has(part));
  const cause = luck.pick(parts);
  const kind = kindOf(luck);
  const broken = breakIt(cause, site);
  if (!broken.has(front)) {
    return undefined;
  }
  const checks = [...alerts(luck, broken, kind, front), ...noise(luck, site, broken)];
  const host = cause.host;
  const causes = { crash: cause.check, host: null, disk: "Disk /var" };
  return {
    hosts: describeHosts(luck, site),
    checks: withQuietOnes(checks, site),
    ask: { host: front.host, check: front.check },
    cause: { host, check: causes[kind] },
  };
}

function kindOf(luck) {
  if (luck.happens(0.15)) {
    return "host";
  }
  return luck.happens(0.08) ? "disk" : "crash";
}

/** All instances: each a host with one service, and the groups of instances it needs. */
function buildSite(luck, prefix, net) {
  const site = [];
  const group = (name, size, facts, needs) => {
    const members = Array.from({ length: size }, (_, i) => {
      const host = `${prefix}${name}${String(i + 1).padStart(2, "0")}`;
      const ip = `10.${net}.${Math.floor(site.length / 200)}.${(site.length % 200) + 10 + i}`;
      return { host, ip, needs, quiet: luck.happens(0.25), ...facts };
    });
    site.push(...members);
    return members;
  };
  const backends = BACKENDS.filter(() => luck.happens(0.6)).map((facts) =>
    group(facts.kind, luck.happens(0.75) ? 1 : 2, facts, []),
  );
  if (backends.length === 0) {
    backends.push(group("mysql", 1, BACKENDS[0], []));
  }
  const low = applications(luck, "svc", luck.between(1, 3), group, backends);
  const high = applications(luck, "app", luck.between(1, 3), group, [...backends, ...low]);
  const http = { check: "HTTP", command: "check_http" };
  const web = group("web", luck.between(1, 3), { process: "nginx", port: 80, ...http }, high);
  const front = group("lb", 1, { process: "haproxy", port: 443, check: "HTTPS", command: "check_http!-S" }, [web]);
  front[0].quiet = false;
  return [front[0], ...site.filter((part) => part !== front[0])];
}

function applications(luck, name, count, group, below) {
  return Array.from({ length: count }, (_, i) => {
    const facts = luck.pick(APPLICATIONS);
    const needs = below.filter(() => luck.happens(0.5));
    const check = { check: `Port ${facts.port}`, command: `check_tcp!${facts.port}` };
    const wanted = needs.length === 0 ? [luck.pick(below)] : needs;
    return group(`${name}${String.fromCharCode(97 + i)}`, luck.between(1, 3), { ...facts, ...check }, wanted);
  });
}

function coneOf(front) {
  const cone = new Set([front]);
  const queue = [front];
  for (let part = queue.pop(); part !== undefined; part = queue.pop()) {
    for (const needed of part.needs.flat().filter((one) => !cone.has(one))) {
      cone.add(needed);
      queue.push(needed);
    }
  }
  return cone;
}

/** What breaks with the cause, with its distance; groups of which one instance is left only slow down. */
function breakIt(cause, site) {
  const broken = new Map([[cause, { hops: 0, slow: false }]]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const part of site.filter((one) => !broken.has(one))) {
      const hit = part.needs.filter((group) => group.some((one) => broken.has(one)));
      const lost = hit.filter((group) => group.every((one) => broken.has(one) && !broken.get(one).slow));
      if (hit.length > 0) {
        const hops = 1 + Math.min(...hit.flat().map((one) => broken.get(one)?.hops ?? 99));
        broken.set(part, { hops, slow: lost.length === 0 });
        grown = true;
      }
    }
  }
  return broken;
}

/** What the monitoring says of the broken parts; a slowed one is a WARNING, and as often nothing is seen of it. */
function alerts(luck, broken, kind, front) {
  const began = LOOKED_AT - luck.between(600, 1800);
  const checks = [];
  for (const [part, { hops, slow }] of broken) {
    const isCause = hops === 0;
    const silent = !isCause && part !== front && (part.quiet || luck.happens(slow ? 0.5 : 0.05));
    if (!silent) {
      const since = began + hops * luck.between(0, 20) + luck.between(0, luck.pick([60, 60, 120, 300]));
      const state = slow
        ? "WARNING"
        : luck.pick(isCause ? ["CRITICAL"] : [...Array(8).fill("CRITICAL"), "WARNING", "UNKNOWN"]);
      const stateType = luck.happens(0.15) ? "SOFT" : "HARD";
      checks.push({ host: part.host, check: part.check, state, stateType, since, command: part.command });
      if (isCause && kind === "host") {
        checks.push({ ...checks.pop(), since: since + luck.between(0, 90) });
        checks.push({ host: part.host, check: null, state: "DOWN", stateType: "HARD", since, command: null });
      }
      if (isCause && kind === "disk") {
        const earlier = since - luck.between(60, 600);
        checks.push({
          host: part.host,
          check: "Disk /var",
          state: "CRITICAL",
          stateType: "HARD",
          since: earlier,
          command: "check_disk",
        });
      }
    }
  }
  return checks;
}

/** Problems of other origin: of hosts as such, and false alarms of services that are well. */
function noise(luck, site, broken) {
  const when = () => LOOKED_AT - (luck.happens(0.3) ? luck.between(0, 3600) : luck.between(3600, 30 * 86_400));
  const checks = Array.from({ length: luck.between(1, 5) }, () => {
    const state = luck.pick(["WARNING", "WARNING", "CRITICAL"]);
    return {
      host: luck.pick(site).host,
      check: luck.pick(HOST_CHECKS),
      state,
      stateType: "HARD",
      since: when(),
      command: null,
    };
  });
  const well = site.filter((part) => !broken.has(part) && !part.quiet);
  for (let i = luck.between(0, 3); i > 0 && well.length > 0; i -= 1) {
    const { host, check, command } = luck.pick(well);
    const state = luck.pick(["WARNING", "UNKNOWN", "CRITICAL"]);
    checks.push({ host, check, state, stateType: luck.pick(["HARD", "SOFT"]), since: when(), command });
  }
  return checks;
}

/** The checks that are well, too: each host's own, and those of services that have one. */
function withQuietOnes(checks, site) {
  const key = ({ host, check }) => `${host}\n${check}`;
  const all = new Map();
  for (const part of site) {
    const calm = { stateType: "HARD", since: LOOKED_AT - 30 * 86_400 };
    all.set(key({ host: part.host, check: null }), {
      host: part.host,
      check: null,
      state: "UP",
      command: null,
      ...calm,
    });
    if (!part.quiet) {
      all.set(key(part), { host: part.host, check: part.check, state: "OK", command: part.command, ...calm });
    }
  }
  for (const check of checks) {
    all.set(key(check), check);
  }
  return [...all.values()];
}

/** What the agents tell; one in seven hosts has none. */
function describeHosts(luck, site) {
  const clients = new Map(site.map((part) => [part, site.filter((one) => one.needs.flat().includes(part))]));
  return site.map((part) => {
    const { host: name, ip, process, port } = part;
    if (luck.happens(1 / 7)) {
      return { name, ips: [ip], listeners: [], connections: [] };
    }
    const out = part.needs.flat().map((to) => ({
      ...{
        direction: "out",
        process,
        remoteAddress: to.ip,
        remotePort: to.port,
        localPort: null,
        count: luck.between(1, 20),
      },
    }));
    const accepted = clients.get(part).map((from) => ({
      ...{
        direction: "in",
        process,
        remoteAddress: from.ip,
        remotePort: null,
        localPort: port,
        count: luck.between(1, 20),
      },
    }));
    const listeners = [
      { proto: "tcp", address: "0.0.0.0", port, process },
      { proto: "tcp", address: "0.0.0.0", port: 22, process: "sshd" },
    ];
    return { name, ips: [ip], listeners, connections: [...out, ...accepted] };
  });
}
