/** `dotm get services` and `dotm get connections`: who listens, and who needs whom. */
import type { GraphNode, HostGraph, Need } from "../../model/host-graph.ts";
import type { Listing } from "../listing.ts";
import { ageText, cell, isoTime } from "../words.ts";
import { hostBites, type ListRequest } from "./hosts-of.ts";

/** Lists services. */
export async function listServices(request: ListRequest): Promise<Listing> {
  const nodes = (await graphsOf(request, "services")).flatMap((graph) =>
    graph.nodes.filter(({ kind }) => kind === "service").map((node) => ({ host: graph.host, node })),
  );
  const columns = [
    ...[{ head: "SERVICE" }, { head: "PROCESS" }, { head: "STATE" }, { head: "DEGREE" }, { head: "CHECKS" }],
    ...[{ head: "CLIENTS" }, { head: "AGE" }, { head: "LAST SEEN", wide: true }],
  ];
  return {
    kind: "ServiceList",
    items: nodes.map(({ host, node }) => serviceItem(host, node)),
    columns,
    rows: nodes.map(({ node }) => serviceRow(node, request.now)),
    names: nodes.map(({ node }) => node.id),
  };
}

function serviceItem(host: string, node: GraphNode) {
  const { id, port, process, ownState, stateType, handling, degree, checks, age, lastSeen, neededBy } = node;
  return {
    id,
    host,
    port,
    process,
    ownState,
    stateType,
    handling,
    degree,
    checks,
    age,
    lastSeen: isoTime(lastSeen),
    neededBy,
  };
}

function serviceRow(node: GraphNode, now: number): string[] {
  const checks = node.checks.length === 0 ? "no check" : node.checks.join(", ");
  const seen = ageText(node.lastSeen, now);
  return [
    node.id,
    cell(node.process),
    cell(node.ownState),
    cell(node.degree),
    checks,
    `${node.neededBy.length}`,
    node.age,
    seen,
  ];
}

/** Lists dependencies: connections as they were observed or configured. */
export async function listConnections(request: ListRequest): Promise<Listing> {
  const edges = (await graphsOf(request, "connections")).flatMap((graph) =>
    graph.nodes.flatMap((node) =>
      node.needs.filter((need) => isTalk(node, need)).map((need) => ({ from: node.id, need })),
    ),
  );
  const columns = [
    ...[{ head: "FROM" }, { head: "NEEDS" }, { head: "CERTAINTY" }, { head: "CONNECTIONS" }, { head: "LAST SEEN" }],
    ...[
      { head: "FIRST SEEN", wide: true },
      { head: "OVER", wide: true },
    ],
  ];
  return {
    kind: "ConnectionList",
    items: edges.map(({ from, need }) => connectionItem(from, need)),
    columns,
    rows: edges.map(({ from, need }) => connectionRow(from, need, request.now)),
    names: edges.map(({ from, need }) => `${from} -> ${need.to}`),
  };
}

/** That a service needs the process that holds it is no connection; one that somebody wrote down is shown. */
function isTalk(node: GraphNode, need: Need): boolean {
  return node.kind === "process" || need.certainty === "configured";
}

function connectionItem(from: string, need: Need) {
  const { to, certainty, count, firstSeen, lastSeen, over } = need;
  return { from, to, certainty, count, firstSeen: isoTime(firstSeen), lastSeen: isoTime(lastSeen), over: over ?? null };
}

function connectionRow(from: string, need: Need, now: number): string[] {
  const seen = [ageText(need.lastSeen, now), ageText(need.firstSeen, now)];
  return [from, need.to, need.certainty, `${need.count}`, ...seen, cell(need.over)];
}

async function graphsOf(request: ListRequest, resource: string): Promise<HostGraph[]> {
  const graphs: HostGraph[] = [];
  for (const bite of await hostBites(request, resource)) {
    const loaded = await request.reader.graphs(bite);
    graphs.push(...bite.map((host) => loaded.get(host)).filter((graph) => graph !== undefined));
  }
  return graphs;
}
