/**
 * The numbers Nagios, Icinga and Livestatus use for states, in words. Out-of-range numbers give undefined:
 * the reader of the dialect decides on a word and counts them.
 */
import { CHECK_STATES, type CheckState, HOST_STATES, type HostState, type StateType } from "../src/model/state.ts";

/** State of a service check by its `current_state` number; undefined where Nagios knows no such number. */
export function checkStateOf(code: number): CheckState | undefined {
  return CHECK_STATES[code];
}

/** State of a host by its `current_state` number; undefined where Nagios knows no such number. */
export function hostStateOf(code: number): HostState | undefined {
  return HOST_STATES[code];
}

/** What a service check is called whose number is out of range. */
export const UNKNOWN_CHECK: CheckState = "UNKNOWN";

/** What a host is called whose number is out of range: hosts have no UNKNOWN, this is their "cannot tell". */
export const UNKNOWN_HOST: HostState = "UNREACHABLE";

/** SOFT for 0, HARD for anything else (`state_type`). */
export function stateTypeOf(code: number): StateType {
  return code === 0 ? "SOFT" : "HARD";
}
