/** The hoststatus block of status.dat. The demo's hosts are all up; one may be in downtime. */
import type { Fields } from "./block-text.ts";
import { filled, seededBetween } from "./seeded.ts";
import type { SiteHost } from "./site.ts";
import {
  CHECK_SECONDS,
  ids,
  latestCheck,
  notificationCount,
  notified,
  type StatusMoment,
  schedule,
  tail,
} from "./status-fields.ts";

/** The fields of one host, in Nagios' order. */
export function hostStatus(host: SiteHost, moment: StatusMoment): Fields {
  const { now, startedAt, seed } = moment;
  const since = startedAt - seededBetween(2, 30, seed, "up", host.name) * 86_400;
  const lastCheck = latestCheck(seededBetween(0, CHECK_SECONDS - 1, seed, host.name), moment);
  const rta = filled("0.{20-60}", seed, host.name, lastCheck);
  return [
    ["host_name", host.name],
    ...schedule("check-host-alive", 5),
    ["has_been_checked", 1],
    ["should_be_scheduled", 1],
    ["check_execution_time", "4.021"],
    ["check_latency", "0.000"],
    ["check_type", 0],
    ["current_state", 0],
    ["last_hard_state", 0],
    ...ids(0),
    ["plugin_output", `PING OK - Packet loss = 0%, RTA = ${rta} ms`],
    ["long_plugin_output", ""],
    ["performance_data", `rta=${rta}ms;3000.000000;5000.000000;0.000000 pl=0%;80;100;0`],
    ["last_check", lastCheck],
    ["next_check", lastCheck + CHECK_SECONDS],
    ["check_options", 0],
    ["current_attempt", 1],
    ["max_attempts", 5],
    ["state_type", 1],
    ["last_state_change", since],
    ["last_hard_state_change", since],
    ["last_time_up", lastCheck],
    ["last_time_down", 0],
    ["last_time_unreachable", 0],
    ...notified(0),
    ...notificationCount(0),
    ["notifications_enabled", 1],
    ["problem_has_been_acknowledged", 0],
    ["acknowledgement_type", 0],
    ["active_checks_enabled", 1],
    ["passive_checks_enabled", 1],
    ["event_handler_enabled", 1],
    ...tail(now, 0),
    ["scheduled_downtime_depth", host.downtime === undefined ? 0 : 1],
  ];
}
