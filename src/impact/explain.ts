/**
 * Which problem explains which. P explains Q where P's failed services are reached from Q's over dependencies and not
 * the other way round; a DOWN host explains its checks, and the UNREACHABLE hosts behind it.
 */
import type { CurrentProblem } from "../model/problem.ts";
import { NumberSet } from "./number-set.ts";

/** A problem among others, each known by a number of its own. */
export interface NumberedProblem {
  readonly number: number;
  readonly problem: CurrentProblem;
  /** Problems whose failed services need what it broke, or are that. */
  readonly hits: NumberSet;
  /** Problems that hit it. */
  readonly hitBy: NumberSet;
}

/** Numbers of the problems that one explains, and of those that explain it. */
export interface Explanation {
  readonly explains: NumberSet;
  readonly explainedBy: NumberSet;
}

/** What a problem's explanation was made of. */
interface Known {
  readonly hits: number;
  readonly hitBy: number;
  readonly explanation: Explanation;
}

/** Explains problems among themselves, turn after turn: where nothing differs, an explanation stays the very same object. */
export class Explainer {
  private known = new WeakMap<NumberedProblem, Known>();
  /** Problems that explain nothing by what they broke. */
  private noCause = new NumberSet();

  /** Explains all problems, by number. `parentsOf` gives the hosts on the way from the monitoring server. */
  explain(
    problems: readonly NumberedProblem[],
    ofHost: (host: string) => Iterable<NumberedProblem>,
    parentsOf: (host: string) => readonly string[],
  ): Map<number, Explanation> {
    const unreachable = problems.filter(isUnreachable);
    const noCause = new NumberSet();
    for (const { number } of unreachable) {
      noCause.add(number);
    }
    if (!noCause.equals(this.noCause)) {
      this.noCause = noCause;
      this.known = new WeakMap();
    }
    const byHosts = explainedByHosts(problems.filter(isDownHost), unreachable, ofHost, parentsOf);
    return new Map(
      problems.map((problem) => [problem.number, both(this.byDependencies(problem), byHosts.get(problem.number))]),
    );
  }

  private byDependencies(problem: NumberedProblem): Explanation {
    const { number, hits, hitBy } = problem;
    const before = this.known.get(problem);
    if (before?.hits === hits.revision && before.hitBy === hitBy.revision) {
      return before.explanation;
    }
    const explains = this.noCause.has(number) ? new NumberSet() : hits.without(hitBy);
    const explanation = { explains, explainedBy: hitBy.without(hits, this.noCause) };
    this.known.set(problem, { hits: hits.revision, hitBy: hitBy.revision, explanation });
    return explanation;
  }
}

function both(one: Explanation, other: Explanation | undefined): Explanation {
  return other === undefined
    ? one
    : { explains: one.explains.with(other.explains), explainedBy: one.explainedBy.with(other.explainedBy) };
}

/** What DOWN hosts explain: their own checks, and what lies behind them. */
function explainedByHosts(
  down: readonly NumberedProblem[],
  unreachable: readonly NumberedProblem[],
  ofHost: (host: string) => Iterable<NumberedProblem>,
  parentsOf: (host: string) => readonly string[],
): Map<number, Explanation> {
  const found = new Map<number, Explanation>();
  const at = ({ number }: NumberedProblem): Explanation => {
    const explanation = found.get(number) ?? { explains: new NumberSet(), explainedBy: new NumberSet() };
    found.set(number, explanation);
    return explanation;
  };
  const note = (cause: NumberedProblem, others: Iterable<NumberedProblem>) => {
    for (const other of others) {
      if (other !== cause) {
        at(cause).explains.add(other.number);
        at(other).explainedBy.add(cause.number);
      }
    }
  };
  for (const cause of down) {
    note(cause, ofHost(hostOf(cause)));
  }
  for (const behind of unreachable) {
    for (const blocker of blockersOf(hostOf(behind), ofHost, parentsOf)) {
      note(blocker, ofHost(hostOf(behind)));
    }
  }
  return found;
}

function isDownHost({ problem }: NumberedProblem): boolean {
  return problem.view.status.check === null && problem.view.status.state === "DOWN";
}

/** Whether it is a host that lies behind a DOWN one. */
export function isUnreachable({ problem }: NumberedProblem): boolean {
  return problem.view.status.check === null && problem.view.status.state === "UNREACHABLE";
}

function hostOf({ problem }: NumberedProblem): string {
  return problem.view.status.host;
}

/** The nearest DOWN hosts on the ways to a host. */
function blockersOf(
  host: string,
  ofHost: (host: string) => Iterable<NumberedProblem>,
  parentsOf: (host: string) => readonly string[],
): NumberedProblem[] {
  const seen = new Set([host]);
  const queue = [...parentsOf(host)];
  const blockers: NumberedProblem[] = [];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    if (seen.has(parent)) {
      continue;
    }
    seen.add(parent);
    const down = [...ofHost(parent)].find(isDownHost);
    if (down !== undefined) {
      blockers.push(down);
    } else {
      queue.push(...parentsOf(parent));
    }
  }
  return blockers;
}
