/** The weak places of the site, from all hosts as they are stored. */
import { type Survey, surveySite } from "../impact/survey.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { MapReader } from "../store/map-reader.ts";

/** Hosts read at once. */
const BITE = 200;

/** Reads and surveys the site. */
export async function readSurvey(reader: Pick<MapReader, "nodes" | "graphs">): Promise<Survey> {
  return surveySite(await readAllGraphs(reader));
}

/** The graphs of all hosts. */
export async function readAllGraphs(reader: Pick<MapReader, "nodes" | "graphs">): Promise<Map<string, HostGraph>> {
  const hosts = await reader.nodes();
  const graphs = new Map<string, HostGraph>();
  for (let at = 0; at < hosts.length; at += BITE) {
    for (const [host, graph] of await reader.graphs(hosts.slice(at, at + BITE))) {
      graphs.set(host, graph);
    }
  }
  return graphs;
}
