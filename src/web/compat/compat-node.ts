/** The original's `/nodes/<name>`: everything of one host. Values of its Redis hashes are texts. */
import type { GraphNode, HostGraph, Need } from "../../model/host-graph.ts";
import { parseId } from "../../model/ids.ts";
import { escapeMarkup } from "../../render/xml.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { loadAround } from "../load-graphs.ts";
import { compatChecks, compatHostCheck, needOf, nodeIn, serviceHash } from "./compat-records.ts";
import { hasPlainName } from "./compat-text.ts";

/** A connection's hash, and the two last parts of its key. */
interface Connection {
  readonly key: string;
  readonly count: number;
  readonly hash: object;
}

type Graphs = ReadonlyMap<string, HostGraph>;

/** `/nodes/<name>`; of a host nobody knows everything is empty, as the original told it. */
export async function compatNode(reader: MapReader, name: string) {
  const [record, graphs, node, services, { aging }] = await Promise.all([
    reader.node(name),
    loadAround(reader, [name]),
    compatHostCheck(reader, name),
    compatChecks(reader, name),
    reader.settings(),
  ]);
  const nodes = graphs.get(name)?.nodes ?? [];
  const own = nodes.filter(({ kind }) => kind === "service");
  const status = { last_fetch: `${record?.lastFetch}`, ips: record?.ips.join(",") };
  return {
    name,
    status: record === undefined ? {} : { ...status, fetch_status: escapeMarkup(record.fetchStatus) },
    services: Object.fromEntries(own.map((each) => [each.port ?? "", serviceHash(each, clientsOf(each, graphs))])),
    connections: summed(nodes.flatMap((each) => [...outOf(each, name, graphs), ...into(each, name, graphs)])),
    monitoring: { node: node ?? null, services },
    settings: { aging: { Services: aging.services, Connections: aging.connections } },
  };
}

function clientsOf(node: GraphNode, graphs: Graphs): Need[] {
  return node.neededBy.flatMap((id) => needOf(id, node.id, graphs) ?? []);
}

function outOf(node: GraphNode, host: string, graphs: Graphs): Connection[] {
  return node.needs.flatMap((need) => {
    const end = parseId(need.to);
    if (end?.kind !== "service" || end.host === host || !hasPlainName(end.host)) {
      return [];
    }
    const remote = nodeIn(graphs.get(end.host), need.to);
    const hash = {
      ...common(node, need),
      ...{ direction: "out", remote_host: end.host, remote_port: end.port, local_port: "high" },
      remote_service_id: `dotm::services::${end.host}::${end.port}`,
      ...(remote === undefined ? {} : { remote_service: serviceHash(remote, []) }),
    };
    return [{ key: `${end.port}::${end.host}`, count: need.count, hash }];
  });
}

function into(node: GraphNode, host: string, graphs: Graphs): Connection[] {
  return (node.kind === "service" ? node.neededBy : []).flatMap((id) => {
    const remote = parseId(id)?.host ?? host;
    if (remote === host || !hasPlainName(remote)) {
      return [];
    }
    const need = needOf(id, node.id, graphs);
    const ends = { direction: "in", remote_host: remote, remote_port: "high", local_port: node.port ?? "" };
    return [{ key: `${node.port}::${remote}`, count: need?.count ?? 1, hash: { ...common(node, need), ...ends } }];
  });
}

function common(node: GraphNode, need: Need | undefined) {
  const lastSeen = `${need?.lastSeen ?? node.lastSeen}`;
  const age = need?.certainty === "remembered" ? "old" : node.age;
  return { process: escapeMarkup(node.process ?? ""), last_seen: lastSeen, last_connection: lastSeen, age };
}

/** By key; where several processes share one, their connections are added. */
function summed(connections: readonly Connection[]) {
  const counts = new Map<string, number>();
  for (const { key, count } of connections) {
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return Object.fromEntries(
    connections.map(({ key, hash }) => [key, { ...hash, connections: `${counts.get(key) ?? 0}` }]),
  );
}
