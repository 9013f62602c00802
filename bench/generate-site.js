/**
 * Writes a made-up monitoring site as Nagios 4.4.6 would: status.dat, and objects.cache where wanted.
 *
 * Seeded: the same options give the same bytes. Tick k is the k-th state of one site: `churn` of its services got a
 * new result since tick k-1, everything else is as it was but for `last_update`, which Nagios renews in every block.
 *
 *   node bench/generate-site.js --hosts 10000 --services 10 --status /tmp/status.dat [--objects /tmp/objects.cache]
 *        [--seed 1] [--tick 0] [--churn 0.01] [--problems 0.05] [--created 1795000000]
 */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";

/**
 * @typedef {object} SiteOptions
 * @property {number} hosts
 * @property {number} services services of each host
 * @property {string} status where status.dat goes; replaced by rename
 * @property {string} [objects] where objects.cache goes; not written where absent
 * @property {number} [seed]
 * @property {number} [tick]
 * @property {number} [churn] share of services with a new result at each tick, 0 to 1
 * @property {number} [problems] share of services that are not OK
 * @property {number} [created] Unix seconds of tick 0; a tick is 10 s
 */

const TICK_SECONDS = 10;
const DEFAULTS = { seed: 1, tick: 0, churn: 0.01, problems: 0.05, created: 1_795_000_000 };

const ROLES = ["api", "cache", "db", "files", "gate", "mail", "queue", "web"];
const PLACES = ["aachen", "bergen", "cluj", "dublin", "évora", "gdańsk"];

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
const WORDS = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const LONG = "eth0: 1 Gbit/s\\neth1: no carrier\\nC:\\\\Daten <b>42</b> GB; half full";

/**
 * Writes the files of one tick.
 * @param {SiteOptions} options
 * @returns {{bytes: number, problems: number, created: number}}
 */
export function writeSite(options) {
  const site = describeSite(options);
  if (options.objects !== undefined) {
    replaceFile(options.objects, (write) => writeObjects(site, write));
  }
  const bytes = replaceFile(options.status, (write) => writeStatus(site, write));
  return { bytes, problems: site.failing, created: site.created };
}

function describeSite(options) {
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
function serviceNow(site, host, check) {
  const place = host.number * 1000 + check.number;
  const period = Math.max(1, Math.round(1 / Math.max(site.churn, 1e-6)));
  const offset = Math.floor(site.random(place, 11, 0) * period);
  const result = Math.floor((site.tick + offset) / period);
  const roll = site.random(place, 12, result) / site.problems;
  const state = roll >= 1 ? 0 : 1 + Math.floor(roll * 3);
  const at = site.created - (site.tick + offset - result * period) * TICK_SECONDS;
  return { place, state, result, checkedAt: result === 0 ? site.created - site.tick * TICK_SECONDS - offset : at };
}

function writeStatus(site, write) {
  write(`########################################
#          NAGIOS STATUS FILE
#
# THIS FILE IS AUTOMATICALLY GENERATED
# BY NAGIOS.  DO NOT MODIFY THIS FILE!
########################################

`);
  block(write, "info", {
    created: site.created,
    version: "4.4.6",
    last_update_check: 0,
    update_available: 0,
    last_version: "",
    new_version: "",
  });
  block(write, "programstatus", programStatus(site));
  for (const host of site.hosts) {
    write(hostBlock(site, host));
  }
  for (const host of site.hosts) {
    for (const check of site.checks) {
      write(serviceBlock(site, host, check));
    }
  }
  block(write, "contactstatus", {
    contact_name: "oncall",
    modified_attributes: 0,
    host_notification_period: "24x7",
    service_notification_period: "24x7",
    last_host_notification: 0,
    last_service_notification: 0,
    host_notifications_enabled: 1,
    service_notifications_enabled: 1,
  });
  for (const [kind, fields] of site.notes.toSorted(
    (a, b) => Number(a[0].endsWith("downtime")) - Number(b[0].endsWith("downtime")),
  )) {
    block(write, kind, fields);
  }
}

function programStatus(site) {
  return {
    modified_host_attributes: 0,
    modified_service_attributes: 0,
    nagios_pid: 4711,
    daemon_mode: 1,
    program_start: site.created - site.tick * TICK_SECONDS - 86_400,
    last_log_rotation: 0,
    enable_notifications: 1,
    active_service_checks_enabled: 1,
    passive_service_checks_enabled: 1,
    active_host_checks_enabled: 1,
    passive_host_checks_enabled: 1,
    enable_event_handlers: 1,
    obsess_over_services: 0,
    obsess_over_hosts: 0,
    check_service_freshness: 1,
    check_host_freshness: 0,
    enable_flap_detection: 1,
    process_performance_data: 0,
    global_host_event_handler: "",
    global_service_event_handler: "",
    next_comment_id: 1,
    next_downtime_id: 1,
    next_event_id: 1,
    next_problem_id: 1,
    next_notification_id: 1,
  };
}

function hostBlock(site, host) {
  const roll = site.random(host.number, 21, 0);
  const state = host.number !== 0 && roll < 0.004 ? 1 + Math.floor(roll * 500) : 0;
  const pending = host.number !== 0 && roll > 0.998;
  const acknowledged = state === 1 && roll < 0.001 ? 1 : 0;
  const downtime = state === 2 && roll > 0.003 ? 1 : 0;
  const checked = site.created - site.tick * TICK_SECONDS - Math.floor(roll * 300);
  const since = pending ? 0 : checked - 3600;
  note(site, host.name, null, acknowledged, downtime);
  return text("hoststatus", {
    host_name: host.name,
    modified_attributes: 0,
    check_command: "check-host-alive",
    check_period: "24x7",
    notification_period: "24x7",
    importance: 0,
    check_interval: "5.000000",
    retry_interval: "1.000000",
    event_handler: "",
    has_been_checked: pending ? 0 : 1,
    should_be_scheduled: 1,
    check_execution_time: pending ? "0.000" : `4.${100 + Math.floor(roll * 900)}`,
    check_latency: "0.000",
    check_type: 0,
    current_state: pending ? 0 : state,
    last_hard_state: pending ? 0 : state,
    last_event_id: 0,
    current_event_id: 0,
    current_problem_id: 0,
    last_problem_id: 0,
    plugin_output: pending ? "" : hostOutput(state, roll),
    long_plugin_output: "",
    performance_data: pending
      ? ""
      : `rta=${(roll * 40).toFixed(6)}ms;3000.000000;5000.000000;0.000000 pl=${state === 0 ? 0 : 100}%;80;100;0`,
    last_check: pending ? 0 : checked,
    next_check: checked + 300,
    check_options: 0,
    current_attempt: state === 0 ? 1 : 10,
    max_attempts: 10,
    state_type: 1,
    last_state_change: since,
    last_hard_state_change: since,
    last_time_up: state === 0 && !pending ? checked : 0,
    last_time_down: state === 1 ? checked : 0,
    last_time_unreachable: state === 2 ? checked : 0,
    last_notification: 0,
    next_notification: 0,
    no_more_notifications: 0,
    current_notification_number: 0,
    current_notification_id: 0,
    notifications_enabled: 1,
    problem_has_been_acknowledged: acknowledged,
    acknowledgement_type: acknowledged,
    active_checks_enabled: 1,
    passive_checks_enabled: 1,
    event_handler_enabled: 1,
    flap_detection_enabled: 1,
    process_performance_data: 1,
    obsess: 1,
    last_update: site.created,
    is_flapping: 0,
    percent_state_change: "0.00",
    scheduled_downtime_depth: downtime,
    _PLACE: `0;${host.place}`,
    _RACK: `0;row ${host.number % 30}`,
  });
}

function hostOutput(state, roll) {
  const words = [
    `PING OK - Packet loss = 0%, RTA = ${(roll * 40).toFixed(2)} ms`,
    "PING CRITICAL - Packet loss = 100%",
    "Net unreachable",
  ];
  return words[state];
}

function serviceBlock(site, host, check) {
  const { place, state: rolled, result, checkedAt } = serviceNow(site, host, check);
  const roll = site.random(place, 31, 0);
  const pending = roll < 0.001;
  const state = pending ? 0 : rolled;
  const checked = pending ? 0 : checkedAt;
  const soft = state !== 0 && result > 0 && site.random(place, 32, result) < 0.2;
  const acknowledged = state !== 0 && !soft && site.random(place, 33, result) < 0.15 ? 1 : 0;
  const downtime = state !== 0 && site.random(place, 34, result) < 0.05 ? 1 : 0;
  const flapping = !pending && roll > 0.999 ? 1 : 0;
  let salt = 0;
  const value = (below) => Math.floor(site.random(place, 40 + salt++, result) * below);
  const [says, data] = check.says(value);
  const long = roll > 0.5 && roll < 0.53 ? LONG : "";
  site.failing += state === 0 ? 0 : 1;
  note(site, host.name, check.name, acknowledged, downtime);
  return text("servicestatus", {
    host_name: host.name,
    service_description: check.name,
    modified_attributes: 0,
    check_command: check.command,
    check_period: "24x7",
    notification_period: "24x7",
    importance: 0,
    check_interval: "5.000000",
    retry_interval: "1.000000",
    event_handler: "",
    has_been_checked: pending ? 0 : 1,
    should_be_scheduled: 1,
    check_execution_time: pending ? "0.000" : `0.${100 + value(900)}`,
    check_latency: pending ? "0.000" : `0.${100 + value(900)}`,
    check_type: 0,
    current_state: state,
    last_hard_state: soft ? 0 : state,
    last_event_id: 0,
    current_event_id: state === 0 ? 0 : place,
    current_problem_id: state === 0 ? 0 : place,
    last_problem_id: 0,
    current_attempt: state === 0 || soft ? 1 : 3,
    max_attempts: 3,
    state_type: soft ? 0 : 1,
    last_state_change: pending ? 0 : checked - (soft ? 0 : 120),
    last_hard_state_change: pending ? 0 : checked - (soft ? 3600 : 0),
    last_time_ok: state === 0 ? checked : 0,
    last_time_warning: state === 1 ? checked : 0,
    last_time_unknown: state === 3 ? checked : 0,
    last_time_critical: state === 2 ? checked : 0,
    plugin_output: pending ? "" : `${check.name.toUpperCase()} ${WORDS[state]} - ${says.replaceAll(";", ":")}`,
    long_plugin_output: pending ? "" : long,
    performance_data: pending ? "" : data,
    last_check: checked,
    next_check: checked + 300,
    check_options: 0,
    current_notification_number: 0,
    current_notification_id: 0,
    last_notification: 0,
    next_notification: 0,
    no_more_notifications: 0,
    notifications_enabled: 1,
    active_checks_enabled: 1,
    passive_checks_enabled: 1,
    event_handler_enabled: 1,
    problem_has_been_acknowledged: acknowledged,
    acknowledgement_type: acknowledged * 2,
    flap_detection_enabled: 1,
    process_performance_data: 1,
    obsess: 1,
    last_update: site.created,
    is_flapping: flapping,
    percent_state_change: flapping === 1 ? "31.25" : "0.00",
    scheduled_downtime_depth: downtime,
  });
}

/** Remembers the comment or downtime that goes with a state, to be written at the end of the file. */
function note(site, host, check, acknowledged, downtime) {
  const of = check === null ? { host_name: host } : { host_name: host, service_description: check };
  const kind = check === null ? "host" : "service";
  const id = site.notes.length + 1;
  const entered = site.created - site.tick * TICK_SECONDS - 900;
  if (acknowledged > 0) {
    site.notes.push([
      `${kind}comment`,
      {
        ...of,
        entry_type: 4,
        comment_id: id,
        source: 0,
        persistent: 0,
        entry_time: entered,
        expires: 0,
        expire_time: 0,
        author: "oncall",
        comment_data: `Ticket #${id} = in work; see {wiki}`,
      },
    ]);
  }
  if (downtime > 0) {
    site.notes.push([
      `${kind}downtime`,
      {
        ...of,
        downtime_id: id,
        comment_id: id,
        entry_time: entered,
        start_time: entered,
        flex_downtime_start: 0,
        end_time: entered + 86_400,
        triggered_by: 0,
        fixed: 1,
        duration: 86_400,
        is_in_effect: 1,
        start_notification_sent: 1,
        author: "oncall",
        comment: "Planned work",
      },
    ]);
  }
}

function writeObjects(site, write) {
  write(
    "########################################\n#       NAGIOS OBJECT CACHE FILE\n#\n# THIS FILE IS AUTOMATICALLY GENERATED\n# BY NAGIOS.  DO NOT MODIFY THIS FILE!\n########################################\n\n",
  );
  define(write, "timeperiod", { timeperiod_name: "24x7", alias: "Always", monday: "00:00-24:00" });
  for (const command of new Set(["check-host-alive", ...site.checks.map((check) => check.command.split("!")[0])])) {
    define(write, "command", { command_name: command, command_line: `$USER1$/${command} $ARG1$ $ARG2$` });
  }
  for (const place of PLACES) {
    const members = site.hosts.filter((host) => host.place === place).map((host) => host.name);
    define(write, "hostgroup", {
      hostgroup_name: place,
      alias: `Hosts in ${place}`,
      ...(members.length > 0 && { members: members.join(",") }),
    });
  }
  for (const host of site.hosts) {
    define(write, "host", {
      host_name: host.name,
      alias: `Host ${host.number}`,
      address: `10.${host.number >> 16}.${(host.number >> 8) & 255}.${host.number & 255}`,
      ...(host.parent !== null && { parents: site.names[host.parent] }),
      check_period: "24x7",
      check_command: "check-host-alive",
      check_interval: "5.000000",
      retry_interval: "1.000000",
      max_check_attempts: 10,
      active_checks_enabled: 1,
      passive_checks_enabled: 1,
      notification_options: "r,d,u,f,s",
      action_url: "/dotm/graph?host=$HOSTNAME$",
      _PLACE: host.place,
      _RACK: `row ${host.number % 30}`,
    });
  }
  for (const host of site.hosts) {
    for (const check of site.checks) {
      define(write, "service", {
        host_name: host.name,
        service_description: check.name,
        check_period: "24x7",
        check_command: check.command,
        check_interval: "5.000000",
        retry_interval: "1.000000",
        max_check_attempts: 3,
        is_volatile: 0,
        active_checks_enabled: 1,
        passive_checks_enabled: 1,
        notification_options: "r,w,u,c,f,s",
        action_url: "/dotm/graph?host=$HOSTNAME$&srv=$SERVICEDESC$",
      });
    }
  }
}

function text(kind, fields) {
  let lines = `${kind} {\n`;
  for (const key in fields) {
    lines += `\t${key}=${fields[key]}\n`;
  }
  return `${lines}\t}\n\n`;
}

function block(write, kind, fields) {
  write(text(kind, fields));
}

function define(write, kind, fields) {
  write(
    `define ${kind} {\n${Object.entries(fields)
      .map(([key, value]) => `\t${key}\t${value}\n`)
      .join("")}\t}\n\n`,
  );
}

/** Writes to a file beside `path`, then renames it over `path`, as Nagios does. Returns the bytes written. */
function replaceFile(path, fill) {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, "w", 0o664);
  let waiting = [];
  let size = 0;
  let bytes = 0;
  const flush = () => {
    const chunk = Buffer.from(waiting.join(""));
    for (let done = 0; done < chunk.length; ) {
      done += writeSync(file, chunk, done);
    }
    bytes += chunk.length;
    waiting = [];
    size = 0;
  };
  fill((part) => {
    waiting.push(part);
    size += part.length;
    if (size > 4_000_000) {
      flush();
    }
  });
  flush();
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
  return bytes;
}

function main() {
  const number = (value) => (value === undefined ? undefined : Number(value));
  const text = { type: "string" };
  const { values } = parseArgs({
    options: {
      hosts: text,
      services: text,
      status: text,
      objects: text,
      seed: text,
      tick: text,
      churn: text,
      problems: text,
      created: text,
    },
  });
  if (values.status === undefined || !(Number(values.hosts) > 0)) {
    console.error(
      "usage: node bench/generate-site.js --hosts N --services M --status FILE [--objects FILE] [--seed N] [--tick N] [--churn SHARE] [--problems SHARE] [--created UNIX]",
    );
    process.exit(2);
  }
  const options = Object.entries({
    ...values,
    hosts: number(values.hosts),
    services: Number(values.services ?? 10),
    seed: number(values.seed),
    tick: number(values.tick),
    churn: number(values.churn),
    problems: number(values.problems),
    created: number(values.created),
  });
  const { bytes, problems, created } = writeSite(
    Object.fromEntries(options.filter(([, value]) => value !== undefined)),
  );
  console.log(`${values.status}: ${bytes} bytes, ${problems} service problems, created ${created}`);
}

if (process.argv[1]?.endsWith("generate-site.js")) {
  main();
}
