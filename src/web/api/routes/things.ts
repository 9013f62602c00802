/** Routes of lists: hosts, services, connections, checks, alarms, sources, agents, hosts worth adding. */
import { z } from "zod";
import { suggestHosts } from "../../../impact/host-suggestions.ts";
import { ALARM_KINDS, SEVERITIES } from "../../../model/alarm.ts";
import { isProblem } from "../../../model/state.ts";
import { inSlices } from "../../../store/time-slices.ts";
import type { PageDeps } from "../../page-frame.ts";
import { listed } from "../answers.ts";
import { type ApiRoute, type Asked, reading } from "../api-route.ts";
import { readHostFacts } from "../host-facts.ts";
import { type HostItems, hostPage, type PageAsked, slicePage } from "../host-list.ts";
import {
  isTalk,
  toAgent,
  toAlarm,
  toCheck,
  toConnection,
  toHost,
  toService,
  toSource,
  toSuggestion,
} from "../items.ts";
import { checkState, pageOf, paging } from "../schemas/common.ts";
import {
  agentItem,
  alarmItem,
  checkItem,
  connectionItem,
  hostItem,
  hostSuggestion,
  serviceItem,
  sourceItem,
} from "../schemas/things.ts";

const onHost = z.string().optional().describe("Only of this host");

const hosts = reading({
  path: "/api/v1/hosts",
  summary: "All hosts",
  tag: "map",
  query: z.object(paging),
  answer: pageOf("HostList", hostItem),
  ask: (deps, asked) =>
    ofHosts("HostList", deps, asked, async (names) =>
      (await readHostFacts(deps.reader, names)).map((facts) => [facts.name, [["", toHost(facts, asked.now)]]]),
    ),
});

const agents = reading({
  path: "/api/v1/agents",
  summary: "The agents of all hosts, and how fresh their reports are",
  tag: "health",
  query: z.object({ ...paging, agent: z.enum(["fresh", "stale", "none"]).optional() }),
  answer: pageOf("AgentList", agentItem),
  ask: (deps, asked) =>
    ofHosts("AgentList", deps, asked, async (names) =>
      (await readHostFacts(deps.reader, names))
        .map((facts) => toAgent(facts, asked.now))
        .filter(({ agent }) => asked.query.agent === undefined || agent === asked.query.agent)
        .map((agent) => [agent.host, [["", agent]]]),
    ),
});

const services = reading({
  path: "/api/v1/services",
  summary: "All services: who listens where, and how they are",
  tag: "map",
  query: z.object({
    ...paging,
    host: onHost,
    process: z.string().optional().describe("Only of this process"),
    state: checkState.optional().describe("Only those in this state"),
  }),
  answer: pageOf("ServiceList", serviceItem),
  ask: (deps, asked) => {
    const { process, state } = asked.query;
    return ofHosts("ServiceList", deps, asked, async (names) => {
      const graphs = await deps.reader.graphs(names);
      return [...graphs.values()].map(({ host, nodes }) => [
        host,
        nodes
          .filter((node) => node.kind === "service")
          .filter((node) => process === undefined || node.process === process)
          .filter((node) => state === undefined || node.ownState === state)
          .map((node) => [node.id, toService(host, node, asked.now)]),
      ]);
    });
  },
});

const connections = reading({
  path: "/api/v1/connections",
  summary: "All dependencies, as they were observed or configured",
  tag: "map",
  query: z.object({ ...paging, host: onHost }),
  answer: pageOf("ConnectionList", connectionItem),
  ask: (deps, asked) =>
    ofHosts("ConnectionList", deps, asked, async (names) => {
      const graphs = await deps.reader.graphs(names);
      return [...graphs.values()].map(({ host, nodes }) => [
        host,
        nodes.flatMap((node) =>
          node.needs
            .filter((need) => isTalk(node, need))
            .map((need) => [`${node.id} ${need.to}`, toConnection(node.id, need, asked.now)] as const),
        ),
      ]);
    }),
});

const checks = reading({
  path: "/api/v1/checks",
  summary: "Service checks with their states and the services they speak of",
  tag: "monitoring",
  query: z.object({
    ...paging,
    host: onHost,
    state: checkState.optional(),
    problems: z.stringbool().default(false).describe("Only those that are not OK"),
  }),
  answer: pageOf("CheckList", checkItem),
  ask: (deps, asked) => {
    const { state, problems } = asked.query;
    return ofHosts("CheckList", deps, asked, async (names) => {
      const stored = await deps.reader.checksOf(names);
      return [...stored].map(([host, all]) => [
        host,
        all
          .filter(({ status }) => state === undefined || status === state)
          .filter(({ status }) => !problems || isProblem(status))
          .map((check) => [check.service, toCheck(check, asked.now)]),
      ]);
    });
  },
});

const alarms = reading({
  path: "/api/v1/alarms",
  summary: "What DOTM itself finds wrong, gravest first",
  tag: "health",
  query: z.object({
    ...paging,
    host: onHost,
    kind: z.enum(ALARM_KINDS).optional(),
    severity: z.enum(SEVERITIES).optional(),
  }),
  answer: pageOf("AlarmList", alarmItem),
  ask: async ({ reader }, { query, now, revision }) => {
    const wanted = (await reader.alarms(query.host === undefined ? undefined : [query.host]))
      .filter(({ kind }) => query.kind === undefined || kind === query.kind)
      .filter(({ severity }) => query.severity === undefined || severity === query.severity);
    const { items, next } = slicePage(wanted, query);
    return listed("AlarmList", revision, { items: items.map((alarm) => toAlarm(alarm, now)), next });
  },
});

const sources = reading({
  path: "/api/v1/sources",
  summary: "Who tells monitoring states, and how fresh they are",
  tag: "health",
  query: z.object(paging),
  answer: pageOf("SourceList", sourceItem),
  ask: async ({ reader }, { query, now, revision }) => {
    const { items, next } = slicePage(await reader.sources(), query);
    return listed("SourceList", revision, { items: items.map((health) => toSource(health, now)), next });
  },
});

const suggestions = reading({
  path: "/api/v1/hosts/suggestions",
  summary: "Hosts worth adding: talked to, or known to this machine by name, and not in the map",
  tag: "map",
  query: z.object(paging),
  answer: pageOf("HostSuggestionList", hostSuggestion),
  ask: async ({ reader, namedHosts }, { query, revision }) => {
    const all = await suggestHosts(reader, await reader.nodes(), await namedHosts(), inSlices);
    const { items, next } = slicePage(all, query);
    return listed("HostSuggestionList", revision, { items: items.map(toSuggestion), next });
  },
});

/** All of them; what is more special comes first. */
export const thingRoutes: readonly ApiRoute[] = [
  suggestions,
  hosts,
  services,
  connections,
  checks,
  alarms,
  sources,
  agents,
];

async function ofHosts<const Kind extends string, Item>(
  kind: Kind,
  { reader }: PageDeps,
  { query, revision }: Asked<PageAsked>,
  load: (hosts: readonly string[]) => Promise<readonly HostItems<Item>[]>,
) {
  return listed(kind, revision, await hostPage(reader, query, load));
}
