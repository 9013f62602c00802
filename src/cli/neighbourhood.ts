/** Loads the hosts around a place of the map, ring by ring, so that a picture of one host never reads a whole site. */
import type { HostGraph } from "../model/host-graph.ts";
import { parseId } from "../model/ids.ts";
import type { MapReader } from "../store/map-reader.ts";

/** How far to look, in hops. */
export interface Depths {
  readonly dependents: number;
  readonly dependencies: number;
}

/** The graphs of the hosts and of all that lie within the depths around them. */
export async function loadNeighbourhood(
  reader: Pick<MapReader, "graphs">,
  hosts: readonly string[],
  depths: Depths,
): Promise<Map<string, HostGraph>> {
  const loaded = await reader.graphs(hosts);
  await widen(reader, loaded, hosts, depths.dependents, (graph) => graph.nodes.flatMap((node) => node.neededBy));
  await widen(reader, loaded, hosts, depths.dependencies, (graph) =>
    graph.nodes.flatMap((node) => node.needs.map(({ to }) => to)),
  );
  return loaded;
}

/** A hop leads to another host at most, so as many rings as hops hold all that is wanted. */
async function widen(
  reader: Pick<MapReader, "graphs">,
  loaded: Map<string, HostGraph>,
  start: readonly string[],
  rings: number,
  beside: (graph: HostGraph) => readonly string[],
): Promise<void> {
  let ring = new Set(start);
  const seen = new Set(start);
  for (let depth = 0; depth < rings && ring.size > 0; depth += 1) {
    const near = [...ring].flatMap((host) => idHosts(loaded.get(host), beside));
    ring = new Set(near.filter((host) => !seen.has(host)));
    const missing = [...ring].filter((host) => !loaded.has(host));
    for (const [host, graph] of missing.length === 0 ? [] : await reader.graphs(missing)) {
      loaded.set(host, graph);
    }
    for (const host of ring) {
      seen.add(host);
    }
  }
}

function idHosts(graph: HostGraph | undefined, beside: (graph: HostGraph) => readonly string[]): string[] {
  return graph === undefined ? [] : beside(graph).map((id) => parseId(id)?.host ?? id);
}
