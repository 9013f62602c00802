/**
 * What the classic `status.cgi?…&jsonoutput` of Icinga 1 and its kin says, which the original DOTM read. Versions before
 * 1.6 have neither acknowledgements nor downtimes, versions before 1.9 no state type and other names for host and check.
 */
import type { CheckStatus } from "../src/model/monitoring.ts";
import { CHECK_STATES, HOST_STATES, isProblem, type State, type StateType } from "../src/model/state.ts";
import { cgiName } from "./cgi-status.ts";
import {
  classicDuration,
  classicTime,
  type DateOrder,
  dateOrder,
  guessOrder,
  type ZoneOffset,
} from "./classic-date.ts";
import { flagField, numberField, textField } from "./json-field.ts";
import type { JsonFields, JsonRow } from "./json-rows.ts";
import { UNKNOWN_CHECK, UNKNOWN_HOST } from "./states.ts";
import type { Warnings } from "./warnings.ts";

/** Where `status.cgi` has its rows (see JsonRows). */
export const CLASSIC_LISTS: ReadonlyMap<string, number> = new Map([
  ["icinga_status", 0],
  ["status.host_status", 1],
  ["status.service_status", 1],
]);

/** What the answers leave out. */
export interface ClassicClock {
  /** The server's clock when it answered, Unix seconds. */
  readonly now: number;
  readonly offset: ZoneOffset;
}

/** What the answers of one server say together. */
export interface ClassicRead {
  readonly statuses: readonly CheckStatus[];
  /** When the monitoring wrote what the answers were made from, Unix seconds. */
  readonly asOf: number;
  /** Names people gave to hosts beside their own, by host. */
  readonly displayNames: ReadonlyMap<string, string>;
}

/** Seconds a check may lie after the answer before it is told as a wrong clock or zone. */
const CLOCK_SLACK = 60;

/** Collects the rows of one or more answers. */
export class ClassicRows {
  readonly #rows: JsonRow[] = [];
  #order: DateOrder | undefined;
  #age = 0;
  hosts = 0;
  checks = 0;

  /** Takes a row of any list. */
  take(row: JsonRow): void {
    if (row.list === "icinga_status") {
      this.#order = dateOrder(textField(row.fields, "date_format"));
      this.#age = numberField(row.fields, "status_data_age");
      return;
    }
    this.#rows.push(row);
    this.hosts += row.list === "status.host_status" ? 1 : 0;
    this.checks += row.list === "status.service_status" ? 1 : 0;
  }

  /** What all rows say. */
  finish(clock: ClassicClock, warnings: Warnings): ClassicRead {
    const dates = this.#rows.map(({ fields }) => textField(fields, "last_check"));
    const order = this.#order ?? guessOrder(dates, clock.now + clock.offset(clock.now));
    const statuses: CheckStatus[] = [];
    const displayNames = new Map<string, string>();
    for (const row of this.#rows) {
      const status = classicStatus(row, order, clock, warnings);
      if (status !== undefined) {
        statuses.push(status);
        displayNames.set(status.host, textField(row.fields, "host_display_name"));
      }
    }
    return { statuses, asOf: clock.now - this.#age, displayNames };
  }
}

function classicStatus(
  { list, fields }: JsonRow,
  order: DateOrder,
  clock: ClassicClock,
  warnings: Warnings,
): CheckStatus | undefined {
  const isCheck = list === "status.service_status";
  const host = textField(fields, "host_name") || textField(fields, "host");
  const check = isCheck ? textField(fields, "service_description") || textField(fields, "service") : null;
  const name = cgiName(host, check, warnings);
  if (name === undefined) {
    return undefined;
  }
  const state = stateOf(fields, isCheck, host, warnings);
  const [attempt, maxAttempts] = attemptsOf(textField(fields, "attempts"));
  const stateType = stateTypeOf(fields, state, attempt < maxAttempts);
  const duration = classicDuration(textField(fields, "duration"));
  const lastChange = duration === undefined ? 0 : Math.max(0, clock.now - duration);
  if (!Object.hasOwn(fields, "has_been_acknowledged")) {
    warnings.add("answers without acknowledgements, downtimes and flapping", host);
  }
  return {
    host: name.host,
    check: name.check,
    state,
    stateType,
    attempt,
    maxAttempts,
    lastCheck: lastCheckOf(fields, order, clock, warnings),
    lastChange,
    lastHardChange: stateType === "HARD" ? lastChange : 0,
    // Of what was never checked the CGI says when it will be, which is no output.
    output: state === "PENDING" ? "" : textField(fields, "status_information"),
    longOutput: "",
    acknowledgement: flagField(fields, "has_been_acknowledged") ? "normal" : "none",
    downtimeDepth: flagField(fields, "in_scheduled_downtime") ? 1 : 0,
    flapping: flagField(fields, "is_flapping"),
    interval: 0,
    command: null,
    reachable: state !== "UNREACHABLE",
    active: flagField(fields, "active_checks_enabled", true),
  };
}

function stateOf(fields: JsonFields, isCheck: boolean, host: string, warnings: Warnings): State {
  const word = textField(fields, "status");
  const states: readonly State[] = isCheck ? [...CHECK_STATES, "PENDING"] : [...HOST_STATES, "PENDING"];
  const state = states.find((known) => known === word);
  if (state === undefined) {
    warnings.add("status out of range", host);
  }
  return state ?? (isCheck ? UNKNOWN_CHECK : UNKNOWN_HOST);
}

/** Old versions do not say it; a problem that is still tried again is SOFT. */
function stateTypeOf(fields: JsonFields, state: State, isRetrying: boolean): StateType {
  const told = textField(fields, "state_type");
  if (told === "SOFT" || told === "HARD") {
    return told;
  }
  return isProblem(state) && isRetrying ? "SOFT" : "HARD";
}

function attemptsOf(text: string): [attempt: number, of: number] {
  const parts = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  return [Number(parts?.[1] ?? 0), Number(parts?.[2] ?? 0)];
}

function lastCheckOf(fields: JsonFields, order: DateOrder, { now, offset }: ClassicClock, warnings: Warnings): number {
  const text = textField(fields, "last_check");
  const time = classicTime(text, order, offset);
  if (time > now + CLOCK_SLACK) {
    warnings.add("last_check in the future", text);
  }
  return Math.min(now, time);
}
