/** What goes wrong on the demo's site, and when: pure functions of the seconds since the demo began. */
import { type CheckState, isProblem, type StateType } from "../../model/state.ts";
import type { SiteCheck } from "./site.ts";

/** The stories the demo can tell. `calm`: nothing happens beside the usual noise. */
export const SCENARIOS = ["cascade", "calm"] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** From `at` seconds into each round on, a check is in this state. */
interface Step {
  readonly at: number;
  readonly state: CheckState;
  readonly output: string;
}

/** How a check stands at a moment; times are seconds since the demo began, negative before it. */
export interface CheckMoment {
  readonly state: CheckState;
  readonly stateType: StateType;
  readonly attempt: number;
  /** Undefined: the check's usual output. */
  readonly output: string | undefined;
  readonly stateChange: number;
  readonly hardChange: number;
  /** Seconds of the last change before this one's state began; where it was not OK, when it left OK. */
  readonly leftOk: number;
}

/** Attempts until Nagios is sure, and seconds between them. */
export const MAX_ATTEMPTS = 3;
export const RETRY_SECONDS = 4;

/** Seconds of one round of the cascade; then it begins anew. */
export const ROUND_SECONDS = 240;

const REFUSED = "ERROR 1040 (08004): Too many connections";
const INTERNAL = "HTTP CRITICAL: HTTP/1.1 500 Internal Server Error - 183 bytes in 0.012 second response time";
const TIMEOUT = "CRITICAL - Socket timeout after 10 seconds";
const UNAVAILABLE = "HTTP CRITICAL: HTTP/1.1 503 Service Unavailable - 92 bytes in 0.002 second response time";
const SLOW = "HTTP WARNING: HTTP/1.1 200 OK - 4388 bytes in 6.214 second response time";

/**
 * The cascade: the primary database takes no more connections, the applications fail, the web servers slow down and
 * fail, the load balancer has nobody left; then the database recovers and everything follows.
 */
const CASCADE: ReadonlyMap<string, readonly Step[]> = new Map([
  story("db01", "MySQL", [10, "CRITICAL", REFUSED], [90, "OK"]),
  story("app01", "Shop API", [16, "CRITICAL", INTERNAL], [94, "OK"]),
  story("app02", "Shop API", [18, "CRITICAL", INTERNAL], [95, "OK"]),
  story("app01", "Checkout", [19, "CRITICAL", TIMEOUT], [96, "OK"]),
  story("app02", "Checkout", [21, "CRITICAL", TIMEOUT], [95, "OK"]),
  story(
    "db02",
    "MySQL replication",
    [20, "CRITICAL", "Slave IO: Connecting Slave SQL: Yes Seconds Behind Master: NULL"],
    [97, "OK"],
  ),
  story("web01", "HTTP", [22, "WARNING", SLOW], [40, "CRITICAL", TIMEOUT], [98, "OK"]),
  story("web02", "HTTP", [24, "WARNING", SLOW], [44, "CRITICAL", TIMEOUT], [99, "OK"]),
  story("lb01", "HTTPS", [46, "CRITICAL", UNAVAILABLE], [101, "OK"]),
]);

const STORIES: Readonly<Record<ScenarioName, ReadonlyMap<string, readonly Step[]>>> = {
  cascade: CASCADE,
  calm: new Map(),
};

/** The check that breaks first, for the commands the demo prints. */
export const FIRST_PROBLEM = { host: "db01", check: "MySQL" } as const;

/** How a check stands `elapsed` seconds after the demo began; `since` is when its usual state began (negative). */
export function checkMoment(scenario: ScenarioName, check: SiteCheck, elapsed: number, since: number): CheckMoment {
  const steps = STORIES[scenario].get(storyKey(check.host, check.check));
  const first = steps?.[0];
  if (steps === undefined || first === undefined || elapsed < first.at) {
    return usual(check, since);
  }
  const into = elapsed % ROUND_SECONDS;
  const began = elapsed - into;
  const now = steps.findLastIndex((step) => step.at <= into);
  // Before the first step of a later round the last step of the round before still holds.
  const index = now < 0 ? steps.length - 1 : now;
  return momentOf(steps, index, now < 0 ? began - ROUND_SECONDS : began, elapsed, since);
}

function usual(check: SiteCheck, since: number): CheckMoment {
  const problem = isProblem(check.state);
  return {
    state: check.state,
    stateType: "HARD",
    attempt: problem ? MAX_ATTEMPTS : 1,
    output: undefined,
    stateChange: since,
    hardChange: problem ? since + RETRY_SECONDS * (MAX_ATTEMPTS - 1) : since,
    leftOk: since,
  };
}

function momentOf(steps: readonly Step[], index: number, began: number, elapsed: number, since: number): CheckMoment {
  const step = steps[index];
  const first = steps[0];
  if (step === undefined || first === undefined) {
    throw new RangeError("a story has at least one step");
  }
  const changed = began + step.at;
  const leftOk = began + first.at;
  if (!isProblem(step.state)) {
    return {
      state: step.state,
      stateType: "HARD",
      attempt: 1,
      output: undefined,
      stateChange: changed,
      hardChange: changed,
      leftOk,
    };
  }
  const attempt = Math.min(MAX_ATTEMPTS, 1 + Math.floor((elapsed - leftOk) / RETRY_SECONDS));
  const lastRecovery = began === 0 ? since : began - ROUND_SECONDS + (steps.at(-1)?.at ?? 0);
  const becameHard = leftOk + RETRY_SECONDS * (MAX_ATTEMPTS - 1);
  return {
    state: step.state,
    stateType: attempt === MAX_ATTEMPTS ? "HARD" : "SOFT",
    attempt,
    output: step.output,
    stateChange: changed,
    // A change between two problem states counts as hard at once where the first one was hard (base/checks.c).
    hardChange: attempt < MAX_ATTEMPTS ? lastRecovery : Math.max(changed, becameHard),
    leftOk,
  };
}

type ToldStep = readonly [at: number, state: CheckState, output?: string];

function story(host: string, check: string, ...steps: readonly ToldStep[]) {
  const told = steps.map(([at, state, output]) => ({ at, state, output: output ?? "" }));
  return [storyKey(host, check), told] as const;
}

function storyKey(host: string, check: string): string {
  return `${host}\n${check}`;
}
