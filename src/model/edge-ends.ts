/** A remembered connection as a dependency: which ids its ends have. */
import type { EdgeRecord } from "./changes.ts";
import { INTERNET, portName, processId, serviceId } from "./ids.ts";
import { type HostTopology, UNKNOWN_PROCESS } from "./topology.ts";

/** The one remote address for everything on the host itself. */
const LOCAL = "127.0.0.1";

/** Host of an address, or the address itself. */
export type Resolve = (address: string) => string;

/** Who needs, and what is needed; `Internet` where anybody out there does. */
export function edgeEnds(topology: HostTopology, edge: EdgeRecord, resolve: Resolve): { from: string; to: string } {
  const { host, nameOf } = topology;
  const own = processId(host, nameOf(edge.process, edge.owner));
  if (edge.direction === "unix") {
    const at = edge.remote.indexOf("@");
    const server = nameOf(edge.remote.slice(0, at) || null, edge.remote.slice(at + 1) || null);
    return { from: own, to: processId(host, server) };
  }
  const port = edgePort(edge);
  const remote = edgeRemote(topology, edge, resolve);
  if (edge.direction === "out") {
    return { from: own, to: serviceId(remote, port) };
  }
  return { from: remote === INTERNET ? INTERNET : processId(remote, UNKNOWN_PROCESS), to: serviceId(host, port) };
}

/** Name of the service port. */
export function edgePort(edge: EdgeRecord): string {
  return portName(edge.protocol === "udp" ? "udp" : "tcp", edge.port);
}

/** The host at the other end; the host itself over loopback and Unix sockets. */
export function edgeRemote({ host }: HostTopology, { direction, remote }: EdgeRecord, resolve: Resolve): string {
  return direction === "unix" || remote === LOCAL ? host : resolve(remote);
}
