/**
 * States of hosts and service checks in Nagios' words, and which of two is worse.
 * Orders are those of Icinga Business Process (CRITICAL > UNKNOWN > WARNING > PENDING > OK).
 */

/** Nagios' service states; a state's place in the list is its `current_state` number and its plugin exit code. */
export const CHECK_STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;

/** Nagios' host states; a state's place in the list is its `current_state` number. */
export const HOST_STATES = ["UP", "DOWN", "UNREACHABLE"] as const;

/** State of a service check; PENDING was never checked. */
export type CheckState = (typeof CHECK_STATES)[number] | "PENDING";

/** State of a host; PENDING was never checked. */
export type HostState = (typeof HOST_STATES)[number] | "PENDING";

/** State of a host or of a service check. */
export type State = CheckState | HostState;

/** SOFT while Nagios still retries, HARD when it is sure (base/checks.c). */
export type StateType = "SOFT" | "HARD";

/** How a problem is acknowledged: a normal one ends with any change of state, a sticky one with the recovery (Nagios' `acknowledgement_type`). */
export const ACKNOWLEDGEMENTS = ["none", "normal", "sticky"] as const;

/** One of those. */
export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number];

const BADNESS: Readonly<Record<State, number>> = {
  OK: 0,
  UP: 0,
  PENDING: 1,
  WARNING: 2,
  UNKNOWN: 3,
  UNREACHABLE: 3,
  CRITICAL: 4,
  DOWN: 4,
};

/** How bad a state is, 0 (OK, UP) to 4 (CRITICAL, DOWN). */
export function badness(state: State): number {
  return BADNESS[state];
}

/** The worse of two states; the first where both are equally bad. */
export function worse<S extends State>(a: S, b: S): S {
  return BADNESS[b] > BADNESS[a] ? b : a;
}

/** Whether a state is a problem: checked, and neither OK nor UP. */
export function isProblem(state: State): boolean {
  return BADNESS[state] > 1;
}

/** What a person or program has said about a problem; never changes its state (SEMANTICS: handled, flapping, stale). */
export interface Handling {
  readonly acknowledged: boolean;
  /** Own downtime depth above 0, or, for a service check, its host's. */
  readonly inDowntime: boolean;
  readonly flapping: boolean;
  readonly soft: boolean;
  /** The result is older than 1.5 expected intervals, or its source is stale. */
  readonly stale: boolean;
}

/** Nothing said. */
export const UNHANDLED: Handling = Object.freeze({
  acknowledged: false,
  inDowntime: false,
  flapping: false,
  soft: false,
  stale: false,
});
