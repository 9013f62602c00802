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

/** Explains all problems among themselves, by number. `parentsOf` gives the hosts on the way from the monitoring server. */
export function explainProblems(
  problems: readonly NumberedProblem[],
  ofHost: (host: string) => Iterable<NumberedProblem>,
  parentsOf: (host: string) => readonly string[],
): Map<number, Explanation> {
  const unreachable = problems.filter(isUnreachable);
  const noCause = new NumberSet();
  for (const { number } of unreachable) {
    noCause.add(number);
  }
  const found = new Map<number, Explanation>();
  for (const { number, hits, hitBy } of problems) {
    const explains = noCause.has(number) ? new NumberSet() : hits.without(hitBy);
    found.set(number, { explains, explainedBy: hitBy.without(hits, noCause) });
  }
  const note = (cause: NumberedProblem, others: Iterable<NumberedProblem>) => {
    for (const other of others) {
      if (other !== cause) {
        found.get(cause.number)?.explains.add(other.number);
        found.get(other.number)?.explainedBy.add(cause.number);
      }
    }
  };
  for (const down of problems.filter(isDownHost)) {
    note(down, ofHost(hostOf(down)));
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
