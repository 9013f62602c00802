/** Turns the values of one status block into what all sources say of a host or service check. */
import { titleOf } from "../src/model/ids.ts";
import type { CheckStatus } from "../src/model/monitoring.ts";
import { ACKNOWLEDGEMENTS, type Acknowledgement, type State } from "../src/model/state.ts";
import type { BlockWalk } from "./block-walk.ts";
import { decimal } from "./decimal.ts";
import { fieldText, unescapeLongOutput } from "./field-text.ts";
import { LATEST } from "./latest-time.ts";
import type { ObjectName } from "./name-index.ts";
import { checkStateOf, hostStateOf, stateTypeOf, UNKNOWN_CHECK, UNKNOWN_HOST } from "./states.ts";
import { fieldNumber } from "./status-fields.ts";
import type { TextPool } from "./text-pool.ts";
import type { Warnings } from "./warnings.ts";

const CHECK_COMMAND = fieldNumber("check_command");
const CHECK_INTERVAL = fieldNumber("check_interval");
const RETRY_INTERVAL = fieldNumber("retry_interval");
const HAS_BEEN_CHECKED = fieldNumber("has_been_checked");
const CURRENT_STATE = fieldNumber("current_state");
const PLUGIN_OUTPUT = fieldNumber("plugin_output");
const LONG_PLUGIN_OUTPUT = fieldNumber("long_plugin_output");
const LAST_CHECK = fieldNumber("last_check");
const CURRENT_ATTEMPT = fieldNumber("current_attempt");
const MAX_ATTEMPTS = fieldNumber("max_attempts");
const STATE_TYPE = fieldNumber("state_type");
const LAST_STATE_CHANGE = fieldNumber("last_state_change");
const LAST_HARD_STATE_CHANGE = fieldNumber("last_hard_state_change");
const ACTIVE_CHECKS_ENABLED = fieldNumber("active_checks_enabled");
const ACKNOWLEDGED = fieldNumber("problem_has_been_acknowledged");
const ACKNOWLEDGEMENT_TYPE = fieldNumber("acknowledgement_type");
const IS_FLAPPING = fieldNumber("is_flapping");
const DOWNTIME_DEPTH = fieldNumber("scheduled_downtime_depth");
const IS_REACHABLE = fieldNumber("is_reachable");

/** Seconds a check may lie after the file's own time before it is told as a wrong clock. */
const CLOCK_SLACK = 60;

/** Largest count taken from a file. */
const MOST = 1_000_000;

/** What holds for a whole file; filled while it is read. */
export interface StatusFileFacts {
  /** The bytes that are being read. */
  bytes: Buffer;
  /** When the file was written, Unix seconds; 0 where not known yet. */
  created: number;
  /** Whether Icinga 2 wrote it. */
  icinga2: boolean;
  /** Seconds of one unit of `check_interval`. */
  readonly intervalLength: number;
  readonly pool: TextPool;
  readonly warnings: Warnings;
}

/** What the configuration says of a host or check, which the status file leaves out. */
export interface ConfiguredCheck {
  /** Check command with its arguments, null where it is not known. */
  readonly command: string | null;
  /** Seconds between two results at most, 0 where not told. */
  readonly freshness: number;
}

/** Nothing known of the configuration. */
export const NOT_CONFIGURED: ConfiguredCheck = Object.freeze({ command: null, freshness: 0 });

/** The status of the object whose block was walked through last; a configured command replaces the block's own. */
export function statusOf(
  walk: BlockWalk,
  name: ObjectName,
  { command, freshness }: ConfiguredCheck,
  file: StatusFileFacts,
): CheckStatus {
  const unreachable = walk.has(IS_REACHABLE) && numberOf(walk, IS_REACHABLE, file, 1) === 0;
  const state = stateOf(walk, name, unreachable, file);
  const stateType = stateTypeOf(numberOf(walk, STATE_TYPE, file, 1));
  const retrying = stateType === "SOFT" && state !== "OK" && state !== "UP";
  return {
    host: name.host,
    check: name.check,
    state,
    stateType,
    attempt: countOf(walk, CURRENT_ATTEMPT, file),
    maxAttempts: countOf(walk, MAX_ATTEMPTS, file),
    lastCheck: lastCheckOf(walk, name, file),
    lastChange: timeOf(walk, LAST_STATE_CHANGE, file),
    lastHardChange: timeOf(walk, LAST_HARD_STATE_CHANGE, file),
    output: textOf(walk, PLUGIN_OUTPUT, file),
    longOutput: unescapeLongOutput(textOf(walk, LONG_PLUGIN_OUTPUT, file), file.icinga2),
    acknowledgement: acknowledgementOf(walk, file),
    downtimeDepth: countOf(walk, DOWNTIME_DEPTH, file),
    flapping: numberOf(walk, IS_FLAPPING, file, 0) > 0,
    interval: intervalOf(walk, retrying ? RETRY_INTERVAL : CHECK_INTERVAL, freshness, file),
    command: command ?? commandOf(walk, file),
    reachable: !unreachable && state !== "UNREACHABLE",
    active: numberOf(walk, ACTIVE_CHECKS_ENABLED, file, 1) > 0,
  };
}

function stateOf(walk: BlockWalk, name: ObjectName, unreachable: boolean, file: StatusFileFacts): State {
  // Icinga 2 gives objects that were never checked state 1 or 3, so this comes first.
  if (numberOf(walk, HAS_BEEN_CHECKED, file, 0) === 0) {
    return "PENDING";
  }
  const code = numberOf(walk, CURRENT_STATE, file, Number.NaN);
  const state = name.check === null ? hostStateOf(code) : checkStateOf(code);
  if (state === undefined) {
    file.warnings.add("current_state out of range", titleOf(name));
    return name.check === null ? UNKNOWN_HOST : UNKNOWN_CHECK;
  }
  // Icinga 2 writes 1 for a host behind a broken one and says so in is_reachable; its Livestatus then says 2, as Nagios does.
  return state === "DOWN" && unreachable ? "UNREACHABLE" : state;
}

/** Old files say only that it is acknowledged. */
function acknowledgementOf(walk: BlockWalk, file: StatusFileFacts): Acknowledgement {
  const acknowledged = numberOf(walk, ACKNOWLEDGED, file, 0) > 0;
  return acknowledged ? (ACKNOWLEDGEMENTS[numberOf(walk, ACKNOWLEDGEMENT_TYPE, file, 1)] ?? "normal") : "none";
}

/** The last check; one that lies after the file was written is told, since it means that clocks differ. */
function lastCheckOf(walk: BlockWalk, name: ObjectName, file: StatusFileFacts): number {
  if (file.created > 0 && numberOf(walk, LAST_CHECK, file, 0) > file.created + CLOCK_SLACK) {
    file.warnings.add("last_check after the file was written", titleOf(name));
  }
  return timeOf(walk, LAST_CHECK, file);
}

/** Seconds between two results; passive ones come when they come, unless `freshness` says how often they must. */
function intervalOf(walk: BlockWalk, field: number, freshness: number, file: StatusFileFacts): number {
  if (numberOf(walk, ACTIVE_CHECKS_ENABLED, file, 1) === 0) {
    return freshness;
  }
  const seconds = numberOf(walk, field, file, 0) * file.intervalLength;
  // Icinga 2 writes ten seconds as 0.166667 minutes.
  return Math.round(Math.min(LATEST, Math.max(0, seconds)) * 100) / 100;
}

function commandOf(walk: BlockWalk, file: StatusFileFacts): string | null {
  if (!walk.has(CHECK_COMMAND)) {
    return null;
  }
  const command = file.pool.text(file.bytes, walk.starts[CHECK_COMMAND] ?? 0, endOf(walk, CHECK_COMMAND, file.bytes));
  return command === "" ? null : command;
}

function textOf(walk: BlockWalk, field: number, file: StatusFileFacts): string {
  return walk.has(field) ? fieldText(file.bytes, walk.starts[field] ?? 0, endOf(walk, field, file.bytes)) : "";
}

/** A time that is past when the file was written. */
function timeOf(walk: BlockWalk, field: number, file: StatusFileFacts): number {
  return Math.min(file.created || LATEST, Math.max(0, numberOf(walk, field, file, 0)));
}

function countOf(walk: BlockWalk, field: number, file: StatusFileFacts): number {
  return Math.min(MOST, Math.max(0, Math.trunc(numberOf(walk, field, file, 0))));
}

function numberOf(walk: BlockWalk, field: number, file: StatusFileFacts, missing: number): number {
  if (!walk.has(field)) {
    return missing;
  }
  const value = decimal(file.bytes, walk.starts[field] ?? 0, endOf(walk, field, file.bytes));
  return Number.isNaN(value) ? missing : value;
}

function endOf(walk: BlockWalk, field: number, bytes: Buffer): number {
  const end = walk.ends[field] ?? 0;
  return end > (walk.starts[field] ?? 0) && bytes[end - 1] === 13 ? end - 1 : end;
}
