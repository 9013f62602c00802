/** The impacts of all current problems: degrees once for all, then one walk for each. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import { grouped } from "../model/grouped.ts";
import { HOST_CHECK } from "../model/ids.ts";
import type { Impact, Problem, ProblemRef } from "../model/impact.ts";
import { type CheckView, type CurrentProblem, isHandled, type ServiceState, strengthOf } from "../model/problem.ts";
import { spread } from "./degrees.ts";
import { explainProblems } from "./explain.ts";
import { type ImpactRows, type ImpactScene, impactRows } from "./impact-rows.ts";
import { indices } from "./indices.ts";
import { ReachWalk } from "./reach.ts";
import { summarize } from "./summary.ts";

/** What the impacts are computed from. */
export interface ImpactInput {
  readonly graph: DependencyGraph;
  readonly problems: readonly CurrentProblem[];
  readonly stateOf: (id: string) => ServiceState | undefined;
  readonly agentOf: (host: string) => "fresh" | "stale" | "none";
  readonly parentsOf: (host: string) => readonly string[];
  /** Unix seconds. */
  readonly now: number;
  /** Rows of all problems together, a million unless said otherwise. */
  readonly allRows?: number;
}

/** The result: impacts by problem key, and the levels of each node of the graph. */
export interface ImpactResult {
  readonly impacts: ReadonlyMap<string, Impact>;
  /** What its own problems make of each node. */
  readonly own: Uint8Array;
  /** What its dependencies do to each node. */
  readonly levels: Uint8Array;
}

/** Rows of all problems together: thousands of problems that each take all with them would fill the memory. */
const ALL_ROWS = 1_000_000;

/** Rows each problem may have, however many there are. */
const LEAST_ROWS = 100;

/** Computes the impacts of all problems together. */
export function computeImpacts(input: ImpactInput): ImpactResult {
  const { graph, problems, now } = input;
  const own = ownLevels(graph, problems);
  const levels = spread(graph, own, new Uint8Array(graph.nodes.length));
  const scene: ImpactScene = { graph, levels, stateOf: input.stateOf, agentOf: input.agentOf };
  const problemsAt = indexProblems(graph, problems);
  const walk = new ReachWalk(graph);
  const most = Math.max(LEAST_ROWS, Math.floor((input.allRows ?? ALL_ROWS) / Math.max(1, problems.length)));
  const rows = new Map<string, ImpactRows>();
  const hits = new Map<string, Set<string>>();
  for (const problem of problems) {
    const failed = indices(graph, problem.failed);
    const count = walk.from(failed);
    const reached = Array.from({ length: count }, (_, i) => walk.node(i));
    hits.set(problem.key, hitProblems([...failed, ...reached], problemsAt));
    const doubtful = problem.view.mapping?.ambiguous === true;
    rows.set(problem.key, impactRows(scene, failed, walk, count, problem.view.status.host, doubtful, most));
  }
  const explanations = explainProblems(problems, hits, input.parentsOf);
  const impacts = new Map<string, Impact>();
  for (const problem of problems) {
    const explainedBy = (explanations.explainedBy.get(problem.key) ?? []).map(refOf);
    const explains = (explanations.explains.get(problem.key) ?? []).map(refOf);
    const parts = rows.get(problem.key);
    if (parts !== undefined) {
      impacts.set(problem.key, finish(problemOf(problem.view), parts, { explainedBy, explains }, false, now));
    }
  }
  return { impacts, own, levels };
}

/** Puts an impact together. */
export function finish(
  problem: Problem,
  rows: ImpactRows,
  why: { readonly explainedBy: readonly ProblemRef[]; readonly explains: readonly ProblemRef[] },
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
function problemOf(view: CheckView): Problem {
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

function ownLevels(graph: DependencyGraph, problems: readonly CurrentProblem[]): Uint8Array {
  const own = new Uint8Array(graph.nodes.length);
  for (const problem of problems) {
    const strength = strengthOf(problem);
    for (const node of indices(graph, problem.failed)) {
      own[node] = Math.max(own[node] ?? 0, strength);
    }
  }
  return own;
}

function indexProblems(graph: DependencyGraph, problems: readonly CurrentProblem[]): Map<number, string[]> {
  const pairs = problems.flatMap(({ key, failed }) => indices(graph, failed).map((node) => ({ node, key })));
  const at = grouped(pairs, ({ node }) => node);
  return new Map([...at].map(([node, here]) => [node, here.map(({ key }) => key)]));
}

function hitProblems(nodes: readonly number[], problemsAt: ReadonlyMap<number, readonly string[]>): Set<string> {
  return new Set(nodes.flatMap((node) => problemsAt.get(node) ?? []));
}

function refOf(problem: CurrentProblem): ProblemRef {
  return { host: problem.view.status.host, check: problem.view.status.check };
}
