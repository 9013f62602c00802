/** One `servicestatus` block. */
import { serviceNow } from "./describe-site.js";
import { note } from "./site-notes.js";
import { blockText } from "./status-block.js";

const WORDS = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const LONG = "eth0: 1 Gbit/s\\neth1: no carrier\\nC:\\\\Daten <b>42</b> GB; half full";

/** The text of the block of one check of one host. */
export function serviceBlock(site, host, check) {
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
  return blockText("servicestatus", {
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
