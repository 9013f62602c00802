/**
 * Which problem explains which. P explains Q where P's failed services are reached from Q's over dependencies and not
 * the other way round; a DOWN host explains its checks, and the UNREACHABLE hosts behind it.
 */
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import type { CurrentProblem } from "../model/problem.ts";

/** Explanations of all problems, by problem key. */
export interface Explanations {
  readonly explains: ReadonlyMap<string, readonly CurrentProblem[]>;
  readonly explainedBy: ReadonlyMap<string, readonly CurrentProblem[]>;
}

/**
 * Explains all problems among themselves. `hits` gives, for each problem, the keys of the problems whose failed
 * services need what it broke; `parentsOf` the hosts on the way from the monitoring server.
 */
export function explainProblems(
  problems: readonly CurrentProblem[],
  hits: ReadonlyMap<string, ReadonlySet<string>>,
  parentsOf: (host: string) => readonly string[],
): Explanations {
  const byKey = new Map(problems.map((problem) => [problem.key, problem]));
  const ofHost = groupByHost(problems);
  const explains = new Map<string, Set<CurrentProblem>>();
  for (const problem of problems) {
    const explained = new Set<CurrentProblem>();
    for (const key of hits.get(problem.key) ?? []) {
      const other = byKey.get(key);
      if (other !== undefined && other !== problem && !isUnreachable(problem) && !hits.get(key)?.has(problem.key)) {
        explained.add(other);
      }
    }
    if (isDownHost(problem)) {
      addHostChecks(problem, ofHost, explained);
    }
    explains.set(problem.key, explained);
  }
  addUnreachable(problems, ofHost, explains, parentsOf);
  return turnAround(problems, explains);
}

function isDownHost(problem: CurrentProblem): boolean {
  return problem.view.status.check === null && problem.view.status.state === "DOWN";
}

function isUnreachable(problem: CurrentProblem): boolean {
  return problem.view.status.check === null && problem.view.status.state === "UNREACHABLE";
}

function groupByHost(problems: readonly CurrentProblem[]): Map<string, CurrentProblem[]> {
  return grouped(problems, (problem) => problem.view.status.host);
}

function addHostChecks(
  problem: CurrentProblem,
  ofHost: ReadonlyMap<string, readonly CurrentProblem[]>,
  explained: Set<CurrentProblem>,
): void {
  for (const other of ofHost.get(problem.view.status.host) ?? []) {
    if (other !== problem) {
      explained.add(other);
    }
  }
}

/** An UNREACHABLE host and its checks are explained by the DOWN hosts in front of it. */
function addUnreachable(
  problems: readonly CurrentProblem[],
  ofHost: ReadonlyMap<string, readonly CurrentProblem[]>,
  explains: Map<string, Set<CurrentProblem>>,
  parentsOf: (host: string) => readonly string[],
): void {
  for (const problem of problems.filter(isUnreachable)) {
    for (const blocker of blockersOf(problem.view.status.host, ofHost, parentsOf)) {
      for (const behind of ofHost.get(problem.view.status.host) ?? []) {
        explains.get(blocker.key)?.add(behind);
      }
    }
  }
}

/** The nearest DOWN hosts on the ways to a host. */
function blockersOf(
  host: string,
  ofHost: ReadonlyMap<string, readonly CurrentProblem[]>,
  parentsOf: (host: string) => readonly string[],
): CurrentProblem[] {
  const seen = new Set([host]);
  const queue = [...parentsOf(host)];
  const blockers: CurrentProblem[] = [];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    if (seen.has(parent)) {
      continue;
    }
    seen.add(parent);
    const down = ofHost.get(parent)?.find(isDownHost);
    if (down !== undefined) {
      blockers.push(down);
    } else {
      queue.push(...parentsOf(parent));
    }
  }
  return blockers;
}

function turnAround(
  problems: readonly CurrentProblem[],
  explains: ReadonlyMap<string, ReadonlySet<CurrentProblem>>,
): Explanations {
  const explainedBy = new Map<string, CurrentProblem[]>(problems.map((problem) => [problem.key, []]));
  for (const problem of problems) {
    for (const other of explains.get(problem.key) ?? []) {
      explainedBy.get(other.key)?.push(problem);
    }
  }
  const sorted = (list: Iterable<CurrentProblem>) => [...list].sort((a, b) => compareIds(a.key, b.key));
  return {
    explains: new Map([...explains].map(([key, list]) => [key, sorted(list)])),
    explainedBy: new Map([...explainedBy].map(([key, list]) => [key, sorted(list)])),
  };
}
