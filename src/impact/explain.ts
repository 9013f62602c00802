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

/** What hosts that are DOWN add to an explanation, by number. */
interface ByHosts {
  readonly explains: number[];
  readonly explainedBy: number[];
}

/** What a problem's explanation was made of. */
interface Known {
  readonly hits: number;
  readonly hitBy: number;
  /** Of dependencies alone. */
  readonly byDependencies: Explanation;
  byHosts: ByHosts;
  /** Both together. */
  explanation: Explanation;
}

const NO_HOSTS: ByHosts = { explains: [], explainedBy: [] };

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
      problems.map((problem) => [problem.number, this.explanationOf(problem, byHosts.get(problem.number) ?? NO_HOSTS)]),
    );
  }

  private explanationOf(problem: NumberedProblem, byHosts: ByHosts): Explanation {
    const known = this.knownOf(problem);
    if (
      !sameNumbers(known.byHosts.explains, byHosts.explains) ||
      !sameNumbers(known.byHosts.explainedBy, byHosts.explainedBy)
    ) {
      known.byHosts = byHosts;
      known.explanation = {
        explains: known.byDependencies.explains.and(byHosts.explains),
        explainedBy: known.byDependencies.explainedBy.and(byHosts.explainedBy),
      };
    }
    return known.explanation;
  }

  private knownOf(problem: NumberedProblem): Known {
    const { number, hits, hitBy } = problem;
    const before = this.known.get(problem);
    if (before?.hits === hits.revision && before.hitBy === hitBy.revision) {
      return before;
    }
    const explains = this.noCause.has(number) ? new NumberSet() : hits.without(hitBy);
    const byDependencies = { explains, explainedBy: hitBy.without(hits, this.noCause) };
    const made = { hits: hits.revision, hitBy: hitBy.revision };
    const known = { byDependencies, byHosts: NO_HOSTS, explanation: byDependencies, ...made };
    this.known.set(problem, known);
    return known;
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, at) => number === b[at]);
}

/** What DOWN hosts explain: their own checks, and what lies behind them. */
function explainedByHosts(
  down: readonly NumberedProblem[],
  unreachable: readonly NumberedProblem[],
  ofHost: (host: string) => Iterable<NumberedProblem>,
  parentsOf: (host: string) => readonly string[],
): Map<number, ByHosts> {
  const found = new Map<number, ByHosts>();
  const at = ({ number }: NumberedProblem): ByHosts => {
    const byHosts = found.get(number) ?? { explains: [], explainedBy: [] };
    found.set(number, byHosts);
    return byHosts;
  };
  const note = (cause: NumberedProblem, others: Iterable<NumberedProblem>) => {
    for (const other of others) {
      if (other !== cause) {
        at(cause).explains.push(other.number);
        at(other).explainedBy.push(cause.number);
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
