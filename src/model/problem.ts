/** A current problem: a host or service check that is not OK, and what it broke. Made by `states`, read by `impact`. */
import type { Mapping } from "./mapping.ts";
import type { CheckStatus } from "./monitoring.ts";
import { badness, type Handling, type State, type StateType } from "./state.ts";

/** A host or service check as all sources together tell it. */
export interface CheckView {
  readonly status: CheckStatus;
  readonly source: string;
  readonly handling: Handling;
  /** Null for the host itself. */
  readonly mapping: Mapping | null;
}

/** A problem with the ids it broke. */
export interface CurrentProblem {
  /** `checkKey(host, check)`. */
  readonly key: string;
  readonly view: CheckView;
  /** Ids of services, for a host of all its services and processes; sorted. */
  readonly failed: readonly string[];
}

/** State of a service by the checks mapped to it. */
export interface ServiceState {
  readonly state: State;
  readonly stateType: StateType;
  readonly handling: Handling;
  /** Names of all checks mapped to it, sorted. */
  readonly checks: readonly string[];
}

/** How hard the problem's own services are hit: 3 by CRITICAL or DOWN, 2 by WARNING, 1 by SOFT, UNKNOWN or ambiguity. */
export function strengthOf(problem: CurrentProblem): 1 | 2 | 3 {
  const { status, mapping } = problem.view;
  if (status.stateType === "SOFT" || mapping?.ambiguous === true) {
    return 1;
  }
  if (status.state === "WARNING") {
    return 2;
  }
  return badness(status.state) === 4 ? 3 : 1;
}

/** Whether somebody deals with it: acknowledged or in downtime. */
export function isHandled(handling: Handling): boolean {
  return handling.acknowledged || handling.inDowntime;
}
