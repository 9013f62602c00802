/** The state of a check of which alerts fire. */
import type { Alert } from "../../nagios/alertmanager.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import { badness, isProblem, worse } from "../model/state.ts";

/** Characters of what the other alerts say; the rest is cut. */
const LONGEST = 64 * 1024;

/** As bad as the worst that fires. */
export function alertStatus({ host, check }: ObjectName, firing: readonly Alert[]) {
  const state = firing.map((alert) => alert.state).reduce(worse, "OK");
  const worst = firing.find((alert) => alert.state === state);
  return {
    host,
    check,
    state,
    ...({ stateType: "HARD", attempt: 1, maxAttempts: 1, acknowledgement: "none" } as const),
    output: worst?.output ?? "resolved",
    longOutput: outputsOf(firing.filter((alert) => alert !== worst)),
    ...{ downtimeDepth: 0, flapping: false, interval: 0, command: null, reachable: true, active: false },
  };
}

/** Since when the check is so: the beginning of the oldest alert that fires; `now` where it got better. */
export function alertSince(before: CheckStatus | undefined, firing: readonly Alert[], now: number): number {
  const state = firing.map((alert) => alert.state).reduce(worse, "OK");
  if (!isProblem(state) || (before !== undefined && badness(before.state) > badness(state))) {
    return now;
  }
  return firing.reduce((oldest, { since }) => (since > 0 ? Math.min(oldest, since) : oldest), now);
}

function outputsOf(alerts: readonly Alert[]): string {
  let text = "";
  for (const { output } of alerts) {
    if (text.length >= LONGEST) {
      break;
    }
    text += text === "" ? output : `\n${output}`;
  }
  return text.slice(0, LONGEST);
}
