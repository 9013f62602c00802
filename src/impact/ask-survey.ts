/** The weak places of the site, from all hosts as they are stored. */
import { bitesOf } from "../model/bites.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { type Doing, inOneGo } from "../model/pieces.ts";
import { type Survey, surveySite } from "./survey.ts";

/** What is needed of the stored picture. */
export interface WholePicture {
  nodes(): Promise<string[]>;
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
}

/** Reads and surveys the site. */
export async function askSurvey(picture: WholePicture, doing: Doing = inOneGo): Promise<Survey> {
  return doing(surveySite(await allGraphs(picture)));
}

/** The graphs of all hosts. */
export async function allGraphs(picture: WholePicture): Promise<Map<string, HostGraph>> {
  const graphs = new Map<string, HostGraph>();
  for (const hosts of bitesOf(await picture.nodes())) {
    for (const [host, graph] of await picture.graphs(hosts)) {
      graphs.set(host, graph);
    }
  }
  return graphs;
}
