/** What is stored, as the API tells it: times as ISO 8601 with their age, nothing that is not in its schemas. */
import type { z } from "zod";
import type { HostSuggestion } from "../../impact/host-suggestions.ts";
import type { Alarm } from "../../model/alarm.ts";
import type { HostCheckRecord, NodeRecord, ServiceCheckRecord } from "../../model/changes.ts";
import type { GraphNode, HostGraph, Need } from "../../model/host-graph.ts";
import type { SourceHealth } from "../../model/monitoring.ts";
import { sourceFacts } from "../../model/source-facts.ts";
import { isProblem, UNHANDLED } from "../../model/state.ts";
import { momentOf } from "../ages.ts";
import { hostLink, linkTo } from "../links.ts";
import type {
  agentItem,
  alarmItem,
  checkItem,
  connectionItem,
  hostItem,
  hostSuggestion,
  serviceItem,
  sourceItem,
} from "./schemas/things.ts";

/** Everything a host's line is made of. */
export interface HostFacts {
  readonly name: string;
  readonly graph: HostGraph | undefined;
  readonly node: NodeRecord | undefined;
  readonly hostCheck: HostCheckRecord | undefined;
  readonly checks: readonly ServiceCheckRecord[];
}

/** When the host reported last, Unix seconds; 0 where it never did. */
export function lastReportOf({ node, graph }: Pick<HostFacts, "node" | "graph">): number {
  return node?.lastFetch ?? graph?.lastReport ?? 0;
}

/** A host. */
export function toHost(facts: HostFacts, now: number): z.input<typeof hostItem> {
  const { name, graph, hostCheck, checks } = facts;
  return {
    name,
    state: hostCheck?.status ?? graph?.state ?? null,
    stateType: graph?.stateType ?? null,
    handling: graph?.handling ?? UNHANDLED,
    ...reportingOf(facts, now),
    groups: graph?.groups ?? [],
    services: (graph?.nodes ?? []).filter(({ kind }) => kind === "service").length,
    problems: checks.filter(({ status }) => isProblem(status)).length,
    links: { page: hostLink("", name, ""), graph: linkTo("", { host: name, check: null }, "") },
  };
}

/** What is known of a host's agent. */
export function toAgent(facts: HostFacts, now: number): z.input<typeof agentItem> {
  return { host: facts.name, ...reportingOf(facts, now) };
}

function reportingOf(facts: HostFacts, now: number) {
  const { graph, node } = facts;
  const lastReport = lastReportOf(facts);
  return {
    agent: graph?.agent ?? "none",
    lastReport: isoTime(lastReport),
    ageSeconds: ageOf(lastReport, now),
    reportStatus: node?.fetchStatus ?? "",
    addresses: node?.ips ?? [],
  } as const;
}

/** A service. */
export function toService(host: string, node: GraphNode, now: number): z.input<typeof serviceItem> {
  const { id, port, process, ownState, stateType, handling, degree, checks, age, lastSeen, neededBy } = node;
  const own = { id, host, port: port ?? "", process, ownState, stateType, handling, degree, checks, age, neededBy };
  return { ...own, lastSeen: isoTime(lastSeen), ageSeconds: ageOf(lastSeen, now) };
}

/** A connection, or a dependency somebody wrote down. */
export function toConnection(from: string, need: Need, now: number): z.input<typeof connectionItem> {
  const { to, certainty, count, firstSeen, lastSeen, over } = need;
  const seen = { firstSeen: isoTime(firstSeen), lastSeen: isoTime(lastSeen), ageSeconds: ageOf(lastSeen, now) };
  return { from, to, certainty, count, ...seen, over: over ?? null };
}

/** That a service needs the process that holds it is no connection; one that somebody wrote down is told. */
export function isTalk(node: Pick<GraphNode, "kind">, need: Pick<Need, "certainty">): boolean {
  return node.kind === "process" || need.certainty === "configured";
}

/** A service check. */
export function toCheck(check: ServiceCheckRecord, now: number): z.input<typeof checkItem> {
  const { node, service, status, soft, handled, statusInformation, services, mapping, mappedBy, ambiguous } = check;
  return {
    ...{ host: node, check: service, state: status, soft, handled },
    since: isoTime(check.lastStatusChange),
    lastCheck: isoTime(check.lastCheck),
    ageSeconds: ageOf(check.lastStatusChange, now),
    ...{ output: statusInformation, services, process: mapping, mappedBy, ambiguous },
  };
}

/** An alarm of our own. */
export function toAlarm(alarm: Alarm, now: number): z.input<typeof alarmItem> {
  const { kind, severity, host, object, peer, since, text, details } = alarm;
  const when = { since: isoTime(since ?? 0), ageSeconds: ageOf(since ?? 0, now) };
  return { kind, severity, host, object, peer, ...when, text, details };
}

/** A source of states. */
export function toSource(health: SourceHealth, now: number): z.input<typeof sourceItem> {
  return { ...sourceFacts(health, now), asOf: isoTime(health.asOf), ageSeconds: ageOf(health.asOf, now) };
}

/** A host worth adding. */
export function toSuggestion(suggestion: HostSuggestion): z.input<typeof hostSuggestion> {
  return { ...suggestion, lastSeen: isoTime(suggestion.lastSeen) };
}

function isoTime(at: number): string | null {
  return momentOf(at, at)?.iso ?? null;
}

function ageOf(at: number, now: number): number | null {
  return at > 0 ? Math.max(0, Math.round(now - at)) : null;
}
