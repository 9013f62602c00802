/**
 * Lines of the event pipe, one for each run of a `global_host_event_handler` or `global_service_event_handler` of
 * Nagios: time, host, check (empty for the host), state, SOFT or HARD, attempt, separated by TABs. States are names or
 * numbers (`$SERVICESTATE$` or `$SERVICESTATEID$`). The plugin's output is not told: it has no business on a command line.
 */
import { CHECK_STATES, HOST_STATES, type State } from "../src/model/state.ts";
import { fieldText } from "./field-text.ts";
import type { AlertEvent } from "./log-event.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";

const FIELDS = 6;
const MOST_ATTEMPTS = 1_000_000;

/** Bytes that a pipe takes in one piece or not at all (PIPE_BUF of Linux), the line feed included. */
export const LONGEST_EVENT_LINE = 4_096;

/** What the macros of an event handler say, as texts. */
export interface EventFields {
  readonly time: string;
  readonly host: string;
  /** Empty for the host itself. */
  readonly check: string;
  readonly state: string;
  readonly stateType: string;
  readonly attempt: string;
}

/** What a line (without its line feed) says; undefined where it is none. Never throws. */
export function readEventLine(line: Buffer): AlertEvent | undefined {
  const fields = fieldText(line, 0, line.length).split("\t");
  const [time = "", host = "", check = "", state = "", stateType = "", attempt = ""] = fields;
  return fields.length === FIELDS ? eventOf({ time, host, check, state, stateType, attempt }) : undefined;
}

/** The line of an event with its line feed; undefined where the fields are no event or do not fit into a line. */
export function eventLine(fields: EventFields): string | undefined {
  const texts = [fields.time, fields.host, fields.check, fields.state, fields.stateType, fields.attempt];
  const line = `${texts.join("\t")}\n`;
  const fits = Buffer.byteLength(line) <= LONGEST_EVENT_LINE && !texts.some((text) => /[\t\n\r\0]/.test(text));
  return fits && eventOf(fields) !== undefined ? line : undefined;
}

function eventOf({ time, host, check, state, stateType, attempt }: EventFields): AlertEvent | undefined {
  const isHost = check === "";
  const refused = hostRefusal(host) ?? (isHost ? undefined : checkRefusal(check));
  const told = stateOf(state, isHost ? HOST_STATES : CHECK_STATES);
  const isWhole = /^[1-9]\d{0,10}$/.test(time) && /^\d{1,9}$/.test(attempt);
  if (refused !== undefined || told === undefined || !isWhole || (stateType !== "SOFT" && stateType !== "HARD")) {
    return;
  }
  return {
    kind: "alert",
    time: Number(time),
    host,
    check: isHost ? null : check,
    state: told,
    stateType,
    attempt: Math.min(MOST_ATTEMPTS, Number(attempt)),
    output: null,
  };
}

function stateOf(text: string, states: readonly State[]): State | undefined {
  return /^\d$/.test(text) ? states[Number(text)] : states.find((state) => state === text);
}
