/**
 * Answers "what else is hit" from the stored picture: current problems as they stand, everything else by what-if.
 * Only the hosts that matter are loaded, ring by ring.
 */
import { type Assumption, assumedIds } from "../model/assumption.ts";
import { compareIds } from "../model/compare.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { parseId } from "../model/ids.ts";
import type { Impact, Problem } from "../model/impact.ts";
import type { Doing } from "../model/pieces.ts";
import { isProblem } from "../model/state.ts";
import { finishImpact } from "./finish-impact.ts";
import { safeToStop } from "./safe-to-stop.ts";
import { summarizeAssumed, withSummaryAt } from "./summary.ts";
import { whatIf } from "./what-if.ts";

/**
 * What is asked. `assumed` is what is taken to be otherwise than it is; `now` is Unix seconds; `doing` does what takes
 * long, without pauses where it is not given.
 */
export interface ImpactQuestion {
  readonly host: string;
  /** Null for the host itself. */
  readonly check: string | null;
  readonly assumed: readonly Assumption[];
  readonly now: number;
  readonly doing?: Doing;
}

const NO_REASONS = { explainedBy: [], explains: [] } as const;

/** A service check as the stored picture has it. */
interface StoredCheck {
  readonly service: string;
  readonly status: Problem["state"];
  readonly services: readonly string[];
}

/** What is needed of the stored picture. */
export interface StoredPicture {
  impact(host: string, check: string | null): Promise<Impact | undefined>;
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
  serviceChecks(host: string): Promise<readonly StoredCheck[]>;
}

/** Answers a question; undefined where neither host nor check is known. */
export async function askImpact(picture: StoredPicture, question: ImpactQuestion): Promise<Impact | undefined> {
  const { host, check, assumed, now } = question;
  if (assumed.length === 0) {
    const current = await picture.impact(host, check);
    if (current !== undefined) {
      return withSummaryAt(current, now);
    }
  }
  const own = (await picture.graphs([host])).get(host);
  const checks = await picture.serviceChecks(host);
  const asked = checks.find((each) => each.service === check);
  if ((check === null && own === undefined) || (check !== null && asked === undefined)) {
    return undefined;
  }
  if (assumed.length > 0) {
    return assume(picture, question, own, asked);
  }
  const problems = checks.filter((each) => isProblem(each.status));
  if (check === null && problems.length > 0) {
    return together(picture, question, problems);
  }
  return itsFailure(picture, question, own, asked);
}

/** What would be hit by the failure of the host or check asked about. */
async function itsFailure(
  picture: StoredPicture,
  { host, check, now, doing }: ImpactQuestion,
  own: HostGraph | undefined,
  asked: StoredCheck | undefined,
): Promise<Impact> {
  const { rows } = await whatIf(picture, { failed: asked?.services ?? idsOf(own), well: [] }, host, doing);
  return finishImpact(asProblem(host, check, asked?.status ?? own?.state ?? "PENDING"), rows, NO_REASONS, true, now);
}

/** The answer under assumptions. Where none of them is a failure it is about what is wrong with the thing asked about. */
async function assume(
  picture: StoredPicture,
  { host, check, assumed, now, doing }: ImpactQuestion,
  own: HostGraph | undefined,
  asked: StoredCheck | undefined,
): Promise<Impact> {
  const well = await resolveIds(picture, assumedIds(assumed, "up"));
  const down = await resolveIds(picture, assumedIds(assumed, "down", "maintenance"));
  const isFailure = assumed.some(({ verb }) => verb !== "up");
  const failed = isFailure ? down : await brokenNow(picture, host, check, new Set(well));
  const { rows, newlyAffected, relieved } = await whatIf(picture, { failed, well }, host, doing);
  const inDowntime = assumed.every(({ verb }) => verb === "maintenance");
  const problem = {
    ...asProblem(host, check, asked?.status ?? own?.state ?? "PENDING"),
    inDowntime,
    handled: inDowntime,
  };
  const impact: Impact = {
    ...finishImpact(problem, rows, NO_REASONS, true, now),
    assumed,
    ...(well.length === 0 ? {} : { relieved }),
    ...(isFailure ? { safeToStop: safeToStop(rows, newlyAffected) } : {}),
  };
  return { ...impact, summary: summarizeAssumed(impact, assumed) };
}

/** Ids that the problem asked about broke and that are not assumed to be well; none where there is no such problem. */
async function brokenNow(
  picture: StoredPicture,
  host: string,
  check: string | null,
  well: ReadonlySet<string>,
): Promise<string[]> {
  const current = await picture.impact(host, check);
  return (current?.failed ?? []).map(({ id }) => id).filter((id) => !well.has(id));
}

/** All current problems of a host as one. */
async function together(
  picture: StoredPicture,
  { host, now, doing }: ImpactQuestion,
  problems: readonly StoredCheck[],
): Promise<Impact | undefined> {
  const impacts: Impact[] = [];
  for (const problem of problems) {
    const impact = await picture.impact(host, problem.service);
    if (impact !== undefined) {
      impacts.push(impact);
    }
  }
  const first = [...impacts].sort((a, b) => b.affected.length - a.affected.length)[0];
  if (first === undefined || impacts.length === 1) {
    return first === undefined ? undefined : withSummaryAt(first, now);
  }
  const failed = [...new Set(impacts.flatMap((impact) => impact.failed.map((row) => row.id)))];
  const { rows } = await whatIf(picture, { failed, well: [] }, host, doing);
  const own = new Set(impacts.map((impact) => impact.problem.check));
  const others = (list: Impact["explains"]) =>
    unique(list.filter((each) => each.host !== host || !own.has(each.check)));
  const why = {
    explainedBy: others(impacts.flatMap((impact) => impact.explainedBy)),
    explains: others(impacts.flatMap((impact) => impact.explains)),
  };
  const impact = finishImpact({ ...first.problem, check: null, output: "" }, rows, why, false, now);
  const named = impacts.map(({ problem }) => `${problem.check} ${problem.state}`).join(", ");
  const consequence = impact.summary.slice(impact.summary.indexOf(";") + 1).trim();
  return { ...impact, summary: `${host} has ${impacts.length} problems (${named}); ${consequence}` };
}

/** Ids of what is assumed: a host name stands for all its services and processes. */
async function resolveIds(picture: StoredPicture, names: readonly string[]): Promise<string[]> {
  const hosts = names.filter((name) => parseId(name) === undefined);
  const graphs = await picture.graphs(hosts);
  return [...names.filter((name) => parseId(name) !== undefined), ...hosts.flatMap((host) => idsOf(graphs.get(host)))];
}

function idsOf(graph: HostGraph | undefined): string[] {
  return (graph?.nodes ?? []).map((node) => node.id);
}

function unique(list: Impact["explains"]): Impact["explains"] {
  const byKey = new Map(list.map((each) => [`${each.host}::${each.check}`, each]));
  return [...byKey].sort(([a], [b]) => compareIds(a, b)).map(([, each]) => each);
}

function asProblem(host: string, check: string | null, state: Problem["state"]): Problem {
  return {
    host,
    check,
    state,
    stateType: "HARD",
    since: null,
    source: null,
    handled: false,
    acknowledged: false,
    inDowntime: false,
    flapping: false,
    stale: false,
    output: "",
  };
}
