/** The records of one host and its services that Redis readers of the original know. */
import type { NodeRecord, ServiceRecord } from "../model/changes.ts";
import { type PortName, portName } from "../model/ids.ts";
import type { ServiceState } from "../model/problem.ts";
import { type CheckState, isProblem, type State } from "../model/state.ts";
import type { HostTopology } from "../model/topology.ts";

/** What the records are made of. */
export interface RecordScene {
  readonly topology: HostTopology;
  readonly stateOf: (id: string) => ServiceState | undefined;
  /** Host of an address, or the address itself. */
  readonly resolve: (address: string) => string;
  /** Whether somebody is known to listen at a host's port. */
  readonly listens: (host: string, port: PortName) => boolean;
  /** Seconds after which a service is old. */
  readonly aging: number;
  /** Seconds after which a connection is no longer shown; Infinity for never. */
  readonly hiding: number;
  /** First port that is a client's where nobody is known to listen. */
  readonly firstEphemeral: number;
  /** Why the host's report cannot be had; undefined where it can. */
  readonly fetchFault: string | undefined;
  readonly now: number;
}

/** The node's record. */
export function nodeRecord({ topology, stateOf, fetchFault }: RecordScene): NodeRecord {
  const alerts: Record<string, CheckState> = Object.create(null);
  for (const service of topology.services.values()) {
    const state = checkState(stateOf(service.id)?.state);
    if (state !== null && isProblem(state)) {
      alerts[service.port] = state;
    }
  }
  return {
    lastFetch: topology.lastReport,
    fetchStatus: fetchFault ?? (topology.agent === "none" ? "no report yet" : "OK"),
    ips: topology.ips,
    serviceAlerts: alerts,
  };
}

/** Records of the services whose listener an agent has seen, by service id. */
export function serviceRecords(scene: RecordScene): Map<string, ServiceRecord> {
  const { topology, now, aging } = scene;
  const lastClient = newestClients(topology);
  const records = new Map<string, ServiceRecord>();
  for (const service of topology.services.values()) {
    if (service.listening) {
      records.set(service.id, {
        node: topology.host,
        port: service.port,
        process: service.process ?? "",
        lastSeen: service.lastSeen,
        lastConnection: lastClient.get(service.port) ?? 0,
        age: now - service.lastSeen > aging ? "old" : "fresh",
        alertStatus: checkState(scene.stateOf(service.id)?.state),
      });
    }
  }
  return records;
}

function newestClients(topology: HostTopology): Map<PortName, number> {
  const newest = new Map<PortName, number>();
  for (const edge of topology.edges.values()) {
    if (edge.direction === "in") {
      const port = portName(edge.protocol === "udp" ? "udp" : "tcp", edge.port);
      newest.set(port, Math.max(newest.get(port) ?? 0, edge.lastSeen));
    }
  }
  return newest;
}

/** A service's state is always a check's state. */
function checkState(state: State | undefined): CheckState | null {
  switch (state) {
    case "OK":
    case "WARNING":
    case "CRITICAL":
    case "UNKNOWN":
    case "PENDING":
      return state;
    default:
      return null;
  }
}
