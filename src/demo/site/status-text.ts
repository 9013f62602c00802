/** The text of Nagios 4.4's status.dat for the demo's site at a moment. */
import { compareIds } from "../../model/compare.ts";
import { type Fields, fileHead, statusBlock } from "./block-text.ts";
import { checkStatus } from "./check-status.ts";
import { hostStatus } from "./host-status.ts";
import { commentsAndDowntimes } from "./remarks.ts";
import type { Site } from "./site.ts";
import type { StatusMoment } from "./status-fields.ts";

/** The whole file: program, hosts by name, checks by host and name, one contact, comments, downtimes. */
export function statusText(site: Site, moment: StatusMoment): string {
  const hosts = [...site.hosts].sort((a, b) => compareIds(a.name, b.name));
  const blocks = [
    statusBlock("info", infoFields(moment)),
    statusBlock("programstatus", programFields(site, moment)),
    ...hosts.map((host) => statusBlock("hoststatus", hostStatus(host, moment))),
    ...site.checks.map((check) => statusBlock("servicestatus", checkStatus(check, moment))),
    statusBlock("contactstatus", CONTACT),
    ...commentsAndDowntimes(site, moment),
  ];
  return `${fileHead("#          NAGIOS STATUS FILE")}${blocks.join("")}`;
}

function infoFields({ now }: StatusMoment): Fields {
  return [
    ["created", now],
    ["version", "4.4.6"],
    ["last_update_check", 0],
    ["update_available", 0],
    ["last_version", ""],
    ["new_version", ""],
  ];
}

const STATISTICS = [
  "active_scheduled_host_check_stats",
  "active_ondemand_host_check_stats",
  "passive_host_check_stats",
  "active_scheduled_service_check_stats",
  "active_ondemand_service_check_stats",
  "passive_service_check_stats",
  "cached_host_check_stats",
  "cached_service_check_stats",
  "external_command_stats",
  "parallel_host_check_stats",
  "serial_host_check_stats",
];

function programFields(site: Site, { startedAt }: StatusMoment): Fields {
  const on = ["enable_notifications", "active_service_checks_enabled", "passive_service_checks_enabled"];
  const alsoOn = ["active_host_checks_enabled", "passive_host_checks_enabled", "enable_event_handlers"];
  return [
    ["modified_host_attributes", 0],
    ["modified_service_attributes", 0],
    ["nagios_pid", 4711],
    ["daemon_mode", 1],
    ["program_start", startedAt - 86_400 * 12],
    ["last_log_rotation", 0],
    ...[...on, ...alsoOn].map((name) => [name, 1] as const),
    ["obsess_over_services", 0],
    ["obsess_over_hosts", 0],
    ["check_service_freshness", 1],
    ["check_host_freshness", 0],
    ["enable_flap_detection", 1],
    ["process_performance_data", 0],
    ["global_host_event_handler", ""],
    ["global_service_event_handler", ""],
    ["next_comment_id", 3],
    ["next_downtime_id", 2],
    ["next_event_id", site.checks.length + 1],
    ["next_problem_id", site.checks.length + 1],
    ["next_notification_id", site.checks.length + 1],
    // Checks in the last minute, five and fifteen minutes.
    ...STATISTICS.map((name) => [name, "0,0,0"] as const),
  ];
}

const CONTACT: Fields = [
  ["contact_name", "oncall"],
  ["modified_attributes", 0],
  ["modified_host_attributes", 0],
  ["modified_service_attributes", 0],
  ["host_notification_period", "24x7"],
  ["service_notification_period", "24x7"],
  ["last_host_notification", 0],
  ["last_service_notification", 0],
  ["host_notifications_enabled", 1],
  ["service_notifications_enabled", 1],
];
