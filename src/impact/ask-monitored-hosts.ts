/** Which hosts a monitoring knows: those that can have checks of ours. */
import { bitesOf } from "../model/bites.ts";
import { compareIds } from "../model/compare.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { nameAtSite } from "../model/ids.ts";

/** What is needed of the stored picture. */
interface HostsPicture {
  nodes(): Promise<string[]>;
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
}

/** Their names as the monitoring of `site` has them, null for those of no site; in order. */
export async function askMonitoredHosts(picture: HostsPicture, site: string | null): Promise<string[]> {
  const hosts: string[] = [];
  for (const bite of bitesOf(await picture.nodes())) {
    const graphs = await picture.graphs(bite);
    hosts.push(...[...graphs.values()].filter(({ state }) => state !== null).map(({ host }) => host));
  }
  const named = hosts.flatMap((host) => nameAtSite(site, host) ?? []);
  return named.sort(compareIds);
}
