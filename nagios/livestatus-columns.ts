/**
 * Which columns are asked for. Servers differ in what they know: Icinga 2 refuses a question with an unknown column
 * (452), Naemon and Nagios give empty texts for it, some refuse with 400. What can be done without is left out then.
 */

const STATE = [
  "state",
  "state_type",
  "has_been_checked",
  "current_attempt",
  "max_check_attempts",
  "last_check",
  "last_state_change",
  "last_hard_state_change",
  "plugin_output",
  "long_plugin_output",
  "acknowledged",
  "acknowledgement_type",
  "scheduled_downtime_depth",
  "is_flapping",
  "check_interval",
  "retry_interval",
  "active_checks_enabled",
  "check_command",
  "is_reachable",
] as const;

const SETUP = ["groups", "action_url", "custom_variable_names", "custom_variable_values"] as const;

const NOTE = ["host_name", "service_description", "id", "author", "comment", "entry_time"] as const;

/** Columns of each question, the indispensable ones first. */
export const COLUMNS = {
  program: ["program_start", "program_version", "interval_length", "num_hosts", "num_services"],
  hostStates: ["name", ...STATE, "hard_state"],
  checkStates: ["host_name", "description", ...STATE],
  hostSetup: ["name", "alias", "address", "parents", ...SETUP],
  checkSetup: ["host_name", "description", ...SETUP],
  comments: [...NOTE, "entry_type", "persistent", "expires", "expire_time"],
  downtimes: [...NOTE, "start_time", "end_time", "fixed", "duration", "type"],
} as const;

/** What can be asked for. */
export type Question = keyof typeof COLUMNS;

/** A column of a question. */
export type Column<Q extends Question> = (typeof COLUMNS)[Q][number];

/** The table that answers each question. */
export const TABLES: Readonly<Record<Question, string>> = {
  program: "status",
  hostStates: "hosts",
  checkStates: "services",
  hostSetup: "hosts",
  checkSetup: "services",
  comments: "comments",
  downtimes: "downtimes",
};

/** Without these an answer says nothing. */
const INDISPENSABLE = new Set<string>([
  "program_start",
  "name",
  "host_name",
  "description",
  "service_description",
  "state",
  "has_been_checked",
]);

/**
 * The columns to ask for after the server refused some of `columns` with `complaint`: without those it names, or
 * without all that can be spared where it names none of them. Undefined where nothing can be spared.
 */
export function fewerColumns<C extends string>(columns: readonly C[], complaint: string): C[] | undefined {
  const named = new Set(complaint.match(/\w+/g) ?? []);
  const spared = columns.filter((column) => !INDISPENSABLE.has(column));
  const refused = spared.filter((column) => named.has(column));
  if (spared.length === 0) {
    return;
  }
  const left = new Set(refused.length > 0 ? refused : spared);
  return columns.filter((column) => !left.has(column));
}
