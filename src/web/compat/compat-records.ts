/** Single records in the shapes of the original: a host's check, its service checks, a service's hash. */
import { allGraphs } from "../../impact/ask-survey.ts";
import type { HostCheckRecord, ServiceCheckRecord } from "../../model/changes.ts";
import type { GraphNode, HostGraph, Need } from "../../model/host-graph.ts";
import { INTERNET, parseId } from "../../model/ids.ts";
import { escapeMarkup } from "../../render/xml.ts";
import type { MapReader } from "../../store/map-reader.ts";

/** `/mon/nodes/<node>`, and `monitoring.node`: undefined where the monitoring does not know the host. */
export async function compatHostCheck(reader: MapReader, node: string) {
  const record = await reader.hostCheck(node);
  return record === undefined ? undefined : hostCheckOf(node, record);
}

/** The check of a host that was read. */
export function hostCheckOf(node: string, record: HostCheckRecord) {
  return {
    node,
    status: record.status,
    last_check: record.lastCheck,
    last_status_change: record.lastStatusChange,
    status_information: escapeMarkup(record.statusInformation),
    services_alerts: record.servicesAlerts,
    other_alerts: record.otherAlerts,
  };
}

/** `/mon/services/<node>`, and `monitoring.services`: the checks of a host with the process each speaks of. */
export async function compatChecks(reader: MapReader, node: string) {
  return checksOf(node, await reader.serviceChecks(node));
}

/** The checks of a host that were read. */
export function checksOf(node: string, checks: readonly ServiceCheckRecord[]) {
  return checks.map((check) => ({
    node,
    service: escapeMarkup(check.service),
    status: check.status,
    last_check: check.lastCheck,
    last_status_change: check.lastStatusChange,
    status_information: escapeMarkup(check.statusInformation),
    ...(check.mapping === null ? {} : { mapping: escapeMarkup(check.mapping) }),
  }));
}

/** The hash `dotm::services::<node>::<port>`; its values are texts. */
export function serviceHash(node: GraphNode, clients: readonly Need[]) {
  const lastConnection = Math.max(0, ...clients.map(({ lastSeen }) => lastSeen));
  return {
    process: escapeMarkup(node.process ?? ""),
    last_seen: `${node.lastSeen}`,
    ...(lastConnection > 0 ? { last_connection: `${lastConnection}` } : {}),
    age: node.age,
    ...(node.ownState === null ? {} : { alert_status: node.ownState }),
  };
}

/** The edge from one thing to another, which stands at the one who needs. */
export function needOf(from: string, to: string, graphs: ReadonlyMap<string, HostGraph>): Need | undefined {
  const client = nodeIn(graphs.get(parseId(from)?.host ?? ""), from);
  if (client === undefined) {
    return undefined;
  }
  const needs = NEEDS.get(client) ?? new Map(client.needs.map((need) => [need.to, need]));
  NEEDS.set(client, needs);
  return needs.get(to);
}

/** The node of a host; undefined where it has none of this id. */
export function nodeIn(graph: HostGraph | undefined, id: string): GraphNode | undefined {
  if (graph === undefined) {
    return undefined;
  }
  const nodes = NODES.get(graph) ?? new Map(graph.nodes.map((node) => [node.id, node]));
  NODES.set(graph, nodes);
  return nodes.get(id);
}

/** Each is asked for by everybody it talks with, and there may be thousands on either side. */
const NODES = new WeakMap<HostGraph, ReadonlyMap<string, GraphNode>>();
const NEEDS = new WeakMap<GraphNode, ReadonlyMap<string, Need>>();

/** The graphs of all hosts and of the Internet. */
export async function wholeMap(reader: MapReader): Promise<Map<string, HostGraph>> {
  const [graphs, internet] = await Promise.all([allGraphs(reader), reader.graphs([INTERNET])]);
  return new Map([...graphs, ...internet]);
}
