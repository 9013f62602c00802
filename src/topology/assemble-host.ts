/** One host as the other steps see it: what its agent saw, and what only others speak of. */
import { type PortName, parseId, serviceId } from "../model/ids.ts";
import { type HostTopology, type TopologyProcess, type TopologyService, UNKNOWN_PROCESS } from "../model/topology.ts";
import type { DerivedHost } from "./derive-host.ts";
import type { HostMemory } from "./host-memory.ts";
import type { Links } from "./links.ts";

/** Puts a host together; `memory` and `derived` are undefined where it never reported. */
export function assembleHost(
  name: string,
  memory: HostMemory | undefined,
  derived: DerivedHost | undefined,
  links: Links,
): HostTopology {
  const services = new Map<PortName, TopologyService>();
  for (const [port, service] of derived?.services ?? []) {
    services.set(port, { ...service, lastSeen: memory?.listeners.get(port)?.lastSeen ?? service.lastSeen });
  }
  const processes = new Map(derived?.processes);
  for (const edge of links.from(name)) {
    addStub(name, edge.from, edge.lastSeen, services, processes);
  }
  for (const edge of links.into(name)) {
    addStub(name, edge.to, edge.lastSeen, services, processes);
  }
  return {
    host: name,
    ips: memory?.ips ?? [],
    lastReport: memory?.lastReport ?? 0,
    agent: derived?.agent ?? "none",
    services,
    processes,
    nameOf: derived?.nameOf ?? ((process) => process ?? UNKNOWN_PROCESS),
    edges: memory?.edges ?? new Map(),
    listeners: memory?.listeners ?? new Map(),
  };
}

/** Adds a node that only edges speak of, or notes that another edge saw it later. */
function addStub(
  host: string,
  id: string,
  lastSeen: number,
  services: Map<string, TopologyService>,
  processes: Map<string, TopologyProcess>,
): void {
  const parsed = parseId(id);
  if (parsed?.kind === "service") {
    const { port } = parsed;
    const known = services.get(port);
    const stub = { id: serviceId(host, port), host, port, process: null, processId: null, addresses: [] };
    if (known === undefined || (!known.listening && known.lastSeen < lastSeen)) {
      services.set(port, { ...stub, lastSeen, listening: false });
    }
  } else if (parsed?.kind === "process") {
    const known = processes.get(parsed.name);
    if (known === undefined || known.lastSeen < lastSeen) {
      processes.set(parsed.name, { id, host, name: known?.name ?? parsed.name, lastSeen });
    }
  }
}
