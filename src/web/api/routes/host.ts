/** Routes of one host with everything on it, of the search, and of the report. */
import { z } from "zod";
import { askSurvey } from "../../../impact/ask-survey.ts";
import { eachInSlices, inSlices } from "../../../store/time-slices.ts";
import { noteRows } from "../../note-rows.ts";
import { searchSite } from "../../search-site.ts";
import { documentWith, listed } from "../answers.ts";
import { ApiProblem } from "../api-problem.ts";
import { type ApiRoute, reading } from "../api-route.ts";
import { readHostFacts } from "../host-facts.ts";
import { isTalk, toAlarm, toCheck, toConnection, toHost, toService } from "../items.ts";
import { documentOf, listOf, pageOf } from "../schemas/common.ts";
import { alarmItem, checkItem, connectionItem, hostItem, searchHit, serviceItem } from "../schemas/things.ts";

const note = z.object({ of: z.string(), kind: z.string(), author: z.string(), text: z.string() });

const host = reading({
  path: "/api/v1/hosts/{name}",
  summary: "One host with its checks, services and connections",
  tag: "map",
  query: z.object({}),
  answer: documentOf("HostDetail", {
    host: hostItem,
    checks: listOf(checkItem),
    services: listOf(serviceItem),
    connections: listOf(connectionItem),
    alarms: listOf(alarmItem),
    notes: listOf(note),
  }),
  example: "name=db01",
  ask: async ({ reader }, { path, now }) => {
    const name = path["name"] ?? "";
    if (!(await reader.nodes()).includes(name)) {
      throw new ApiProblem(404, `No host is called “${name}”.`);
    }
    const [[facts], noted, alarms] = await Promise.all([
      readHostFacts(reader, [name]),
      reader.notes([name]),
      reader.alarms([name]),
    ]);
    const nodes = facts?.graph?.nodes ?? [];
    const found = facts ?? { name, graph: undefined, node: undefined, hostCheck: undefined, checks: [] };
    return documentWith("HostDetail", {
      host: toHost(found, now),
      checks: found.checks.map((check) => toCheck(check, now)),
      services: nodes.filter(({ kind }) => kind === "service").map((node) => toService(name, node, now)),
      connections: nodes.flatMap((node) =>
        node.needs.filter((need) => isTalk(node, need)).map((need) => toConnection(node.id, need, now)),
      ),
      alarms: alarms.map((alarm) => toAlarm(alarm, now)),
      notes: (noteRows(noted.get(name), now) ?? []).map(({ of, kind, author, text }) => ({ of, kind, author, text })),
    });
  },
});

const search = reading({
  path: "/api/v1/search",
  summary: "Hosts, checks, services and processes whose name holds the text, nearest first",
  tag: "map",
  query: z.object({ q: z.string().min(1).max(200), limit: z.coerce.number().int().min(1).max(200).default(20) }),
  answer: pageOf("SearchHitList", searchHit),
  example: "q=db0",
  ask: async ({ reader }, { query, revision }) =>
    listed("SearchHitList", revision, { items: await searchSite(reader, query.q, query.limit), next: null }),
});

const singlePoint = z.object({
  id: z.string(),
  host: z.string(),
  process: z.string().nullable(),
  dependents: z.number().int().describe("Services that need it over any number of steps"),
  cutsOff: z.number().int().describe("Processes that lose most of what they talk with"),
});

const report = reading({
  path: "/api/v1/report",
  summary: "Alarms of our own, single points of failure, services nobody watches",
  tag: "health",
  query: z.object({}),
  answer: documentOf("Report", {
    alarms: listOf(alarmItem),
    singlePoints: listOf(singlePoint),
    unmonitored: listOf(singlePoint.omit({ cutsOff: true })),
  }),
  ask: async ({ reader }, { now }) => {
    const [alarms, survey] = await Promise.all([reader.alarms(), askSurvey(reader, inSlices)]);
    const told = await eachInSlices(alarms, (alarm) => toAlarm(alarm, now));
    return documentWith("Report", { alarms: told, ...survey });
  },
});

/** All of them. */
export const hostRoutes: readonly ApiRoute[] = [host, search, report];
