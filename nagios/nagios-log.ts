/**
 * Reads single lines of `nagios.log` (Nagios, Naemon, Icinga 1, the compat log of Icinga 2): `[epoch] TYPE: a;b;c`,
 * where only the last field may hold a semicolon. Written by base/checks.c, base/flapping.c, common/downtime.c.
 *
 * `PASSIVE SERVICE CHECK` says the state before, and `INITIAL` and `CURRENT` states are what the status file says too,
 * so neither is read.
 */
import { CHECK_STATES, HOST_STATES, type State } from "../src/model/state.ts";
import { decimal } from "./decimal.ts";
import { fieldText } from "./field-text.ts";
import { LATEST } from "./latest-time.ts";
import type { LogEvent } from "./log-event.ts";
import type { ObjectName } from "./name-index.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";

/** Where in a line what begins and ends. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Reads the fields of one type of line; `host` says whether it speaks of a host itself. */
type ReadFields = (line: Buffer, rest: Span, time: number, host: boolean) => LogEvent | undefined;

const SEMICOLON = 59;
const BRACKET = 91;
const CARRIAGE_RETURN = 13;

/** No type of line is longer. */
const LONGEST_TYPE = 64;
const MOST_ATTEMPTS = 1_000_000;

/** `acknowledgement_type` of the command ACKNOWLEDGE_…_PROBLEM. */
const STICKY = 2;

const LINES: ReadonlyMap<string, readonly [read: ReadFields, host: boolean]> = new Map([
  ["SERVICE ALERT", [alertOf, false]],
  ["HOST ALERT", [alertOf, true]],
  ["SERVICE DOWNTIME ALERT", [spanOf("downtime"), false]],
  ["HOST DOWNTIME ALERT", [spanOf("downtime"), true]],
  ["SERVICE FLAPPING ALERT", [spanOf("flapping"), false]],
  ["HOST FLAPPING ALERT", [spanOf("flapping"), true]],
  ["EXTERNAL COMMAND", [commandOf, false]],
]);

/** Commands on acknowledgements: of a host, beginning, and how many fields there are with the command itself. */
const COMMANDS: ReadonlyMap<string, { readonly host: boolean; readonly begins: boolean; readonly fields: number }> =
  new Map([
    ["ACKNOWLEDGE_SVC_PROBLEM", { host: false, begins: true, fields: 8 }],
    ["ACKNOWLEDGE_HOST_PROBLEM", { host: true, begins: true, fields: 7 }],
    ["REMOVE_SVC_ACKNOWLEDGEMENT", { host: false, begins: false, fields: 3 }],
    ["REMOVE_HOST_ACKNOWLEDGEMENT", { host: true, begins: false, fields: 2 }],
  ]);

/** Words of downtimes and flapping: whether one begins. */
const BEGINS: ReadonlyMap<string, boolean> = new Map([
  ["STARTED", true],
  ["STOPPED", false],
  ["CANCELLED", false],
  ["DISABLED", false],
]);

/** What a line (without its line feed) says; undefined where it says nothing of a state. Never throws. */
export function readLogLine(line: Buffer): LogEvent | undefined {
  const bracket = line[0] === BRACKET ? line.indexOf("] ") : -1;
  const time = bracket > 0 ? decimal(line, 1, bracket) : Number.NaN;
  if (!Number.isSafeInteger(time) || time <= 0 || time > LATEST) {
    return;
  }
  const head = line.toString("latin1", bracket + 2, bracket + 2 + LONGEST_TYPE);
  const colon = head.indexOf(": ");
  const known = LINES.get(head.slice(0, Math.max(0, colon)));
  if (known === undefined) {
    return;
  }
  const [read, host] = known;
  const end = line[line.length - 1] === CARRIAGE_RETURN ? line.length - 1 : line.length;
  return read(line, { start: bracket + 2 + colon + 2, end }, time, host);
}

/** `host;STATE;SOFT|HARD;attempt;output`, for a service `host;service;…`. */
function alertOf(line: Buffer, rest: Span, time: number, host: boolean): LogEvent | undefined {
  const fields = fieldsOf(line, rest, host ? 5 : 6);
  const name = fields === undefined ? undefined : nameOf(fields, host);
  if (fields === undefined || name === undefined) {
    return;
  }
  const [stateText = "", stateType, attemptText = "", output = ""] = fields.slice(host ? 1 : 2);
  const state = stateOf(stateText, host);
  const attempt = /^\d{1,9}$/.test(attemptText) ? Math.min(MOST_ATTEMPTS, Number(attemptText)) : Number.NaN;
  if (state === undefined || Number.isNaN(attempt) || (stateType !== "SOFT" && stateType !== "HARD")) {
    return;
  }
  return { kind: "alert", time, ...name, state, stateType, attempt, output: output === "(null)" ? "" : output };
}

/** `host;STARTED|STOPPED|…; text`, for a service `host;service;…`. */
function spanOf(kind: "downtime" | "flapping"): ReadFields {
  return (line, rest, time, host) => {
    const fields = fieldsOf(line, rest, host ? 3 : 4);
    const name = fields === undefined ? undefined : nameOf(fields, host);
    const begins = BEGINS.get(fields?.[host ? 1 : 2] ?? "");
    return name === undefined || begins === undefined ? undefined : { kind, time, ...name, begins };
  };
}

/** `ACKNOWLEDGE_SVC_PROBLEM;host;service;sticky;notify;persistent;author;comment` and its like. */
function commandOf(line: Buffer, rest: Span, time: number): LogEvent | undefined {
  const semicolon = line.indexOf(SEMICOLON, rest.start);
  const command = semicolon < 0 ? undefined : COMMANDS.get(line.toString("latin1", rest.start, semicolon));
  if (command === undefined) {
    return;
  }
  const { host, begins } = command;
  const fields = fieldsOf(line, rest, command.fields)?.slice(1);
  const name = fields === undefined ? undefined : nameOf(fields, host);
  if (fields === undefined || name === undefined) {
    return;
  }
  const sticky = begins && Number(fields[host ? 1 : 2]) === STICKY;
  return { kind: "acknowledgement", time, ...name, begins, sticky };
}

/**
 * The texts of `count` fields; undefined where there are fewer. Each is decoded by itself: the output may be Latin-1
 * where the names are UTF-8.
 */
function fieldsOf(line: Buffer, { start, end }: Span, count: number): string[] | undefined {
  const fields: string[] = [];
  let from = start;
  while (fields.length < count - 1) {
    const semicolon = line.indexOf(SEMICOLON, from);
    if (semicolon < 0 || semicolon >= end) {
      return;
    }
    fields.push(fieldText(line, from, semicolon));
    from = semicolon + 1;
  }
  fields.push(fieldText(line, from, end));
  return fields;
}

function nameOf([host = "", check = ""]: readonly string[], isHost: boolean): ObjectName | undefined {
  if (hostRefusal(host) !== undefined || (!isHost && checkRefusal(check) !== undefined)) {
    return;
  }
  return { host, check: isHost ? null : check };
}

function stateOf(text: string, host: boolean): State | undefined {
  const states: readonly State[] = host ? HOST_STATES : CHECK_STATES;
  return states.find((state) => state === text);
}
