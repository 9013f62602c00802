/** The original's `/nodes`: all hosts, how they are, and who talks to whom over which ports. */
import type { GraphNode } from "../../model/host-graph.ts";
import { parseId, portNumber } from "../../model/ids.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { compatHostCheck, wholeMap } from "./compat-records.ts";
import { hasPlainName } from "./compat-text.ts";

/** `/nodes`. */
export async function compatNodes(reader: MapReader) {
  const nodes = (await reader.nodes()).filter(hasPlainName);
  const checks = await Promise.all(nodes.map((node) => compatHostCheck(reader, node)));
  const lines = new Map<
    string,
    { readonly source: string; readonly destination: string; readonly ports: Set<number> }
  >();
  for (const { host, nodes: own } of (await wholeMap(reader)).values()) {
    for (const { from, to, port } of own.flatMap((node) => linesOf(host, node))) {
      const line = lines.get(`${from}::${to}`) ?? { source: from, destination: to, ports: new Set<number>() };
      lines.set(`${from}::${to}`, line);
      if (port !== null) {
        line.ports.add(port);
      }
    }
  }
  const connections = [...lines].map(([key, { ports, ...ends }]) => [key, { ...ends, ports: [...ports] }] as const);
  return {
    nodes,
    monitoring: Object.fromEntries(nodes.map((node, at) => [node, checks[at] ?? null])),
    connections: Object.fromEntries(connections),
  };
}

/** The lines between the host and others, in the direction of the connection, with the port that was connected to. */
function linesOf(host: string, { needs, neededBy, port }: GraphNode) {
  const out = needs.flatMap(({ to }) => {
    const end = parseId(to);
    return end === undefined
      ? []
      : [{ from: host, to: end.host, port: end.kind === "service" ? portNumber(end.port) : null }];
  });
  const into = neededBy.flatMap((id) => {
    const end = parseId(id);
    return end === undefined ? [] : [{ from: end.host, to: host, port: port === null ? null : portNumber(port) }];
  });
  return [...out, ...into].filter(({ from, to }) => from !== to && hasPlainName(from) && hasPlainName(to));
}
