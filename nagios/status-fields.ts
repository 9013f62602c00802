/** The lines of a `hoststatus` or `servicestatus` block that DOTM reads, by number. */
import { KeyTable } from "./key-table.ts";

/** Keys as Nagios writes them (xdata/xsddefault.c); `is_reachable` is Icinga 2's. The place is the field's number. */
export const STATUS_FIELDS = [
  "host_name",
  "service_description",
  "check_command",
  "check_interval",
  "retry_interval",
  "has_been_checked",
  "current_state",
  "plugin_output",
  "long_plugin_output",
  "last_check",
  "current_attempt",
  "max_attempts",
  "state_type",
  "last_state_change",
  "last_hard_state_change",
  "active_checks_enabled",
  "problem_has_been_acknowledged",
  "acknowledgement_type",
  "is_flapping",
  "scheduled_downtime_depth",
  "is_reachable",
  "last_update",
] as const;

/** Key of a line that is read. */
export type StatusField = (typeof STATUS_FIELDS)[number];

/** Number of a field. */
export function fieldNumber(field: StatusField): number {
  return STATUS_FIELDS.indexOf(field);
}

/** The bit of a field in a set of fields. */
function fieldBit(field: StatusField): number {
  return 1 << fieldNumber(field);
}

/** The table of their keys. */
export const STATUS_KEYS = new KeyTable(STATUS_FIELDS, "=");

/** Fields 0 and 1 name the object. */
export const NAME_FIELDS = 2;

/** Time of writing: in every block, new in every file, and no part of what is told. */
export const LAST_UPDATE = fieldNumber("last_update");

const OPTIONAL = fieldBit("is_reachable") | fieldBit("last_update");

/** Fields a block must have before others are read after its pattern. */
export const HOST_FIELDS = (1 << STATUS_FIELDS.length) - 1 - OPTIONAL - fieldBit("service_description");

/** The same for a service's block. */
export const SERVICE_FIELDS = HOST_FIELDS | fieldBit("service_description");
