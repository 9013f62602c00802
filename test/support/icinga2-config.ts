/** The configuration of a test's own Icinga 2. */
import { join } from "node:path";
import type { SiteHost, SiteService } from "./monitored-objects.ts";
import { pluginFolder } from "./nagios-config.ts";

/** What the instance watches and how fast. */
export interface Icinga2Options {
  readonly hosts: readonly SiteHost[];
  readonly services: readonly SiteService[];
  /** Seconds between two checks of one thing; 1 unless said otherwise. */
  readonly checkInterval?: number;
  /** Seconds between two versions of status.dat; 1 unless said otherwise. */
  readonly statusInterval?: number;
  /** What `check_state!FILE` answers from the start, by file. */
  readonly states?: Readonly<Record<string, readonly [code: number, output: string]>>;
  /** Further objects in Icinga's configuration language. */
  readonly config?: readonly string[];
}

/** The name in the certificate; the API is spoken to by it, since the certificate holds no address. */
export const NODE_NAME = "dotm-icinga";

/** Ports of loopback. */
export interface Icinga2Ports {
  readonly api: number;
  readonly livestatus: number;
}

/** Who may use the API, each with what for: everything; what a reader needs; hosts and services alone; nothing. */
export const API_USERS = {
  root: { name: "root", password: "root-secret" },
  reader: { name: "dotm", password: "dotm-secret" },
  limited: { name: "limited", password: "limited-secret" },
  none: { name: "none", password: "none-secret" },
} as const;

const QUERIES = ["Host", "Service", "Dependency", "TimePeriod", "Comment", "Downtime", "HostGroup", "ServiceGroup"];
const EVENTS = [
  "StateChange",
  "CheckResult",
  "Flapping",
  "AcknowledgementSet",
  "AcknowledgementCleared",
  "CommentAdded",
  "CommentRemoved",
  "DowntimeAdded",
  "DowntimeRemoved",
  "DowntimeStarted",
  "DowntimeTriggered",
  "ObjectCreated",
  "ObjectModified",
  "ObjectDeleted",
];

const PERMISSIONS: Readonly<Record<keyof typeof API_USERS, readonly string[]>> = {
  root: ["*"],
  reader: [
    ...QUERIES.map((type) => `objects/query/${type}`),
    ...EVENTS.map((type) => `events/${type}`),
    "status/query",
  ],
  limited: ["objects/query/Host", "objects/query/Service"],
  none: [],
};

/** The text of icinga2.conf. */
export function icinga2Config(folder: string, ports: Icinga2Ports, options: Icinga2Options): string {
  return [
    `const NodeName = ${quoted(NODE_NAME)}`,
    "const ZoneName = NodeName",
    'const TicketSalt = ""',
    `const PluginDir = ${quoted(pluginFolder())}`,
    "include <itl>",
    "object Endpoint NodeName { }",
    "object Zone ZoneName { endpoints = [ NodeName ] }",
    ...features(folder, ports, options.statusInterval ?? 1),
    ...apiUsers(),
    ...commands(folder),
    ...objects(options),
    ...(options.config ?? []),
    "",
  ].join("\n");
}

function features(folder: string, ports: Icinga2Ports, statusInterval: number): string[] {
  const compat = join(folder, "log/compat");
  const live = { compat_log_path: compat };
  return [
    object("FileLogger", "main-log", { severity: "information", path: join(folder, "log/icinga2.log") }),
    object("CheckerComponent", "checker", {}),
    object("ApiListener", "api", { bind_host: "127.0.0.1", bind_port: ports.api }),
    object("LivestatusListener", "unix", { socket_type: "unix", socket_path: join(folder, "run/live"), ...live }),
    object("LivestatusListener", "tcp", {
      socket_type: "tcp",
      bind_host: "127.0.0.1",
      bind_port: `${ports.livestatus}`,
      ...live,
    }),
    object("StatusDataWriter", "status", {
      status_path: join(folder, "var/status.dat"),
      objects_path: join(folder, "var/objects.cache"),
      update_interval: statusInterval,
    }),
    object("ExternalCommandListener", "command", { command_path: join(folder, "run/icinga2.cmd") }),
    object("CompatLogger", "compat", { log_dir: compat, rotation_method: "DAILY" }),
  ];
}

function apiUsers(): string[] {
  return Object.entries(API_USERS).map(([key, { name, password }]) =>
    object("ApiUser", name, { password, permissions: PERMISSIONS[key as keyof typeof API_USERS] }),
  );
}

function commands(folder: string): string[] {
  return [
    `object CheckCommand "check_state" { command = [ ${quoted(join(folder, "plugins/check_state"))}, "$arg1$" ] }`,
    'object CheckCommand "check_tcp" { command = [ PluginDir + "/check_tcp", "-H", "127.0.0.1", "-p", "$arg1$" ] }',
  ];
}

function objects({ hosts, services, checkInterval = 1 }: Icinga2Options): string[] {
  const hostGroups = new Set(hosts.flatMap((host) => host.groups ?? []));
  const serviceGroups = new Set(services.flatMap((service) => service.groups ?? []));
  return [
    ...[...hostGroups].map((name) => object("HostGroup", name, { display_name: name })),
    ...[...serviceGroups].map((name) => object("ServiceGroup", name, { display_name: name })),
    ...hosts.map((host) => hostObject(host, checkInterval)),
    ...hosts.flatMap((host) => (host.parents ?? []).map((parent) => dependency(host.name, parent))),
    ...services.map((service) => serviceObject(service, checkInterval)),
  ];
}

function hostObject(host: SiteHost, interval: number): string {
  return object("Host", host.name, {
    display_name: host.alias ?? host.name,
    address: host.address ?? "127.0.0.1",
    groups: host.groups ?? [],
    action_url: host.actionUrl,
    enable_flapping: false,
    max_check_attempts: 1,
    ...checking(host.check, interval),
    ...variables(host.variables),
  });
}

function serviceObject(service: SiteService, interval: number): string {
  return object("Service", service.name, {
    host_name: service.host,
    groups: service.groups ?? [],
    action_url: service.actionUrl,
    enable_flapping: service.flapDetection === true,
    max_check_attempts: service.attempts ?? 1,
    ...checking(service.check, interval),
    ...variables(service.variables),
  });
}

/** What Nagios calls a parent: behind it nothing is reachable while it is down. */
function dependency(child: string, parent: string): string {
  return object("Dependency", `parent ${parent}`, {
    child_host_name: child,
    parent_host_name: parent,
    disable_checks: false,
    disable_notifications: true,
  });
}

function checking(check: string | undefined, interval: number): Record<string, Value> {
  const [command = "passive", argument] = check?.split("!") ?? [];
  return {
    check_command: command,
    enable_active_checks: check !== undefined,
    check_interval: interval,
    retry_interval: interval,
    "vars.arg1": argument,
  };
}

function variables(named: Readonly<Record<string, string>> = {}): Record<string, Value> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [`vars[${quoted(name)}]`, value]));
}

type Value = string | number | boolean | readonly string[] | undefined;

function object(type: string, name: string, attributes: Readonly<Record<string, Value>>): string {
  const lines = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${key} = ${literal(value)}`);
  return `object ${type} ${quoted(name)} {\n${lines.join("\n")}\n}`;
}

function literal(value: Value): string {
  if (typeof value === "object") {
    return `[ ${value.map(quoted).join(", ")} ]`;
  }
  return typeof value === "string" ? quoted(value) : `${value}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
