/** Puts an impact together out of its parts. */
import { HOST_CHECK } from "../model/ids.ts";
import type { Impact, Problem, ProblemRef } from "../model/impact.ts";
import { type CheckView, isHandled } from "../model/problem.ts";
import type { ImpactRows } from "./impact-rows.ts";
import { summarize } from "./summary.ts";

/** Which problems explain one, and which it explains. */
export interface Reasons {
  readonly explainedBy: readonly ProblemRef[];
  readonly explains: readonly ProblemRef[];
}

/** The impact as of `now`, Unix seconds. */
export function finishImpact(
  problem: Problem,
  rows: ImpactRows,
  why: Reasons,
  hypothetical: boolean,
  now: number,
): Impact {
  const verdict = {
    apiVersion: "dotm/v1",
    kind: "Impact",
    problem,
    ...rows,
    hypothetical,
    rootProblem: why.explainedBy.length === 0,
    ...why,
    computedAt: new Date(now * 1000).toISOString(),
    graph: graphUrl(problem.host, problem.check),
  } as const;
  return { ...verdict, summary: summarize(verdict, now) };
}

/** Path and query of the page that shows a host or check. */
function graphUrl(host: string, check: string | null): string {
  const srv = check === null || check === HOST_CHECK ? "" : `&srv=${encodeURIComponent(check)}`;
  return `/graph?host=${encodeURIComponent(host)}${srv}`;
}

/** The problem of a check as people read it. */
export function problemOf(view: CheckView): Problem {
  const { status, handling, source } = view;
  const { acknowledged, inDowntime, flapping, stale } = handling;
  return {
    host: status.host,
    check: status.check,
    state: status.state,
    stateType: status.stateType,
    since: status.lastChange > 0 ? new Date(status.lastChange * 1000).toISOString() : null,
    source,
    handled: isHandled(handling),
    acknowledged,
    inDowntime,
    flapping,
    stale,
    output: status.output,
  };
}
