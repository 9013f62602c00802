/** The verdict: the sentence of an impact, and beside it what bears on how far to trust it. */
import { titleOf } from "../model/ids.ts";
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

/** The verdict of an impact; `explained` false where explanations stand beside it as links. */
export function verdictOf(impact: Impact, explained = true): Verdict {
  return {
    sentence: impact.summary,
    tone: impact.hypothetical ? "pending" : (toneOf(impact.problem.state) ?? "unknown"),
    notes: [
      ...(impact.hypothetical ? ["This is a what-if: nothing is stored and nobody is told."] : []),
      ...explanation(impact, explained),
      ...doubts(impact),
    ],
  };
}

function explanation(impact: Impact, explained: boolean): string[] {
  if (impact.hypothetical) {
    return [];
  }
  if (impact.explainedBy.length > 0) {
    return explained ? [`Explained by ${names(impact.explainedBy)}.`] : [];
  }
  const explains = explained && impact.explains.length > 0 ? ` It explains ${names(impact.explains)}.` : "";
  return impact.rootProblem ? [`Root problem: nothing it depends on is broken.${explains}`] : [];
}

/** What the sentence does not say itself. */
function doubts({ problem, failed, hypothetical }: Impact): string[] {
  const unmapped = failed.length === 0 && problem.check !== null && !hypothetical;
  return [
    ...(problem.flapping ? ["The state is flapping."] : []),
    ...(unmapped ? [`See which rule the check would match: dotm map test "${problem.check}" ${problem.host}`] : []),
  ];
}

function names(problems: readonly ProblemRef[]): string {
  return list(problems.map(titleOf));
}

function list(items: readonly string[]): string {
  const named = items.slice(0, NAMED).join(", ");
  return items.length > NAMED ? `${named} and ${items.length - NAMED} more` : named;
}
