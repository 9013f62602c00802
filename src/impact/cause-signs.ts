/** What the monitoring alone says for and against a cause: when it began, and how bad it is. */
import type { Problem } from "../model/impact.ts";
import { duration } from "./summary.ts";

/** What a part is worth, 0 to 1, and why. */
export interface Judged {
  readonly value: number;
  readonly text: string;
}

/** Checks look at different moments, often five minutes apart: so many seconds a cause may be noticed after what it caused. */
const LATE = 600;
/** Past so many seconds it grows less likely that a problem has to do with one that began only now. */
const SOON = 600;
/** Past so many seconds it hardly has. */
const LONG = 6 * 3600;

/** Whether it began when a cause would have begun. */
export function timePart(since: string | null, began: string | null): Judged {
  const lead = leadOf(since, began);
  if (lead === null) {
    return { value: 0.5, text: "unknown when it began" };
  }
  if (lead < 0) {
    const value = lead >= -LATE ? 1 + lead / LATE : 0;
    return { value, text: `began ${duration(-lead)} later` };
  }
  const value = lead <= SOON ? 1 : 1 - 0.95 * Math.min(1, Math.log(lead / SOON) / Math.log(LONG / SOON));
  return { value, text: lead === 0 ? "began at the same time" : `began ${duration(lead)} earlier` };
}

/** Seconds by which a problem began before the one asked about. */
export function leadOf(since: string | null, began: string | null): number | null {
  return since === null || began === null ? null : (Date.parse(since) - Date.parse(began)) / 1000;
}

/** Whether it is CRITICAL or DOWN. */
export function isDown({ state }: Problem): boolean {
  return state === "CRITICAL" || state === "DOWN";
}

/** Something slow seldom takes down altogether what needs it. */
export function statePart(asked: Problem, problem: Problem): Judged {
  const strong = isDown(problem) ? 1 : 0.4;
  const value = (isDown(asked) ? strong : Math.max(strong, 0.7)) * (problem.stateType === "SOFT" ? 0.8 : 1);
  return { value, text: `${problem.state}${problem.stateType === "SOFT" ? ", not yet sure" : ""}` };
}
