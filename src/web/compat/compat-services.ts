/** The original's `/services`: what runs, by process, on which hosts; which process talks to which; what is wrong. */
import type { GraphNode, HostGraph } from "../../model/host-graph.ts";
import { INTERNET, parseId } from "../../model/ids.ts";
import type { Pieces } from "../../model/pieces.ts";
import { isProblem } from "../../model/state.ts";
import { escapeMarkup } from "../../render/xml.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { inSlices } from "../../store/time-slices.ts";
import { wholeMap } from "./compat-records.ts";

type Graphs = ReadonlyMap<string, HostGraph>;

/** `/services`. */
export async function compatServices(reader: MapReader) {
  const graphs = await wholeMap(reader);
  return {
    services: await inSlices(byProcess(graphs)),
    connections: await inSlices(linesBetween(graphs)),
    monitoring: [...graphs.values()].flatMap(wrongOn),
  };
}

function servicesOn({ host, nodes }: HostGraph): readonly GraphNode[] {
  return host === INTERNET ? [] : nodes.filter(({ kind }) => kind === "service");
}

function wrongOn(graph: HostGraph) {
  return servicesOn(graph)
    .filter(({ ownState }) => ownState !== null && isProblem(ownState))
    .map((node) => ({ service: nameOf(node), status: node.ownState, node: graph.host }));
}

function* byProcess(graphs: Graphs): Pieces<object> {
  const services = new Map<string, { readonly hosts: Set<string>; readonly port: string }>();
  for (const graph of graphs.values()) {
    for (const node of servicesOn(graph)) {
      const name = nameOf(node);
      const known = services.get(name) ?? { hosts: new Set(), port: node.port ?? "" };
      services.set(name, known);
      known.hosts.add(graph.host);
    }
    yield;
  }
  return Object.fromEntries([...services].map(([name, { hosts, port }]) => [name, { nodes: [...hosts], port }]));
}

function* linesBetween(graphs: Graphs): Pieces<object> {
  const names = yield* namesIn(graphs);
  const lines = new Map<string, { readonly source: string; readonly destination: string }>();
  for (const { nodes } of graphs.values()) {
    for (const line of nodes.flatMap((node) => linesFrom(node, names))) {
      lines.set(`${line.source}::${line.destination}`, line);
    }
    yield;
  }
  return Object.fromEntries(lines);
}

/** What everything is called, by its id. */
function* namesIn(graphs: Graphs): Pieces<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { host, nodes } of graphs.values()) {
    for (const node of nodes) {
      names.set(node.id, host === INTERNET ? INTERNET : nameOf(node));
    }
    yield;
  }
  return names;
}

function linesFrom({ id, needs }: GraphNode, names: ReadonlyMap<string, string>) {
  const source = names.get(id) ?? "";
  return needs
    .map(({ to }) => ({ source, destination: names.get(to) ?? farName(to) }))
    .filter(({ destination }) => destination !== source);
}

/** Of something no agent tells of. */
function farName(id: string): string {
  const end = parseId(id);
  if (end?.host === INTERNET) {
    return INTERNET;
  }
  return end?.kind === "service" ? `:${end.port}` : id;
}

function nameOf({ process, port }: Pick<GraphNode, "process" | "port">): string {
  return escapeMarkup(process ?? `:${port}`);
}
