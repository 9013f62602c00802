/** One host as the other steps see it: what its agent saw, and what only others speak of. */
import { type PortName, parseId, processId, serviceId } from "../model/ids.ts";
import { type HostTopology, type TopologyProcess, type TopologyService, UNKNOWN_PROCESS } from "../model/topology.ts";
import type { DerivedHost } from "./derive-host.ts";
import type { RunningProcess } from "./fold-report.ts";
import { HostMemory } from "./host-memory.ts";
import type { Links } from "./links.ts";
import type { ProcessNamer } from "./process-names.ts";

/** The memory of a host that never reported. */
const NOTHING = new HostMemory();

/** What the edges from and to a host say of it. */
export interface SpokenOf {
  /** Services that no agent sees, by port name. */
  readonly services: ReadonlyMap<PortName, TopologyService>;
  /** All processes, those that no agent sees and those that another edge saw later included. */
  readonly processes: ReadonlyMap<string, TopologyProcess>;
}

/** Finds what the edges from and to a host say of it; `derived` is undefined where it never reported. */
export function spokenOf(host: string, derived: DerivedHost | undefined, links: Links): SpokenOf {
  const services = new Map<PortName, TopologyService>();
  const processes = new Map<string, TopologyProcess>(derived?.processes);
  const isListening = (port: PortName) => derived?.services.has(port) === true;
  for (const edge of links.from(host)) {
    addStub(host, edge.from, edge.lastSeen, services, processes, isListening);
  }
  for (const edge of links.into(host)) {
    addStub(host, edge.to, edge.lastSeen, services, processes, isListening);
  }
  return { services, processes };
}

/** Puts a host together; `memory` and `derived` are undefined where it never reported. */
export function assembleHost(
  name: string,
  memory: HostMemory | undefined,
  derived: DerivedHost | undefined,
  spoken: SpokenOf,
): HostTopology {
  const services = new Map<PortName, TopologyService>();
  const { ips, lastReport, lastLook, interval, edges, listeners } = memory ?? NOTHING;
  for (const [port, service] of derived?.services ?? []) {
    services.set(port, { ...service, lastSeen: listeners.get(port)?.lastSeen ?? service.lastSeen });
  }
  for (const [port, service] of spoken.services) {
    services.set(port, service);
  }
  const nameOf: ProcessNamer = derived?.nameOf ?? ((process) => process ?? UNKNOWN_PROCESS);
  return {
    host: name,
    ips,
    lastReport,
    lastLook,
    interval,
    agent: derived?.agent ?? "none",
    services,
    processes: spoken.processes,
    nameOf,
    edges,
    listeners,
    starts: startsOf(name, (memory ?? NOTHING).running, nameOf),
  };
}

function startsOf(host: string, running: readonly RunningProcess[], nameOf: ProcessNamer): Map<string, number> {
  const starts = new Map<string, number>();
  for (const { process, owner, started } of running) {
    const id = processId(host, nameOf(process, owner));
    starts.set(id, Math.min(starts.get(id) ?? started, started));
  }
  return starts;
}

/** Adds a node that only edges speak of, or notes that another edge saw it later. */
function addStub(
  host: string,
  id: string,
  lastSeen: number,
  services: Map<string, TopologyService>,
  processes: Map<string, TopologyProcess>,
  isListening: (port: PortName) => boolean,
): void {
  const parsed = parseId(id);
  if (parsed?.kind === "service") {
    const { port } = parsed;
    if (!isListening(port) && (services.get(port)?.lastSeen ?? Number.NEGATIVE_INFINITY) < lastSeen) {
      const stub = { id: serviceId(host, port), host, port, process: null, processId: null, addresses: [] };
      services.set(port, { lastSeen, listening: false, ...stub });
    }
  } else if (parsed?.kind === "process") {
    const known = processes.get(parsed.name);
    if (known === undefined || known.lastSeen < lastSeen) {
      processes.set(parsed.name, { id, host, name: known?.name ?? parsed.name, lastSeen });
    }
  }
}
