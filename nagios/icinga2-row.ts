/** The states of hosts and service checks as Icinga 2's API tells them (`/v1/objects/hosts`, `/services`). */
import { titleOf } from "../src/model/ids.ts";
import type { CheckStatus } from "../src/model/monitoring.ts";
import { ACKNOWLEDGEMENTS, isProblem, type State } from "../src/model/state.ts";
import { type Attrs, attrsOf, flagAt, numberAt, shownText, textAt, timeAt } from "./icinga2-attrs.ts";
import type { ResultEvent } from "./icinga2-event.ts";
import type { ObjectName } from "./name-index.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";
import { checkStateOf, stateTypeOf, UNKNOWN_CHECK, UNKNOWN_HOST } from "./states.ts";
import type { Warnings } from "./warnings.ts";

/** Attributes that tell the state. An unknown one fails the whole query, so these are such as every version has. */
export const STATE_ATTRS = [
  "name",
  "state",
  "state_type",
  "check_attempt",
  "max_check_attempts",
  "last_check",
  "last_check_result",
  "last_state_change",
  "last_hard_state_change",
  "last_reachable",
  "acknowledgement",
  "downtime_depth",
  "flapping",
  "enable_active_checks",
  "check_interval",
  "retry_interval",
] as const;

/** What is kept of a host or service check between two events. */
export interface Icinga2Row {
  readonly status: CheckStatus;
  /** Seconds between two results while it is well or HARD, and while a problem is SOFT. */
  readonly checkInterval: number;
  readonly retryInterval: number;
}

/** Largest count and largest time that are taken. */
const MOST = 1_000_000;

/** Seconds a check may lie after the present before it counts as done by a wrong clock. */
const CLOCK_SLACK = 60;

/** The name of a host, or of a service by its `host_name`; undefined where it is refused. */
export function nameOf(attrs: Attrs, isService: boolean, warnings: Warnings): ObjectName | undefined {
  const host = textAt(attrs, isService ? "host_name" : "name");
  const check = isService ? textAt(attrs, "name") : null;
  const refusal = hostRefusal(host) ?? (check === null ? undefined : checkRefusal(check));
  if (refusal !== undefined) {
    warnings.add(refusal, titleOf({ host, check }));
    return;
  }
  return { host, check: check?.replace(/\p{Cc}/gu, "\ufffd") ?? null };
}

/** What the attributes of an object say of its state. */
export function rowOf(name: ObjectName, attrs: Attrs, command: string | null, warnings: Warnings): Icinga2Row {
  const result = attrsOf(attrs["last_check_result"]);
  const reachable = flagAt(attrs, "last_reachable", true);
  const changed = timeAt(attrs, "last_state_change");
  const hardChanged = timeAt(attrs, "last_hard_state_change");
  const isActive = flagAt(attrs, "enable_active_checks", true);
  const row = {
    checkInterval: isActive ? countAt(attrs, "check_interval") : 0,
    retryInterval: isActive ? countAt(attrs, "retry_interval") : 0,
  };
  const state = result === undefined ? "PENDING" : stateOf(name, attrs, reachable, warnings);
  const stateType = stateTypeOf(numberAt(attrs, "state_type", 1));
  const status: CheckStatus = {
    host: name.host,
    check: name.check,
    state,
    stateType,
    attempt: countAt(attrs, "check_attempt"),
    maxAttempts: countAt(attrs, "max_check_attempts"),
    lastCheck: timeAt(attrs, "last_check"),
    // What is as it was at its first check never changed; it has been so since it was known for sure.
    lastChange: changed || hardChanged,
    lastHardChange: hardChanged,
    ...outputOf(result === undefined ? "" : textAt(result, "output")),
    acknowledgement: ACKNOWLEDGEMENTS[numberAt(attrs, "acknowledgement")] ?? "none",
    downtimeDepth: countAt(attrs, "downtime_depth"),
    flapping: flagAt(attrs, "flapping"),
    interval: 0,
    command,
    reachable,
    active: isActive,
  };
  return { status: { ...status, interval: intervalOf(row, status, result ? numberAt(result, "ttl") : 0) }, ...row };
}

/** A row after a result, and whether only the object itself can tell what is the matter now. */
export interface RowAfter {
  readonly row: Icinga2Row;
  readonly isDoubtful: boolean;
}

/**
 * The row after a result. One that is older than what the row says changes nothing: it was told before the object was
 * read. So a state never jumps back.
 */
export function rowAfter(row: Icinga2Row, event: ResultEvent): RowAfter {
  const before = row.status;
  if (event.checked < before.lastCheck) {
    // Not older, but after one with a wrong clock: Icinga 2 takes it all the same.
    return { row, isDoubtful: before.lastCheck > event.time + CLOCK_SLACK };
  }
  const state = stateAfter(event);
  const isNew = ownState(state) !== ownState(before.state);
  const isNewlyHard = event.stateType === "HARD" && (isNew || before.stateType === "SOFT");
  const status: CheckStatus = {
    ...before,
    state,
    stateType: event.stateType,
    attempt: event.attempt,
    lastCheck: event.checked,
    lastChange: isNew ? event.ended : before.lastChange,
    lastHardChange: isNewlyHard ? event.ended : before.lastHardChange,
    ...outputOf(event.output),
    acknowledgement: event.acknowledged && isProblem(state) ? before.acknowledgement : "none",
    reachable: event.reachable,
  };
  const isAcknowledged = before.acknowledgement !== "none";
  const isDoubtful = event.acknowledged !== isAcknowledged || event.downtimeDepth !== before.downtimeDepth;
  return { row: { ...row, status: { ...status, interval: intervalOf(row, status, event.ttl) } }, isDoubtful };
}

function stateOf(name: ObjectName, attrs: Attrs, reachable: boolean, warnings: Warnings): State {
  const code = numberAt(attrs, "state", -1);
  if (name.check !== null) {
    const state = checkStateOf(code);
    if (state === undefined) {
      warnings.add("state out of range", titleOf(name));
    }
    return state ?? UNKNOWN_CHECK;
  }
  if (code !== 0 && code !== 1) {
    warnings.add("state out of range", name.host);
    return UNKNOWN_HOST;
  }
  return hostState(code === 0, reachable);
}

/** A host is UP where its plugin ended with 0 or 1. */
function stateAfter({ check, code, reachable }: ResultEvent): State {
  return check === null ? hostState(code < 2, reachable) : (checkStateOf(code) ?? UNKNOWN_CHECK);
}

/** UNREACHABLE is no state for Icinga 2, but a DOWN behind another. */
function hostState(isUp: boolean, reachable: boolean): State {
  if (isUp) {
    return "UP";
  }
  return reachable ? "DOWN" : "UNREACHABLE";
}

/** The state in Icinga 2's own terms. */
function ownState(state: State): State {
  return state === "UNREACHABLE" ? "DOWN" : state;
}

function outputOf(text: string): Pick<CheckStatus, "output" | "longOutput"> {
  const shown = shownText(text);
  const end = shown.indexOf("\n");
  return end < 0
    ? { output: shown, longOutput: "" }
    : { output: shown.slice(0, end), longOutput: shown.slice(end + 1).replace(/\n+$/, "") };
}

/** Seconds until the next result is due; 0 for passive checks, which come when they come. */
function intervalOf({ checkInterval, retryInterval }: Omit<Icinga2Row, "status">, status: CheckStatus, ttl: number) {
  if (ttl > 0) {
    return Math.min(MOST, ttl);
  }
  return status.stateType === "SOFT" && isProblem(status.state) ? retryInterval : checkInterval;
}

function countAt(attrs: Attrs, key: string): number {
  return Math.min(MOST, Math.max(0, numberAt(attrs, key)));
}
