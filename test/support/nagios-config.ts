/** The folder and the configuration of a test's own Nagios 4. */
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECK_STATE, type SiteHost, type SiteService, writeState } from "./monitored-objects.ts";

/** What the instance watches and how fast. */
export interface NagiosOptions {
  readonly hosts: readonly SiteHost[];
  readonly services: readonly SiteService[];
  /** Seconds between two checks of one thing; 1 unless said otherwise. */
  readonly checkInterval?: number;
  /** Seconds between two versions of status.dat; 1 unless said otherwise. */
  readonly statusInterval?: number;
  /** What `check_state!FILE` answers from the start, by file. */
  readonly states?: Readonly<Record<string, readonly [code: number, output: string]>>;
  /** Further lines of nagios.cfg. */
  readonly config?: readonly string[];
  /** Makes what else the instance needs in its folder, and returns further objects. */
  readonly also?: (folder: string, group: number) => string;
}

/** Writes the whole folder of an instance, so that `user` can run it. */
export function layOut(folder: string, user: string, options: NagiosOptions): void {
  chmodSync(folder, 0o755);
  for (const name of ["etc", "plugins", "state", "var", "var/rw", "var/checkresults", "var/archives", "tmp"]) {
    mkdirSync(join(folder, name));
  }
  for (const [file, [code, output]] of Object.entries(options.states ?? {})) {
    writeState(folder, file, code, output);
  }
  writeFileSync(join(folder, "plugins/check_state"), CHECK_STATE, { mode: 0o755 });
  writeFileSync(join(folder, "etc/resource.cfg"), `$USER1$=${pluginFolder()}\n$USER2$=${folder}\n`);
  writeFileSync(join(folder, "etc/nagios.cfg"), mainConfig(folder, user, options));
  const [uid, gid] = idsOf(user);
  writeFileSync(join(folder, "etc/objects.cfg"), objects(options) + (options.also?.(folder, gid) ?? ""));
  if (process.getuid?.() === 0) {
    for (const name of ["var", "var/rw", "var/checkresults", "var/archives", "tmp"]) {
      chownSync(join(folder, name), uid, gid);
    }
  }
  chmodSync(join(folder, "var/rw"), 0o2770);
}

/** Where this system keeps the standard plugins. */
export function pluginFolder(): string {
  const known = ["/usr/lib/nagios/plugins", "/usr/lib64/nagios/plugins", "/usr/lib/monitoring-plugins"];
  return known.find((path) => existsSync(path)) ?? "/usr/lib/nagios/plugins";
}

function idsOf(user: string): [number, number] {
  const id = (flag: string) => Number(execFileSync("id", [flag, user], { encoding: "utf8" }));
  return [id("-u"), id("-g")];
}

function mainConfig(folder: string, user: string, options: NagiosOptions): string {
  const group = execFileSync("id", ["-gn", user], { encoding: "utf8" }).trim();
  return [
    `log_file=${folder}/var/nagios.log`,
    `cfg_file=${folder}/etc/objects.cfg`,
    `resource_file=${folder}/etc/resource.cfg`,
    `object_cache_file=${folder}/var/objects.cache`,
    `precached_object_file=${folder}/var/objects.precache`,
    `status_file=${folder}/var/status.dat`,
    `status_update_interval=${options.statusInterval ?? 1}`,
    `command_file=${folder}/var/rw/nagios.cmd`,
    `query_socket=${folder}/var/rw/nagios.qh`,
    `lock_file=${folder}/var/nagios.lock`,
    `temp_file=${folder}/var/nagios.tmp`,
    `temp_path=${folder}/tmp`,
    `check_result_path=${folder}/var/checkresults`,
    `log_archive_path=${folder}/var/archives`,
    `state_retention_file=${folder}/var/retention.dat`,
    `nagios_user=${user}`,
    `nagios_group=${group}`,
    "interval_length=1",
    "check_result_reaper_frequency=1",
    "max_service_check_spread=1",
    "max_host_check_spread=1",
    // Else a result up to 15 seconds old is taken instead of a new check.
    "cached_host_check_horizon=0",
    "cached_service_check_horizon=0",
    "check_external_commands=1",
    "log_initial_states=1",
    `enable_flap_detection=${options.services.some((service) => service.flapDetection === true) ? 1 : 0}`,
    "enable_notifications=0",
    "illegal_macro_output_chars=`~$&|'\"<>",
    "use_syslog=0",
    "check_for_updates=0",
    "retain_state_information=0",
    ...(options.config ?? []),
    "",
  ].join("\n");
}

function objects(options: NagiosOptions): string {
  const hostGroups = new Set(options.hosts.flatMap((host) => host.groups ?? []));
  const serviceGroups = new Set(options.services.flatMap((service) => service.groups ?? []));
  return [
    define("timeperiod", {
      timeperiod_name: "always",
      alias: "Always",
      ...Object.fromEntries(DAYS.map((day) => [day, "00:00-24:00"])),
    }),
    // Nagios refuses to start without a contact; notifications are off, so nobody hears of it.
    define("command", { command_name: "nobody", command_line: "/bin/true" }),
    define("contact", {
      contact_name: "nobody",
      host_notification_period: "always",
      service_notification_period: "always",
      host_notification_commands: "nobody",
      service_notification_commands: "nobody",
    }),
    define("command", { command_name: "check_tcp", command_line: "$USER1$/check_tcp -H 127.0.0.1 -p $ARG1$ -t 2" }),
    define("command", {
      command_name: "check_state",
      command_line: "$USER2$/plugins/check_state $USER2$/state/$ARG1$",
    }),
    ...[...hostGroups].map((name) => define("hostgroup", { hostgroup_name: name, alias: name })),
    ...[...serviceGroups].map((name) => define("servicegroup", { servicegroup_name: name, alias: name })),
    ...options.hosts.map((host) => hostObject(host, options.checkInterval ?? 1)),
    ...options.services.map((service) => serviceObject(service, options.checkInterval ?? 1)),
    "",
  ].join("\n");
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

function hostObject(host: SiteHost, interval: number): string {
  return define("host", {
    host_name: host.name,
    alias: host.alias ?? host.name,
    address: host.address ?? "127.0.0.1",
    parents: host.parents?.join(","),
    hostgroups: host.groups?.join(","),
    check_command: host.check,
    active_checks_enabled: host.check === undefined ? "0" : "1",
    action_url: host.actionUrl,
    ...variables(host.variables),
    ...schedule(interval, 1),
  });
}

function serviceObject(service: SiteService, interval: number): string {
  return define("service", {
    host_name: service.host,
    service_description: service.name,
    // A service must have a command, even if nothing runs it.
    check_command: service.check ?? "check_state!passive",
    active_checks_enabled: service.check === undefined ? "0" : "1",
    flap_detection_enabled: service.flapDetection === true ? "1" : "0",
    servicegroups: service.groups?.join(","),
    action_url: service.actionUrl,
    ...variables(service.variables),
    ...schedule(interval, service.attempts ?? 1),
  });
}

function variables(named: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`_${name.toUpperCase()}`, value]));
}

function schedule(interval: number, attempts: number): Record<string, string> {
  return {
    check_period: "always",
    check_interval: `${interval}`,
    retry_interval: `${interval}`,
    max_check_attempts: `${attempts}`,
    contacts: "nobody",
    notification_interval: "0",
    notification_period: "always",
  };
}

function define(type: string, fields: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `  ${name} ${value}`);
  return `define ${type} {\n${lines.join("\n")}\n}\n`;
}
