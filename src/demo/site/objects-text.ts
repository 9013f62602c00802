/** The text of Nagios 4.4's objects.cache for the demo's site. */
import { compareIds } from "../../model/compare.ts";
import { type Fields, fileHead, objectBlock } from "./block-text.ts";
import { MAX_ATTEMPTS, RETRY_SECONDS } from "./scenario.ts";
import type { Site, SiteCheck, SiteHost } from "./site.ts";

/** The whole file, in Nagios' order: time period, commands, contact, groups, hosts, checks. */
export function objectsText(site: Site): string {
  const commands = [
    ...new Set(["check-host-alive", ...site.checks.map(({ command }) => command.split("!", 1)[0] ?? "")]),
  ];
  const groups = [...new Set(site.hosts.map(({ group }) => group))].sort();
  const blocks = [
    objectBlock("timeperiod", ALWAYS),
    ...commands.sort().map((name) => objectBlock("command", commandFields(name))),
    objectBlock("contactgroup", [
      ["contactgroup_name", "oncall"],
      ["alias", "On call"],
      ["members", "oncall"],
    ]),
    ...groups.map((group) => objectBlock("hostgroup", groupFields(site, group))),
    objectBlock("contact", CONTACT),
    ...[...site.hosts].sort((a, b) => compareIds(a.name, b.name)).map((host) => objectBlock("host", hostFields(host))),
    ...site.checks.map((check) => objectBlock("service", checkFields(check))),
  ];
  return `${fileHead("#       NAGIOS OBJECT CACHE FILE")}${blocks.join("")}`;
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const ALWAYS: Fields = [
  ["timeperiod_name", "24x7"],
  ["alias", "Always"],
  ...DAYS.map((day) => [day, "00:00-24:00"] as const),
];

const CONTACT: Fields = [
  ["contact_name", "oncall"],
  ["alias", "On call"],
  ["service_notification_period", "24x7"],
  ["host_notification_period", "24x7"],
  ["service_notification_options", "r,w,u,c,f,s"],
  ["host_notification_options", "r,d,u,f,s"],
  ["email", "oncall@example.com"],
];

function commandFields(name: string): Fields {
  return [
    ["command_name", name],
    ["command_line", `$USER1$/${name.replaceAll("-", "_")} -H $HOSTADDRESS$ $ARG1$ $ARG2$`],
  ];
}

function groupFields(site: Site, group: string): Fields {
  const members = site.hosts.filter((host) => host.group === group).map(({ name }) => name);
  return [
    ["hostgroup_name", group],
    ["alias", `${group.slice(0, 1).toUpperCase()}${group.slice(1)}`],
    ["members", members.sort().join(",")],
  ];
}

function hostFields(host: SiteHost): Fields {
  const parents: Fields = host.parents.length === 0 ? [] : [["parents", host.parents.join(",")]];
  return [
    ["host_name", host.name],
    ["alias", host.alias],
    ["address", host.ips[0] ?? ""],
    ...parents,
    ["check_period", "24x7"],
    ["check_command", "check-host-alive"],
    ...schedule(5, 5),
    ["notification_options", "r,d,u,f,s"],
    ...switches(),
  ];
}

function checkFields(check: SiteCheck): Fields {
  return [
    ["host_name", check.host],
    ["service_description", check.check],
    ["check_period", "24x7"],
    ["check_command", check.command],
    ...schedule(1, MAX_ATTEMPTS),
    ["is_volatile", 0],
    ["parallelize_check", 1],
    ["notification_options", "r,w,u,c,f,s"],
    ...switches(),
  ];
}

function schedule(interval: number, attempts: number): Fields {
  return [
    ["contact_groups", "oncall"],
    ["notification_period", "24x7"],
    ["initial_state", "o"],
    ["importance", 0],
    ["check_interval", interval.toFixed(6)],
    ["retry_interval", (RETRY_SECONDS / 60).toFixed(6)],
    ["max_check_attempts", attempts],
  ];
}

function switches(): Fields {
  return [
    ["active_checks_enabled", 1],
    ["passive_checks_enabled", 1],
    ["obsess", 1],
    ["event_handler_enabled", 1],
    ["flap_detection_enabled", 1],
    ["check_freshness", 0],
    ["notifications_enabled", 1],
    ["notification_interval", "60.000000"],
    ["process_perf_data", 1],
    ["retain_status_information", 1],
    ["retain_nonstatus_information", 1],
  ];
}
