/** Routes that answer questions: what else is hit, what broke first, what would be hit, how one thing reaches another. */
import { z } from "zod";
import { askCauses } from "../../../impact/ask-causes.ts";
import { findPath } from "../../../impact/find-path.ts";
import { withSummaryAt } from "../../../impact/summary.ts";
import { ASSUMED_VERBS } from "../../../model/assumption.ts";
import { parseId } from "../../../model/ids.ts";
import type { PageDeps } from "../../page-frame.ts";
import { documentWith, listed } from "../answers.ts";
import { ApiProblem } from "../api-problem.ts";
import { type ApiRoute, reading } from "../api-route.ts";
import { apiTarget, apiView } from "../api-target.ts";
import { pageOf, paging, target } from "../schemas/common.ts";
import { badgeList, causesAnswer, impactAnswer, pathAnswer } from "../schemas/impact.ts";

/** Assumptions in one question at most. */
const MOST_ASSUMED = 50;

const impact = reading({
  path: "/api/v1/impact",
  summary: "What a problem takes with it; of a thing that is well, what its failure would",
  tag: "impact",
  query: z.object({
    ...target,
    whatif: z.array(z.string()).describe("`down:ID`, `up:ID` or `maintenance:ID` of a service, process or host"),
  }),
  answer: impactAnswer,
  example: "host=db01&srv=MySQL",
  ask: async (deps, { raw }) => {
    const { assumed } = apiView(raw);
    const { host, check } = await apiTarget(deps, raw);
    return known(host, await deps.impactOf(host, check, assumed));
  },
});

const impacts = reading({
  path: "/api/v1/impacts",
  summary: "All current problems, by how much they take with them",
  tag: "impact",
  query: z.object(paging),
  answer: pageOf("ImpactList", impactAnswer),
  ask: async ({ reader }, { query, now, revision }) => {
    const offset = offsetOf(query.cursor);
    const [ranking, total] = await Promise.all([reader.ranking(offset, query.limit), reader.problems()]);
    const stored = await Promise.all(ranking.map(({ host, check }) => reader.impact(host, check)));
    const items = stored.filter((each) => each !== undefined).map((each) => withSummaryAt(each, now));
    const end = offset + ranking.length;
    const next = ranking.length > 0 && end < total ? String(end) : null;
    return listed("ImpactList", revision, { items, next });
  },
});

/** Problems that are counted beside rows of other pages at most: those that take most with them. */
const MOST_BADGES = 2_000;

const badges = reading({
  path: "/api/v1/badges",
  summary: "How many services each current problem takes with it, in one answer for all rows of another page",
  tag: "impact",
  query: z.object({}),
  answer: badgeList,
  ask: async ({ reader }) => {
    const ranking = await reader.ranking(0, MOST_BADGES);
    const items = ranking.map(({ host, check, affected }) => ({ host, check, services: affected }));
    return documentWith("BadgeList", { items: items.filter(({ services }) => services > 0) });
  },
});

const ids = (verb: string) =>
  z
    .array(z.string().max(1000))
    .max(MOST_ASSUMED)
    .describe(`Assumed ${verb}: \`HOST\`, \`HOST:PORT\` or \`HOST/PROCESS\``);

const whatIf = reading({
  path: "/api/v1/what-if",
  summary: "What would be hit if these were down, up or in maintenance; nothing is stored",
  tag: "impact",
  query: z.object({ down: ids("down"), up: ids("up"), maintenance: ids("in maintenance") }),
  answer: impactAnswer,
  example: "down=db01:3306",
  ask: async (deps, { query }) => {
    const assumed = ASSUMED_VERBS.flatMap((verb) => query[verb].map((id) => ({ verb, id })));
    const [first] = assumed;
    if (first === undefined) {
      throw new ApiProblem(400, "Say what is assumed: down=ID, up=ID or maintenance=ID; each may be repeated.");
    }
    for (const { id } of assumed) {
      await demandKnown(deps, id);
    }
    const host = parseId(first.id)?.host ?? first.id;
    return known(host, await deps.impactOf(host, null, assumed));
  },
});

const causes = reading({
  path: "/api/v1/causes",
  summary: "What most likely broke first, with the sum that says so",
  tag: "impact",
  query: z.object(target),
  answer: causesAnswer,
  example: "host=db01&srv=MySQL",
  ask: async (deps, { raw }) => {
    const { host, check } = await apiTarget(deps, raw);
    return documentWith("CauseRankingList", { items: await askCauses(deps.reader, host, check) });
  },
});

const path = reading({
  path: "/api/v1/path",
  summary: "Whether one thing depends on another, and over what",
  tag: "impact",
  query: z.object({
    from: z.string().describe("Id of a service or process, or a host"),
    to: z.string().describe("Id of a service or process, or a host"),
  }),
  answer: pathAnswer,
  example: "from=web01&to=db01:3306",
  ask: async (deps, { query: { from, to } }) => {
    await demandKnown(deps, from);
    await demandKnown(deps, to);
    return findPath(deps.reader, from, to);
  },
});

/** All of them. */
export const impactRoutes: readonly ApiRoute[] = [impact, impacts, badges, whatIf, causes, path];

function known<T>(host: string, answer: T | undefined): T {
  if (answer === undefined) {
    throw new ApiProblem(404, `Nothing is known of ${host} but its name.`);
  }
  return answer;
}

async function demandKnown({ reader }: PageDeps, id: string): Promise<void> {
  const host = parseId(id)?.host ?? id;
  const graph = (await reader.graphs([host])).get(host);
  if (graph === undefined && !(await reader.nodes()).includes(host)) {
    throw new ApiProblem(404, `No host is called “${host}”.`);
  }
  if (parseId(id) !== undefined && graph?.nodes.some((node) => node.id === id) !== true) {
    throw new ApiProblem(404, `${host} has no service and no process ${id}.`, {
      suggestions: (graph?.nodes ?? []).map((node) => node.id).slice(0, 20),
    });
  }
}

function offsetOf(cursor = "0"): number {
  if (!/^\d{1,9}$/.test(cursor)) {
    throw new ApiProblem(400, "cursor is what `next` said.");
  }
  return Number(cursor);
}
