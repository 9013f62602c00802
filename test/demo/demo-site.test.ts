import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPORT_SCHEMA, type Report } from "../../agent/report.ts";
import { readObjectCache } from "../../nagios/object-cache.ts";
import { StatusReader } from "../../nagios/status-dat.ts";
import { agentReport } from "../../src/demo/site/agent-report.ts";
import { objectsText } from "../../src/demo/site/objects-text.ts";
import { prepareDemoSite, runDemoSite } from "../../src/demo/site/run-demo-site.ts";
import { checkMoment, FIRST_PROBLEM, ROUND_SECONDS, type ScenarioName } from "../../src/demo/site/scenario.ts";
import { shop } from "../../src/demo/site/shop.ts";
import { statusText } from "../../src/demo/site/status-text.ts";

const START = 1_795_359_000;
const site = shop();

function statusAt(elapsed: number, scenario: ScenarioName = "cascade"): string {
  return statusText(site, { scenario, seed: 1, startedAt: START, now: START + elapsed });
}

/** Names of the fields of a status.dat written by Nagios Core 4.4.6, in its order. */
const GENUINE = {
  info: "created version last_update_check update_available last_version new_version",
  programstatus:
    "modified_host_attributes modified_service_attributes nagios_pid daemon_mode program_start last_log_rotation enable_notifications active_service_checks_enabled passive_service_checks_enabled active_host_checks_enabled passive_host_checks_enabled enable_event_handlers obsess_over_services obsess_over_hosts check_service_freshness check_host_freshness enable_flap_detection process_performance_data global_host_event_handler global_service_event_handler next_comment_id next_downtime_id next_event_id next_problem_id next_notification_id active_scheduled_host_check_stats active_ondemand_host_check_stats passive_host_check_stats active_scheduled_service_check_stats active_ondemand_service_check_stats passive_service_check_stats cached_host_check_stats cached_service_check_stats external_command_stats parallel_host_check_stats serial_host_check_stats",
  hoststatus:
    "host_name modified_attributes check_command check_period notification_period importance check_interval retry_interval event_handler has_been_checked should_be_scheduled check_execution_time check_latency check_type current_state last_hard_state last_event_id current_event_id current_problem_id last_problem_id plugin_output long_plugin_output performance_data last_check next_check check_options current_attempt max_attempts state_type last_state_change last_hard_state_change last_time_up last_time_down last_time_unreachable last_notification next_notification no_more_notifications current_notification_number current_notification_id notifications_enabled problem_has_been_acknowledged acknowledgement_type active_checks_enabled passive_checks_enabled event_handler_enabled flap_detection_enabled process_performance_data obsess last_update is_flapping percent_state_change scheduled_downtime_depth",
  servicestatus:
    "host_name service_description modified_attributes check_command check_period notification_period importance check_interval retry_interval event_handler has_been_checked should_be_scheduled check_execution_time check_latency check_type current_state last_hard_state last_event_id current_event_id current_problem_id last_problem_id current_attempt max_attempts state_type last_state_change last_hard_state_change last_time_ok last_time_warning last_time_unknown last_time_critical plugin_output long_plugin_output performance_data last_check next_check check_options current_notification_number current_notification_id last_notification next_notification no_more_notifications notifications_enabled active_checks_enabled passive_checks_enabled event_handler_enabled problem_has_been_acknowledged acknowledgement_type flap_detection_enabled process_performance_data obsess last_update is_flapping percent_state_change scheduled_downtime_depth",
  hostcomment: "host_name entry_type comment_id source persistent entry_time expires expire_time author comment_data",
  hostdowntime:
    "host_name downtime_id comment_id entry_time start_time flex_downtime_start end_time triggered_by fixed duration is_in_effect start_notification_sent author comment",
} as const;

interface Block {
  readonly type: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Reads blocks as Nagios' CGIs do (xdata/xsddefault.c): refuses every line that is none of theirs. */
function blocks(text: string, opening: RegExp, field: RegExp): Block[] {
  const found: Block[] = [];
  let open: { type: string; fields: Map<string, string> } | undefined;
  for (const line of text.split("\n")) {
    const start = opening.exec(line)?.[1];
    const [, name, value] = field.exec(line) ?? [];
    if (start !== undefined && open === undefined) {
      open = { type: start, fields: new Map() };
    } else if (line === "\t}" && open !== undefined) {
      found.push(open);
      open = undefined;
    } else if (open !== undefined && name !== undefined && value !== undefined) {
      expect(open.fields.has(name), `${name} twice in ${open.type}`).toBe(false);
      open.fields.set(name, value);
    } else if (line !== "" && !line.startsWith("#")) {
      throw new Error(`not a line of Nagios: ${line}`);
    }
  }
  expect(open).toBeUndefined();
  return found;
}

const statusBlocks = (text: string) => blocks(text, /^(\w+) \{$/, /^\t(\w+)=(.*)$/);
const objectBlocks = (text: string) => blocks(text, /^define (\w+) \{$/, /^\t(\w+)\t(.*)$/);
const ofType = (all: readonly Block[], type: string) => all.filter((block) => block.type === type);

function check(elapsed: number, host: string, name: string): ReadonlyMap<string, string> {
  const found = ofType(statusBlocks(statusAt(elapsed)), "servicestatus").find(
    ({ fields }) => fields.get("host_name") === host && fields.get("service_description") === name,
  );
  return found?.fields ?? new Map();
}

function stateOf(elapsed: number, host: string, name: string): string {
  const fields = check(elapsed, host, name);
  const word = ["OK", "WARNING", "CRITICAL", "UNKNOWN"][Number(fields.get("current_state"))];
  return `${word} ${fields.get("state_type") === "1" ? "HARD" : "SOFT"} ${fields.get("current_attempt")}`;
}

describe("the demo's status.dat", () => {
  it("is as Nagios 4.4 writes it: its blocks in their order, hosts and checks sorted", () => {
    const all = statusBlocks(statusAt(0));
    const order = [...new Set(all.map((block) => block.type))];
    expect(order).toEqual([
      "info",
      "programstatus",
      "hoststatus",
      "servicestatus",
      "contactstatus",
      "servicecomment",
      "hostcomment",
      "hostdowntime",
    ]);
    const hosts = ofType(all, "hoststatus").map(({ fields }) => fields.get("host_name"));
    expect(hosts).toHaveLength(14);
    expect(hosts).toEqual([...hosts].sort());
    const checks = ofType(all, "servicestatus").map(
      ({ fields }) => `${fields.get("host_name")}\n${fields.get("service_description")}`,
    );
    expect(checks).toHaveLength(31);
    expect(new Set(checks).size).toBe(31);
    expect(checks).toEqual([...checks].sort());
  });

  it("has every field that Nagios 4.4.6 writes, in its order", () => {
    const ours = statusBlocks(statusAt(30));
    for (const [type, names] of Object.entries(GENUINE)) {
      for (const { fields } of ofType(ours, type)) {
        expect([...fields.keys()].join(" ")).toBe(names);
      }
    }
  });

  it("never tells of the future, nor of a state older than its change", () => {
    for (let elapsed = 0; elapsed < 2 * ROUND_SECONDS; elapsed += 23) {
      const all = statusBlocks(statusAt(elapsed));
      expect(all[0]?.fields.get("created")).toBe(String(START + elapsed));
      for (const { fields, type } of [...ofType(all, "hoststatus"), ...ofType(all, "servicestatus")]) {
        const number = (name: string) => Number(fields.get(name));
        const what = `${type} ${fields.get("host_name")} ${fields.get("service_description")} at ${elapsed}`;
        expect(number("last_check"), what).toBeLessThanOrEqual(START + elapsed);
        expect(number("last_check"), what).toBeGreaterThan(START + elapsed - 61);
        expect(number("last_state_change"), what).toBeLessThanOrEqual(number("last_check"));
        expect(number("last_hard_state_change"), what).toBeLessThanOrEqual(number("last_check"));
        expect(number("next_check"), what).toBeGreaterThan(number("last_check"));
        expect(number("state_type") === 1 || number("current_attempt") < number("max_attempts"), what).toBe(true);
        expect(fields.get("plugin_output"), what).not.toMatch(/[;{}]/);
      }
    }
  });

  it("is the same for the same seed and second, and varies with the seed", () => {
    expect(statusAt(33)).toBe(statusAt(33));
    const moment = { scenario: "cascade", startedAt: START, now: START + 33 } as const;
    expect(statusText(shop(), { ...moment, seed: 1 })).not.toBe(statusText(shop(), { ...moment, seed: 2 }));
  });

  it("holds the usual disorder: a full disk, an acknowledged queue, a host in downtime", () => {
    expect(stateOf(0, "web02", "Disk /")).toBe("WARNING HARD 3");
    expect(check(0, "mail01", "Mail queue").get("problem_has_been_acknowledged")).toBe("1");
    const all = statusBlocks(statusAt(0));
    const inDowntime = ofType(all, "hoststatus").filter(({ fields }) => fields.get("scheduled_downtime_depth") === "1");
    expect(inDowntime.map(({ fields }) => fields.get("host_name"))).toEqual(["backup01"]);
    expect(ofType(all, "hostdowntime")[0]?.fields.get("is_in_effect")).toBe("1");
    const comments = all.filter(({ type }) => type.endsWith("comment")).map(({ fields }) => fields.get("comment_id"));
    expect(comments).toEqual(["1", "2"]);
  });
});

describe("the demo's objects.cache", () => {
  it("names the same hosts and checks, with commands and groups that exist", () => {
    const all = objectBlocks(objectsText(site));
    const names = (type: string, field: string) => ofType(all, type).map(({ fields }) => fields.get(field) ?? "");
    const status = statusBlocks(statusAt(0));
    expect(names("host", "host_name")).toEqual(
      ofType(status, "hoststatus").map(({ fields }) => fields.get("host_name")),
    );
    expect(names("service", "service_description")).toEqual(
      ofType(status, "servicestatus").map(({ fields }) => fields.get("service_description")),
    );
    const commands = new Set(names("command", "command_name"));
    for (const command of [...names("host", "check_command"), ...names("service", "check_command")]) {
      expect(commands).toContain(command.split("!")[0]);
    }
    const members = names("hostgroup", "members").flatMap((list) => list.split(","));
    expect(members.sort()).toEqual(names("host", "host_name"));
  });
});

describe("the cascade", () => {
  it("begins with the database, soft first, then hard", () => {
    const { host, check: name } = FIRST_PROBLEM;
    expect(stateOf(9, host, name)).toBe("OK HARD 1");
    expect(stateOf(10, host, name)).toBe("CRITICAL SOFT 1");
    expect(stateOf(14, host, name)).toBe("CRITICAL SOFT 2");
    expect(stateOf(18, host, name)).toBe("CRITICAL HARD 3");
    expect(check(30, host, name).get("plugin_output")).toContain("Too many connections");
    expect(check(30, host, name).get("last_state_change")).toBe(String(START + 10));
    expect(check(30, host, name).get("last_hard_state_change")).toBe(String(START + 18));
  });

  it("takes applications, web servers and the load balancer with it, one after the other", () => {
    expect(stateOf(15, "app01", "Shop API")).toBe("OK HARD 1");
    expect(stateOf(30, "app01", "Shop API")).toBe("CRITICAL HARD 3");
    expect(stateOf(30, "app02", "Checkout")).toBe("CRITICAL HARD 3");
    expect(stateOf(35, "web01", "HTTP")).toBe("WARNING HARD 3");
    expect(stateOf(41, "web01", "HTTP")).toBe("CRITICAL HARD 3");
    expect(stateOf(45, "lb01", "HTTPS")).toBe("OK HARD 1");
    expect(stateOf(60, "lb01", "HTTPS")).toBe("CRITICAL HARD 3");
    expect(stateOf(60, "mq01", "RabbitMQ")).toBe("OK HARD 1");
  });

  it("recovers from the root outwards, and comes again", () => {
    expect(stateOf(90, "db01", "MySQL")).toBe("OK HARD 1");
    expect(stateOf(90, "web01", "HTTP")).toBe("CRITICAL HARD 3");
    const wrong = (elapsed: number) =>
      ofType(statusBlocks(statusAt(elapsed)), "servicestatus")
        .filter(({ fields }) => fields.get("current_state") !== "0")
        .map(({ fields }) => fields.get("service_description"));
    expect(wrong(110)).toEqual(["Backup age", "Mail queue", "Disk /"]);
    expect(stateOf(ROUND_SECONDS + 9, "db01", "MySQL")).toBe("OK HARD 1");
    expect(check(ROUND_SECONDS + 9, "db01", "MySQL").get("last_state_change")).toBe(String(START + 90));
    expect(stateOf(ROUND_SECONDS + 10, "db01", "MySQL")).toBe("CRITICAL SOFT 1");
    expect(stateOf(ROUND_SECONDS + 60, "lb01", "HTTPS")).toBe("CRITICAL HARD 3");
  });

  it("does not happen on a calm day", () => {
    const mysql = site.checks.find(({ host, check: name }) => host === "db01" && name === "MySQL")!;
    expect(checkMoment("calm", mysql, 30, -100).state).toBe("OK");
  });
});

function reports(round = 0): Report[] {
  const moment = { now: START, sequence: round + 1, interval: 10, boot: "b", seed: 1 };
  return site.hosts.filter(({ agent }) => agent).map((host) => agentReport(site, host, moment));
}

describe("the demo's agent reports", () => {
  it("come from every host but the router and have all fields of the format", () => {
    const all = reports();
    expect(all).toHaveLength(13);
    for (const report of all) {
      expect(Object.keys(report)).toEqual(Object.keys(REPORT_SCHEMA.properties));
      for (const { process, address, port } of report.listeners) {
        expect(process?.length).toBeLessThanOrEqual(15);
        expect(address).toMatch(/^[\d.]+$/);
        expect(port).toBeGreaterThan(0);
      }
      for (const row of report.connections) {
        expect(row.direction === "in" ? row.localPort : row.remotePort).toBeGreaterThan(0);
        expect(row.direction === "in" ? row.remotePort : row.localPort).toBeNull();
        expect(row.count).toBeGreaterThan(0);
      }
    }
  });

  it("tell each connection within the site from both ends", () => {
    const all = reports();
    const byIp = new Map(all.flatMap((report) => report.ips.map((ip) => [ip, report] as const)));
    for (const report of all) {
      for (const row of report.connections.filter(({ direction }) => direction === "out")) {
        const other = row.remoteAddress === "127.0.0.1" ? report : byIp.get(row.remoteAddress);
        if (other !== undefined) {
          const back = row.remoteAddress === "127.0.0.1" ? "127.0.0.1" : report.ips[0];
          expect(other.connections).toContainEqual(
            expect.objectContaining({
              direction: "in",
              localPort: row.remotePort,
              remoteAddress: back,
              count: row.count,
            }),
          );
          expect(other.listeners).toContainEqual(expect.objectContaining({ port: row.remotePort }));
        }
      }
    }
  });

  it("show a service nobody checks, one nobody uses, a local peer, a Unix socket and the Internet", () => {
    const all = new Map(reports().map((report) => [report.host, report]));
    const unchecked = site.checks.filter(({ host }) => host === "cache01").map(({ command }) => command);
    expect(unchecked.join()).not.toContain("11211");
    expect(all.get("cache01")?.connections.some(({ localPort }) => localPort === 11_211)).toBe(true);
    expect(all.get("search01")?.connections.some(({ localPort }) => localPort === 5601)).toBe(false);
    expect(all.get("mail01")?.connections.some(({ remoteAddress }) => remoteAddress === "127.0.0.1")).toBe(true);
    expect(all.get("web01")?.unix[0]).toMatchObject({ server: "php-fpm", client: "nginx" });
    expect(all.get("lb01")?.connections.some(({ remoteAddress }) => remoteAddress.startsWith("203.0.113."))).toBe(true);
  });
});

describe("the running site", () => {
  it("writes both files before the first report, replaces status.dat by rename and ends with its signal", async () => {
    const dir = await mkdtemp(join(tmpdir(), "dotm-demo-"));
    try {
      const ending = new AbortController();
      const seen: string[] = [];
      const inodes = new Set<number>();
      let now = START;
      await runDemoSite({
        dir,
        scenario: "cascade",
        signal: ending.signal,
        now: () => now,
        postReport: async (host, report) => {
          expect(await readdir(dir)).toEqual(expect.arrayContaining(["objects.cache", "status.dat"]));
          seen.push(`${host} ${report.sequence}`);
          if (host === "web01") {
            throw new Error("not listening yet");
          }
        },
        onTrouble: (host) => seen.push(`${host} failed`),
        wait: async (seconds) => {
          inodes.add((await stat(join(dir, "status.dat"))).ino);
          now += seconds;
          if (now > START + 60) {
            ending.abort();
          }
        },
      });
      expect(seen).toContain("mon01 1");
      expect(seen).toContain("web01 failed");
      expect(seen).toContain("web02 2");
      expect(inodes.size).toBeGreaterThan(1);
      expect((await readdir(dir)).sort()).toEqual(["objects.cache", "status.dat"]);
      statusBlocks(await readFile(join(dir, "status.dat"), "utf8"));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it("can write its files before it runs", async () => {
    const dir = await mkdtemp(join(tmpdir(), "dotm-demo-"));
    try {
      await prepareDemoSite(join(dir, "site"), START + 0.7);
      expect((await readdir(join(dir, "site"))).sort()).toEqual(["objects.cache", "status.dat"]);
      expect(await readFile(join(dir, "site", "status.dat"), "utf8")).toBe(statusAt(0, "calm"));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it("rejects where it cannot write, and stops the rest", async () => {
    const dir = await mkdtemp(join(tmpdir(), "dotm-demo-"));
    try {
      await writeFile(join(dir, "file"), "");
      const running = runDemoSite({
        dir: join(dir, "file", "below"),
        scenario: "calm",
        signal: new AbortController().signal,
        now: () => START,
        postReport: async () => {},
      });
      await expect(running).rejects.toThrow(/ENOTDIR/);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe("our own dialect of Nagios", () => {
  it("reads the demo's files without a warning", () => {
    const read = new StatusReader().read(Buffer.from(statusAt(60)));
    expect(read).toMatchObject({ complete: true, fault: null, created: START + 60, warnings: [] });
    expect(read.counts).toMatchObject({ hosts: 14, checks: 31, hostDowntimes: 1 });
    const mysql = read.statuses.find(({ host, check: name }) => host === "db01" && name === "MySQL");
    expect(mysql).toMatchObject({
      state: "CRITICAL",
      stateType: "HARD",
      attempt: 3,
      command: "check_mysql!nagios",
      interval: 60,
    });
    const objects = readObjectCache(Buffer.from(objectsText(site)));
    expect(objects.hosts).toHaveLength(14);
    expect(objects.hosts.find(({ host }) => host === "db01")).toMatchObject({
      address: "10.20.0.31",
      parents: ["gw01"],
      groups: ["databases"],
    });
  });
});
