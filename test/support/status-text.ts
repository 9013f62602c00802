/** Builds the text of status files for tests. */

/** Values of a block, by key. */
export type Fields = Readonly<Record<string, string | number>>;

const SERVICE: Fields = {
  modified_attributes: 0,
  check_command: "check_http!-p 80",
  check_period: "24x7",
  notification_period: "24x7",
  importance: 0,
  check_interval: "5.000000",
  retry_interval: "1.000000",
  event_handler: "",
  has_been_checked: 1,
  should_be_scheduled: 1,
  check_execution_time: "0.012",
  check_latency: "0.000",
  check_type: 0,
  current_state: 0,
  last_hard_state: 0,
  current_attempt: 1,
  max_attempts: 3,
  state_type: 1,
  last_state_change: 1_790_000_000,
  last_hard_state_change: 1_790_000_001,
  plugin_output: "fine",
  long_plugin_output: "",
  performance_data: "",
  last_check: 1_794_999_990,
  next_check: 1_795_000_290,
  active_checks_enabled: 1,
  problem_has_been_acknowledged: 0,
  acknowledgement_type: 0,
  last_update: 1_795_000_000,
  is_flapping: 0,
  percent_state_change: "0.00",
  scheduled_downtime_depth: 0,
};

/** One block of any kind. */
function block(kind: string, fields: Fields): string {
  const lines = Object.entries(fields).map(([key, value]) => `\t${key}=${value}\n`);
  return `${kind} {\n${lines.join("")}\t}\n\n`;
}

/** The block of a host as Nagios writes it; `fields` replace or add lines. */
export function hostBlock(host: string, fields: Fields = {}): string {
  return block("hoststatus", { host_name: host, ...SERVICE, check_command: "check-host-alive", ...fields });
}

/** The block of a service check as Nagios writes it. */
export function serviceBlock(host: string, check: string, fields: Fields = {}): string {
  return block("servicestatus", { host_name: host, service_description: check, ...SERVICE, ...fields });
}

/** A whole file with its header. */
export function statusFile(blocks: readonly string[], created = 1_795_000_000, version = "4.4.6"): Buffer {
  const header = `# NAGIOS STATUS FILE\n\n${block("info", { created, version })}${block("programstatus", { nagios_pid: 1 })}`;
  return Buffer.from(`${header}${blocks.join("")}`);
}
