/** The remembered connections of a host by the fields they are stored under, and when one is to be stored anew. */
import type { EdgeRecord } from "../model/changes.ts";
import { processId } from "../model/ids.ts";
import type { HostTopology } from "../model/topology.ts";

/** The field of an edge (DESIGN section 4): `direction|process id|protocol|port|remote`. */
export function edgeField({ host, nameOf }: HostTopology, edge: EdgeRecord): string {
  const process = processId(host, nameOf(edge.process, edge.owner));
  return `${edge.direction}|${process}|${edge.protocol}|${edge.port}|${edge.remote}`;
}

/**
 * Whether two records of one field are the same. While an edge is in the last report that report tells its time;
 * afterwards the record does.
 */
export function sameEdge(a: EdgeRecord, b: EdgeRecord): boolean {
  // Direction, protocol, port and remote are in the field; of the process only its display name is.
  return (
    a.count === b.count &&
    (b.count > 0 || a.lastSeen === b.lastSeen) &&
    a.firstSeen === b.firstSeen &&
    a.process === b.process &&
    a.owner === b.owner &&
    a.path === b.path &&
    a.passing === b.passing &&
    (a.rhythm === b.rhythm || sameRhythm(a.rhythm, b.rhythm))
  );
}

function sameRhythm(a: EdgeRecord["rhythm"], b: EdgeRecord["rhythm"]): boolean {
  return a.run === b.run && a.gaps === b.gaps && a.longest === b.longest;
}
