/** The verdict: the sentence of an impact, and beside it what bears on how far to trust it. */
import type { Impact, ProblemRef } from "../model/impact.ts";
import type { Tone } from "./palette.ts";
import { toneOf } from "./palette.ts";

/** What stands above a picture. */
export interface Verdict {
  readonly sentence: string;
  /** Colour of the bar beside it. */
  readonly tone: Tone;
  /** Short sentences below it, most important first. */
  readonly notes: readonly string[];
}

/** How many others a note names before it counts the rest. */
const NAMED = 3;

/** The verdict of an impact. */
export function verdictOf(impact: Impact): Verdict {
  return {
    sentence: impact.summary,
    tone: impact.hypothetical ? "pending" : (toneOf(impact.problem.state) ?? "unknown"),
    notes: [
      ...(impact.hypothetical ? ["This is a what-if: nothing is stored and nobody is told."] : []),
      ...explanation(impact),
      ...handling(impact),
      ...doubts(impact),
    ],
  };
}

/** `db01 / MySQL`, or the host alone. */
export function problemName(problem: ProblemRef): string {
  return problem.check === null ? problem.host : `${problem.host} / ${problem.check}`;
}

function explanation(impact: Impact): string[] {
  if (impact.hypothetical) {
    return [];
  }
  if (impact.explainedBy.length > 0) {
    return [`Explained by ${names(impact.explainedBy)}.`];
  }
  const explains = impact.explains.length > 0 ? ` It explains ${names(impact.explains)}.` : "";
  return impact.rootProblem ? [`Root problem: nothing it depends on is broken.${explains}`] : [];
}

function handling({ problem }: Impact): string[] {
  const said = [
    ...(problem.acknowledged ? ["acknowledged"] : []),
    ...(problem.inDowntime ? ["in scheduled downtime"] : []),
    ...(problem.flapping ? ["flapping"] : []),
  ];
  return [
    ...(said.length > 0 ? [`The problem is ${said.join(" and ")}.`] : []),
    ...(problem.stateType === "SOFT" ? ["The state is soft: the monitoring is still checking."] : []),
  ];
}

function doubts(impact: Impact): string[] {
  const beyond = impact.unknownBeyond;
  return [
    ...(impact.problem.stale ? ["The state is stale: the monitoring has not said anything new for too long."] : []),
    ...(impact.failed.length === 0
      ? ["The check speaks of no service we know, so what depends on it is not known."]
      : []),
    ...(beyond.length > 0 ? [`Not known beyond ${list(beyond)}: no fresh agent there.`] : []),
  ];
}

function names(problems: readonly ProblemRef[]): string {
  return list(problems.map(problemName));
}

function list(items: readonly string[]): string {
  const named = items.slice(0, NAMED).join(", ");
  return items.length > NAMED ? `${named} and ${items.length - NAMED} more` : named;
}
