/** `dotm get alerts` and `dotm get impacts`: the current problems, worst first by what they take with them. */

import { withSummaryAt } from "../../impact/summary.ts";
import { titleOf } from "../../model/ids.ts";
import { affectedServices, type Impact, type Problem } from "../../model/impact.ts";
import type { MapReader } from "../../store/map-reader.ts";
import type { Listing } from "../listing.ts";
import { cell } from "../words.ts";
import { hostBites, type ListRequest } from "./hosts-of.ts";

/** Problems read at once. */
const BITE = 200;

/** All current impacts, ranked; their sentences as of `now` (Unix seconds). */
export async function currentImpacts(reader: Pick<MapReader, "ranking" | "impact">, now: number): Promise<Impact[]> {
  const impacts: Impact[] = [];
  for (let offset = 0; ; offset += BITE) {
    const ranked = await reader.ranking(offset, BITE);
    const loaded = await Promise.all(ranked.map(({ host, check }) => reader.impact(host, check)));
    // One that recovered since the ranking was read has no impact any more.
    impacts.push(...loaded.filter((impact) => impact !== undefined).map((impact) => withSummaryAt(impact, now)));
    if (ranked.length < BITE) {
      return impacts;
    }
  }
}

/** Lists the problems as the monitoring tells them. */
export async function listAlerts(request: ListRequest): Promise<Listing> {
  const impacts = await impactsOf(request, "alerts");
  const columns = [
    ...[
      { head: "HOST" },
      { head: "CHECK" },
      { head: "STATE" },
      { head: "TYPE" },
      { head: "SINCE" },
      { head: "HANDLED" },
    ],
    ...[{ head: "AFFECTED" }, { head: "SOURCE", wide: true }, { head: "OUTPUT", wide: true }],
  ];
  return {
    kind: "AlertList",
    items: impacts.map((impact) => ({
      ...impact.problem,
      affectedServices: countServices(impact),
      rootProblem: impact.rootProblem,
    })),
    columns,
    rows: impacts.map((impact) => alertRow(impact)),
    names: impacts.map(({ problem }) => titleOf(problem)),
  };
}

function alertRow(impact: Impact): string[] {
  const { problem } = impact;
  const told = [problem.host, cell(problem.check), problem.state, problem.stateType, cell(sinceText(problem))];
  return [...told, handlingText(problem), `${countServices(impact)}`, cell(problem.source), problem.output];
}

/** Lists the impacts with their verdicts. */
export async function listImpacts(request: ListRequest): Promise<Listing> {
  return impactListing(await impactsOf(request, "impacts"));
}

/** A listing of impacts; kind `ImpactList` with whole impacts as items. */
export function impactListing(impacts: readonly Impact[]): Listing {
  const columns = [
    ...[{ head: "PROBLEM" }, { head: "STATE" }, { head: "SERVICES" }, { head: "HOSTS" }, { head: "ROOT" }],
    ...[{ head: "HANDLED" }, { head: "SINCE" }, { head: "VERDICT", wide: true }],
  ];
  const rows = impacts.map((impact) => [
    ...[titleOf(impact.problem), impact.problem.state, `${countServices(impact)}`, `${impact.hosts.length}`],
    ...[rootText(impact), handlingText(impact.problem), cell(sinceText(impact.problem)), impact.summary],
  ]);
  return {
    kind: "ImpactList",
    items: impacts,
    columns,
    rows,
    names: impacts.map(({ problem }) => titleOf(problem)),
  };
}

/** Number of affected rows that are services. */
export function countServices(impact: Impact): number {
  return affectedServices(impact);
}

/** `acknowledged, in downtime`, or `no`. */
export function handlingText(problem: Pick<Problem, "acknowledged" | "inDowntime" | "handled">): string {
  const said = [problem.acknowledged ? "acknowledged" : "", problem.inDowntime ? "in downtime" : ""].filter(
    (word) => word !== "",
  );
  return said.join(", ") || (problem.handled ? "yes" : "no");
}

function rootText(impact: Impact): string {
  const [first, ...more] = impact.explainedBy;
  if (first === undefined) {
    return impact.rootProblem ? "yes" : "no";
  }
  return `no: ${titleOf(first)}${more.length > 0 ? ` and ${more.length} more` : ""}`;
}

function sinceText({ since }: Problem): string | null {
  return since === null ? null : since.replace(/\.\d+Z$/, "Z");
}

async function impactsOf(request: ListRequest, resource: string): Promise<Impact[]> {
  const impacts = await currentImpacts(request.reader, request.now);
  if (request.hosts.length === 0) {
    return impacts;
  }
  const wanted = new Set((await hostBites(request, resource)).flat());
  return impacts.filter(({ problem }) => wanted.has(problem.host));
}
