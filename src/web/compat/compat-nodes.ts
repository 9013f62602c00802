/** The original's `/nodes`: all hosts, how they are, and who talks to whom over which ports. */
import type { GraphNode, HostGraph } from "../../model/host-graph.ts";
import { parseId, portNumber } from "../../model/ids.ts";
import type { Pieces } from "../../model/pieces.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { eachInSlices, inSlices } from "../../store/time-slices.ts";
import { hostCheckOf, wholeMap } from "./compat-records.ts";
import { hasPlainName } from "./compat-text.ts";

/** Who talks to whom, and over which ports. */
interface Line {
  readonly source: string;
  readonly destination: string;
  readonly ports: Set<number>;
}

/** `/nodes`. */
export async function compatNodes(reader: MapReader) {
  const nodes = (await reader.nodes()).filter(hasPlainName);
  const checks = await reader.hostChecksOf(nodes);
  const lines = await inSlices(linesIn(await wholeMap(reader)));
  const connections = await eachInSlices(lines, ([key, { ports, ...ends }]) => [key, { ...ends, ports: [...ports] }]);
  const monitoring = await eachInSlices(nodes, (node) => {
    const record = checks.get(node);
    return [node, record === undefined ? null : hostCheckOf(node, record)];
  });
  return { nodes, monitoring: Object.fromEntries(monitoring), connections: Object.fromEntries(connections) };
}

/** All lines, by their ends. */
function* linesIn(graphs: ReadonlyMap<string, HostGraph>): Pieces<ReadonlyMap<string, Line>> {
  const lines = new Map<string, Line>();
  for (const { host, nodes } of graphs.values()) {
    for (const { from, to, port } of nodes.flatMap((node) => linesOf(host, node))) {
      const key = `${from}::${to}`;
      const line = lines.get(key) ?? { source: from, destination: to, ports: new Set<number>() };
      lines.set(key, line);
      if (port !== null) {
        line.ports.add(port);
      }
    }
    yield;
  }
  return lines;
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
