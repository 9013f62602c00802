/** The original's `/services`: what runs, by process, on which hosts; which process talks to which; what is wrong. */
import type { GraphNode } from "../../model/host-graph.ts";
import { INTERNET, parseId } from "../../model/ids.ts";
import { isProblem } from "../../model/state.ts";
import { escapeMarkup } from "../../render/xml.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { wholeMap } from "./compat-records.ts";

interface Member {
  readonly host: string;
  readonly node: GraphNode;
}

/** `/services`. */
export async function compatServices(reader: MapReader) {
  const graphs = await wholeMap(reader);
  const all = [...graphs.values()].flatMap(({ host, nodes }) => nodes.map((node) => ({ host, node })));
  const own = all.filter(({ host, node }) => node.kind === "service" && host !== INTERNET);
  const wrong = own.filter(({ node }) => node.ownState !== null && isProblem(node.ownState));
  return {
    services: byProcess(own),
    connections: linesBetween(all),
    monitoring: wrong.map(({ host, node }) => ({ service: nameOf(node), status: node.ownState, node: host })),
  };
}

function byProcess(members: readonly Member[]) {
  const services = new Map<string, { readonly nodes: readonly string[]; readonly port: string }>();
  for (const { host, node } of members) {
    const known = services.get(nameOf(node)) ?? { nodes: [], port: node.port ?? "" };
    services.set(nameOf(node), { ...known, nodes: [...new Set([...known.nodes, host])] });
  }
  return Object.fromEntries(services);
}

function linesBetween(members: readonly Member[]) {
  const names = new Map(members.map(({ host, node }) => [node.id, host === INTERNET ? INTERNET : nameOf(node)]));
  const lines = members.flatMap(({ node }) =>
    node.needs.map(({ to }) => ({ source: names.get(node.id) ?? "", destination: names.get(to) ?? farName(to) })),
  );
  return Object.fromEntries(
    lines
      .filter(({ source, destination }) => source !== destination)
      .map((line) => [`${line.source}::${line.destination}`, line]),
  );
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
