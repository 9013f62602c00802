/** The dependencies between two hosts: what both ends say of their connections, made one. */
import { compareIds } from "../model/compare.ts";
import { type PortName, portName, processId, serviceId } from "../model/ids.ts";
import { CERTAINTIES, type Certainty } from "../model/impact.ts";
import { type TopologyEdge, UNKNOWN_PROCESS } from "../model/topology.ts";
import { type DerivedHost, isOld, type Row, rowPort } from "./derive-host.ts";
import { lasting } from "./fold-report.ts";

/** Ports from here on are a client's, unless somebody is known to listen there (net.ipv4.ip_local_port_range). */
export const FIRST_EPHEMERAL = 32_768;

/** A host that may have no agent: then only its name is known. */
export type Side = { readonly host: string } & Partial<DerivedHost>;

/** Edges from processes of `client` to services of `server`; for one host, `client` and `server` are the same. */
export function linkHosts(client: Side, server: Side, aging: number, now: number): TopologyEdge[] {
  const accepted = acceptedRows(client, server);
  const edges: TopologyEdge[] = [];
  const answered = new Set<PortName>();
  for (const out of client.outTo?.get(server.host) ?? []) {
    const own = rowPort(out);
    const seenThere = accepted.get(own);
    const port = servicePort(out, server, seenThere);
    answered.add(own);
    edges.push(edge(out.processId, idOf(server, port), out, certaintyOf(out, seenThere, client, server, aging, now)));
  }
  for (const [port, row] of accepted) {
    if (!answered.has(port)) {
      const from = processId(client.host, UNKNOWN_PROCESS);
      const certainty = isOld(row.lastSeen, aging, now) ? "remembered" : "one";
      edges.push(edge(from, idOf(server, servicePort(row, server, row)), row, certainty));
    }
  }
  return edges.sort(byEnds);
}

/** The id of a service, the service's own text where it is known: many edges lead to few services. */
function idOf(server: Side, port: PortName): string {
  return server.services?.get(port)?.id ?? serviceId(server.host, port);
}

/** What the server's agent saw of this client, one row a port. */
function acceptedRows(client: Side, server: Side): Map<PortName, Row> {
  const rows = new Map<PortName, Row>();
  for (const row of server.inFrom?.get(client.host) ?? []) {
    const port = rowPort(row);
    const other = rows.get(port);
    rows.set(
      port,
      other === undefined ? row : { ...row, ...merged(row, other), passing: row.passing && other.passing },
    );
  }
  return rows;
}

/**
 * The service a connection goes to; an ephemeral port where nobody is known to listen is only `high`. One who listened
 * there for a moment (a build, a test) is no service any more, unless connections that were `accepted` there go on.
 */
function servicePort(row: Row, server: Side, accepted: Row | undefined): PortName {
  const port = rowPort(row);
  const known = server.services?.has(port) === true || (accepted?.count ?? 0) > 0;
  return row.port >= FIRST_EPHEMERAL && !known ? portName(row.protocol, "high") : port;
}

function certaintyOf(
  out: Row,
  accepted: Row | undefined,
  client: Side,
  server: Side,
  aging: number,
  now: number,
): Certainty {
  const hereOld = isOld(out.lastSeen, aging, now);
  const thereOld = accepted === undefined || isOld(accepted.lastSeen, aging, now);
  if (hereOld && thereOld) {
    return "remembered";
  }
  const sameHost = client.host === server.host;
  const fresh = client.agent === "fresh" && server.agent === "fresh";
  return fresh && (sameHost || !(hereOld || thereOld)) ? "both" : "one";
}

/** One edge for each pair of ends: the most certain, its counts added. */
export function mergeParallel(edges: readonly TopologyEdge[]): readonly TopologyEdge[] {
  if (edges.length < 2) {
    return edges;
  }
  const parallel = new Map<string, TopologyEdge>();
  for (const each of edges) {
    const key = `${each.from}\n${each.to}`;
    const other = parallel.get(key);
    parallel.set(key, other === undefined ? each : { ...together(each, other), certainty: surer(each, other) });
  }
  return [...parallel.values()];
}

function together(a: TopologyEdge, b: TopologyEdge): TopologyEdge {
  return { ...lasting(a, b), ...merged(a, b) };
}

function surer(a: TopologyEdge, b: TopologyEdge): Certainty {
  return CERTAINTIES.indexOf(a.certainty) <= CERTAINTIES.indexOf(b.certainty) ? a.certainty : b.certainty;
}

function edge(from: string, to: string, row: Row, certainty: Certainty): TopologyEdge {
  const { count, firstSeen, lastSeen, passing } = row;
  return { from, to, certainty, count, firstSeen, lastSeen, ...(passing ? { passing } : {}), over: null };
}

interface Seen {
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
}

function merged(a: Seen, b: Seen): Seen {
  return {
    firstSeen: Math.min(a.firstSeen, b.firstSeen),
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    count: a.count + b.count,
  };
}

function byEnds(a: TopologyEdge, b: TopologyEdge): number {
  return compareIds(a.from, b.from) || compareIds(a.to, b.to);
}
