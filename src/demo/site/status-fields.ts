/** Fields that hosts and service checks have in common in status.dat, and the moment they are written for. */
import type { Fields } from "./block-text.ts";
import { RETRY_SECONDS, type ScenarioName } from "./scenario.ts";

/** What the text depends on beside the site. Times are whole Unix seconds. */
export interface StatusMoment {
  readonly scenario: ScenarioName;
  readonly seed: number;
  /** When the demo began. */
  readonly startedAt: number;
  readonly now: number;
}

/** Seconds between two checks of a thing that is well; `check_interval` counts minutes. */
export const CHECK_SECONDS = 60;

/** When the thing was last checked by plan: the latest of the checks scheduled every minute at the thing's own second of the minute. */
export function latestCheck(phase: number, { now }: StatusMoment): number {
  return now - ((((now - phase) % CHECK_SECONDS) + CHECK_SECONDS) % CHECK_SECONDS);
}

/** What is run and when; `interval` in minutes. */
export function schedule(command: string, interval: number): Fields {
  return [
    ["modified_attributes", 0],
    ["check_command", command],
    ["check_period", "24x7"],
    ["notification_period", "24x7"],
    ["importance", 0],
    ["check_interval", interval.toFixed(6)],
    ["retry_interval", (RETRY_SECONDS / 60).toFixed(6)],
    ["event_handler", ""],
  ];
}

/** Numbers of events and problems; `problem` 0 where there is none. */
export function ids(problem: number): Fields {
  return [
    ["last_event_id", 0],
    ["current_event_id", problem],
    ["current_problem_id", problem],
    ["last_problem_id", 0],
  ];
}

/** When the last notification was, `at` 0 where there was none. */
export function notified(at: number): Fields {
  return [
    ["last_notification", at],
    ["next_notification", at === 0 ? 0 : at + 3600],
    ["no_more_notifications", 0],
  ];
}

/** Number of notifications of the present problem. */
export function notificationCount(number: number): Fields {
  return [
    ["current_notification_number", number],
    ["current_notification_id", number],
  ];
}

/** Switches and flapping; `change` in percent. */
export function tail(now: number, change: number): Fields {
  return [
    ["flap_detection_enabled", 1],
    ["process_performance_data", 1],
    ["obsess", 1],
    ["last_update", now],
    ["is_flapping", 0],
    ["percent_state_change", change.toFixed(2)],
  ];
}
