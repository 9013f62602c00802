/** The servicestatus block of status.dat. */
import { CHECK_STATES, isProblem } from "../../model/state.ts";
import type { Fields } from "./block-text.ts";
import { type CheckMoment, checkMoment, MAX_ATTEMPTS, RETRY_SECONDS } from "./scenario.ts";
import { filled, seededBetween } from "./seeded.ts";
import type { SiteCheck } from "./site.ts";
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

/** The fields of one service check, in Nagios' order. */
export function checkStatus(check: SiteCheck, moment: StatusMoment): Fields {
  const { now, startedAt, seed, scenario } = moment;
  const key = [check.host, check.check] as const;
  const since = -seededBetween(2, 200, seed, "since", ...key) * 3600;
  const at = checkMoment(scenario, check, now - startedAt, since);
  const phase = seededBetween(0, CHECK_SECONDS - 1, seed, ...key);
  const lastCheck = lastCheckOf(at, phase, moment);
  const problem = isProblem(at.state);
  const hard = problem && at.stateType === "HARD";
  const retry = problem && !hard;
  const acknowledged = Number(hard && check.acknowledged !== undefined);
  return [
    ["host_name", check.host],
    ["service_description", check.check],
    ...schedule(check.command, 1),
    ["has_been_checked", 1],
    ["should_be_scheduled", 1],
    ["check_execution_time", filled("0.0{10-60}", seed, ...key, lastCheck)],
    ["check_latency", "0.000"],
    ["check_type", 0],
    ["current_state", stateNumber(at)],
    ["last_hard_state", hard ? stateNumber(at) : 0],
    ...ids(Number(problem)),
    ["current_attempt", at.attempt],
    ["max_attempts", MAX_ATTEMPTS],
    ["state_type", Number(at.stateType === "HARD")],
    ["last_state_change", startedAt + at.stateChange],
    ["last_hard_state_change", startedAt + at.hardChange],
    ...lastTimes(at, lastCheck, startedAt),
    ["plugin_output", pluginOutput(at.output ?? filled(check.output, seed, ...key, lastCheck))],
    ["long_plugin_output", ""],
    ["performance_data", at.output === undefined ? filled(check.perfdata, seed, ...key, "perf", lastCheck) : ""],
    ["last_check", lastCheck],
    ["next_check", lastCheck + (retry ? RETRY_SECONDS : CHECK_SECONDS)],
    ["check_options", 0],
    ...notificationCount(Number(hard)),
    ...notified(hard ? startedAt + at.hardChange : 0),
    ["notifications_enabled", 1],
    ["active_checks_enabled", 1],
    ["passive_checks_enabled", 1],
    ["event_handler_enabled", 1],
    ["problem_has_been_acknowledged", acknowledged],
    ["acknowledgement_type", acknowledged],
    ...tail(now, at.stateChange >= 0 ? 6.25 : 0),
    ["scheduled_downtime_depth", 0],
  ];
}

/** Nagios replaces `;` in the first line by `:`. */
function pluginOutput(text: string): string {
  return text.replaceAll(";", ":");
}

function stateNumber(at: CheckMoment): number {
  return at.state === "PENDING" ? 0 : CHECK_STATES.indexOf(at.state);
}

/** A change is seen by a check, and so is each attempt after it. */
function lastCheckOf(at: CheckMoment, phase: number, moment: StatusMoment): number {
  const { startedAt } = moment;
  const attempt = isProblem(at.state) ? startedAt + at.leftOk + RETRY_SECONDS * (at.attempt - 1) : 0;
  const seen = [latestCheck(phase, moment), startedAt + at.stateChange, attempt];
  return Math.max(...seen.filter((time) => time <= moment.now));
}

function lastTimes(at: CheckMoment, lastCheck: number, startedAt: number): Fields {
  return (["OK", "WARNING", "UNKNOWN", "CRITICAL"] as const).map((state) => {
    const left = state === "OK" ? startedAt + at.leftOk : 0;
    return [`last_time_${state.toLowerCase()}`, state === at.state ? lastCheck : left] as const;
  });
}
