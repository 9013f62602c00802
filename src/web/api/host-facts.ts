/** Reads what lines about hosts are made of. */
import { bitesOf } from "../../model/bites.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { TimeSlices } from "../../store/time-slices.ts";
import type { HostFacts } from "./items.ts";

/** The facts of the hosts, in their order. */
export async function readHostFacts(reader: MapReader, hosts: readonly string[]): Promise<HostFacts[]> {
  const [graphs, checks, nodes, hostChecks] = await Promise.all([
    reader.graphs(hosts),
    reader.checksOf(hosts),
    reader.nodesOf(hosts),
    reader.hostChecksOf(hosts),
  ]);
  return hosts.map((name) => ({
    name,
    graph: graphs.get(name),
    node: nodes.get(name),
    hostCheck: hostChecks.get(name),
    checks: checks.get(name) ?? [],
  }));
}

/** The facts of any number of hosts, read in bites; while they are used others have their turn. */
export async function* allHostFacts(
  reader: MapReader,
  hosts: readonly string[],
): AsyncGenerator<HostFacts, void, void> {
  const slices = new TimeSlices();
  for (const bite of bitesOf(hosts)) {
    for (const facts of await readHostFacts(reader, bite)) {
      yield facts;
      if (slices.isOver) {
        await slices.next();
      }
    }
  }
}
