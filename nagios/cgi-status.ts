/**
 * What `statusjson.cgi` of Nagios 4 says (cgi/statusjson.c): hosts, service checks, comments and downtimes, with times in
 * milliseconds and states as bits. A name the CGI cannot write in its locale comes as `(null)`: such objects are counted,
 * never guessed.
 */
import { checkKey, titleOf } from "../src/model/ids.ts";
import type { CheckStatus } from "../src/model/monitoring.ts";
import { COMMENT_ORIGINS, type MonitoringComment, type MonitoringDowntime } from "../src/model/monitoring-notes.ts";
import { ACKNOWLEDGEMENTS, type CheckState, type HostState, type State } from "../src/model/state.ts";
import { flagField, linesField, numberField, textField, timeField } from "./json-field.ts";
import type { JsonFields, JsonRow } from "./json-rows.ts";
import type { ObjectName } from "./name-index.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";
import { stateTypeOf, UNKNOWN_CHECK, UNKNOWN_HOST } from "./states.ts";
import type { Warnings } from "./warnings.ts";

/** Where `statusjson.cgi` has its rows (see JsonRows). */
export const STATUS_LISTS: ReadonlyMap<string, number> = new Map([
  ["result", 0],
  ["data.hostlist", 1],
  ["data.servicelist", 2],
  ["data.commentlist", 1],
  ["data.downtimelist", 1],
]);

/** What is said of objects that come without their name; a fixed text. */
export const NO_NAME = "name that the CGI cannot write";

const HOST_BITS: Readonly<Record<number, HostState>> = { 1: "PENDING", 2: "UP", 4: "DOWN", 8: "UNREACHABLE" };
const CHECK_BITS: Readonly<Record<number, CheckState>> = {
  1: "PENDING",
  2: "OK",
  4: "WARNING",
  8: "UNKNOWN",
  16: "CRITICAL",
};

const MOST = 1_000_000;
const NULL = "(null)";

/** What every answer says of itself. */
export interface CgiResult {
  /** When Nagios wrote what the answer was made from, Unix seconds; 0 where unknown. */
  readonly asOf: number;
  /** When Nagios was started or reloaded last, Unix seconds. */
  readonly programStart: number;
  /** 0 for success. */
  readonly code: number;
  readonly message: string;
}

/** The `result` of an answer. */
export function cgiResult({ fields }: JsonRow): CgiResult {
  return {
    asOf: timeField(fields, "last_data_update"),
    programStart: timeField(fields, "program_start"),
    code: numberField(fields, "type_code"),
    message: textField(fields, "message") || textField(fields, "type_text"),
  };
}

/** The status in a row of `hostlist` or `servicelist`; undefined where it has no name that can be used. */
export function cgiStatus(
  { list, keys, fields }: JsonRow,
  commands: ReadonlyMap<string, string>,
  warnings: Warnings,
): CheckStatus | undefined {
  const name = cgiName(keys[0] ?? "", list === "data.servicelist" ? (keys[1] ?? "") : null, warnings);
  if (name === undefined) {
    return undefined;
  }
  const state = stateOf(name, fields, warnings);
  const acknowledged = flagField(fields, "problem_has_been_acknowledged");
  return {
    host: name.host,
    check: name.check,
    state,
    stateType: stateTypeOf(numberField(fields, "state_type", 1)),
    attempt: count(fields, "current_attempt"),
    maxAttempts: count(fields, "max_attempts"),
    lastCheck: timeField(fields, "last_check"),
    lastChange: timeField(fields, "last_state_change"),
    lastHardChange: timeField(fields, "last_hard_state_change"),
    // Of what was never checked the CGI says when it will be, which is no output.
    output: state === "PENDING" ? "" : textField(fields, "plugin_output"),
    longOutput: linesField(fields, "long_plugin_output"),
    acknowledgement: acknowledged
      ? (ACKNOWLEDGEMENTS[numberField(fields, "acknowledgement_type", 1)] ?? "normal")
      : "none",
    downtimeDepth: count(fields, "scheduled_downtime_depth"),
    flapping: flagField(fields, "is_flapping"),
    interval: intervalOf(fields),
    command: commands.get(checkKey(name.host, name.check)) ?? null,
    reachable: state !== "UNREACHABLE",
    active: flagField(fields, "checks_enabled", true),
  };
}

/** The comment in a row of `commentlist`; undefined where its host or check has no name that can be used. */
export function cgiComment({ keys, fields }: JsonRow, warnings: Warnings): MonitoringComment | undefined {
  const name = cgiName(textField(fields, "host_name"), noteCheck(fields), warnings);
  return name === undefined
    ? undefined
    : {
        host: name.host,
        check: name.check,
        id: keys[0] ?? "",
        origin: COMMENT_ORIGINS[numberField(fields, "entry_type") - 1] ?? "user",
        author: textField(fields, "author"),
        text: textField(fields, "comment_data"),
        entered: timeField(fields, "entry_time"),
        expires: flagField(fields, "expires") ? timeField(fields, "expire_time") : 0,
        persistent: flagField(fields, "persistent"),
      };
}

/** The downtime in a row of `downtimelist`; undefined where its host or check has no name that can be used. */
export function cgiDowntime({ keys, fields }: JsonRow, warnings: Warnings): MonitoringDowntime | undefined {
  const name = cgiName(textField(fields, "host_name"), noteCheck(fields), warnings);
  return name === undefined
    ? undefined
    : {
        host: name.host,
        check: name.check,
        id: keys[0] ?? "",
        author: textField(fields, "author"),
        text: textField(fields, "comment"),
        entered: timeField(fields, "entry_time"),
        start: timeField(fields, "start_time"),
        end: timeField(fields, "end_time"),
        fixed: flagField(fields, "fixed", true),
        duration: numberField(fields, "duration"),
        inEffect: flagField(fields, "is_in_effect"),
      };
}

/** A name as the CGIs write it; undefined where it is none that can be used, which is counted. */
export function cgiName(host: string, check: string | null, warnings: Warnings): ObjectName | undefined {
  const text = titleOf({ host, check });
  if (host === NULL || check === NULL) {
    warnings.add(NO_NAME, text);
    return undefined;
  }
  const refusal = hostRefusal(host) ?? (check === null ? undefined : checkRefusal(check));
  if (refusal !== undefined) {
    warnings.add(refusal, text);
    return undefined;
  }
  return { host, check };
}

function noteCheck(fields: JsonFields): string | null {
  return Object.hasOwn(fields, "service_description") ? textField(fields, "service_description") : null;
}

function stateOf({ host, check }: ObjectName, fields: JsonFields, warnings: Warnings): State {
  if (!flagField(fields, "has_been_checked", true)) {
    return "PENDING";
  }
  const bits = numberField(fields, "status", Number.NaN);
  const state = check === null ? HOST_BITS[bits] : CHECK_BITS[bits];
  if (state === undefined) {
    warnings.add("status out of range", titleOf({ host, check }));
    return check === null ? UNKNOWN_HOST : UNKNOWN_CHECK;
  }
  return state;
}

/** Seconds between two results. The CGI does not say how long a unit of `check_interval` is, but when it checks next. */
function intervalOf(fields: JsonFields): number {
  const [last, next] = [timeField(fields, "last_check"), timeField(fields, "next_check")];
  const isScheduled = flagField(fields, "checks_enabled", true) && flagField(fields, "should_be_scheduled", true);
  return isScheduled && last > 0 ? Math.max(0, next - last) : 0;
}

function count(fields: JsonFields, name: string): number {
  return Math.min(MOST, Math.trunc(numberField(fields, name)));
}
