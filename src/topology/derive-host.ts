/** One host as its memory shows it: named processes, services, and its connections sorted by the host at the other end. */
import type { EdgeRecord } from "../model/changes.ts";
import { type PortName, portName, processId, serviceId } from "../model/ids.ts";
import type { TopologyEdge, TopologyProcess, TopologyService } from "../model/topology.ts";
import { UNKNOWN_PROCESS } from "../model/topology.ts";
import { LOCAL } from "./fold-report.ts";
import type { HostMemory } from "./host-memory.ts";
import { nameProcesses, type ProcessNamer, unixServer } from "./process-names.ts";

/** Seconds from which edges and services are old, not shown, and forgotten; Infinity for never. */
export interface Ages {
  readonly agingConnections: number;
  readonly agingServices: number;
  readonly hidingConnections: number;
  readonly hidingServices: number;
  readonly expireConnections: number;
  readonly expireServices: number;
}

/** Connections of one process to one remote host and port. */
export interface Row {
  readonly processId: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  /** Whether never more than traces of closed connections was seen. */
  readonly passing: boolean;
}

/** What linking needs of one host. */
export interface DerivedHost {
  readonly host: string;
  readonly agent: "fresh" | "stale" | "none";
  readonly services: ReadonlyMap<PortName, TopologyService>;
  readonly processes: ReadonlyMap<string, TopologyProcess>;
  /** Display name of a process of this host. */
  readonly nameOf: ProcessNamer;
  /** Connections this host opened, by the host they go to. */
  readonly outTo: ReadonlyMap<string, readonly Row[]>;
  /** Connections it accepted, by the host they come from. */
  readonly inFrom: ReadonlyMap<string, readonly Row[]>;
  /** Edges that lie within the host: services to their processes, and Unix sockets. */
  readonly local: readonly TopologyEdge[];
  /** Unix seconds when something here grows old or hidden next; Infinity where nothing will. */
  readonly nextAge: number;
}

/** Derives one host. `resolve` gives the host of an address, or the address itself. */
export function deriveHost(
  host: string,
  memory: HostMemory,
  resolve: (address: string) => string,
  ages: Ages,
  now: number,
): DerivedHost {
  const nameOf = nameProcesses(memory.edges.values(), memory.listeners.values());
  const agent = agentState(memory, now);
  const processes = new Map<string, TopologyProcess>();
  const clock = new AgeClock(now);
  const services = deriveServices(host, memory, nameOf, processes, ages, clock);
  const local = [...services.values()].flatMap((service) => ownProcess(service, agent));
  const outTo = new Map<string, Row[]>();
  const inFrom = new Map<string, Row[]>();
  const shown = [...memory.edges.values()].filter(
    (edge) => !clock.hides(edge.lastSeen, ages.agingConnections, ages.hidingConnections, ages.expireConnections),
  );
  for (const edge of shown) {
    const name = noteProcess(processes, host, nameOf(edge.process, edge.owner), edge.process, edge.lastSeen);
    if (edge.direction === "unix") {
      local.push(unixEdge(host, edge, name, nameOf, processes, ages, now));
    } else {
      const remote = edge.remote === LOCAL ? host : resolve(edge.remote);
      push(
        edge.direction === "out" ? outTo : inFrom,
        remote,
        row(processes.get(name)?.id ?? processId(host, name), edge),
      );
    }
  }
  return { host, agent, services, processes, nameOf, outTo, inFrom, local, nextAge: clock.next };
}

/** Whether what was last seen then has grown old. */
export function isOld(lastSeen: number, aging: number, now: number): boolean {
  return now - lastSeen > aging;
}

/** Whether a host's agent reports: stale after three intervals of silence. */
export function agentState(memory: HostMemory, now: number): DerivedHost["agent"] {
  if (memory.lastReport === 0) {
    return "none";
  }
  return now > staleFrom(memory) ? "stale" : "fresh";
}

/** Until when a host that reported counts as fresh, Unix seconds. */
export function staleFrom({ lastReport, interval }: HostMemory): number {
  return lastReport + 3 * interval;
}

/** Remembers when the next thing of a host changes its age. */
class AgeClock {
  next = Number.POSITIVE_INFINITY;
  private readonly now: number;

  constructor(now: number) {
    this.now = now;
  }

  /** Whether something is hidden by now. Takes note of its next change of age. */
  hides(lastSeen: number, aging: number, hiding: number, expire: number): boolean {
    for (const moment of [lastSeen + aging, lastSeen + hiding, lastSeen + expire]) {
      if (moment >= this.now && moment < this.next) {
        this.next = moment;
      }
    }
    return this.now - lastSeen > hiding;
  }
}

function deriveServices(
  host: string,
  memory: HostMemory,
  nameOf: ProcessNamer,
  processes: Map<string, TopologyProcess>,
  ages: Ages,
  clock: AgeClock,
): Map<PortName, TopologyService> {
  const services = new Map<PortName, TopologyService>();
  for (const [port, listener] of memory.listeners) {
    if (clock.hides(listener.lastSeen, ages.agingServices, ages.hidingServices, ages.expireServices)) {
      continue;
    }
    const known = listener.process !== null;
    const name = nameOf(listener.process, listener.owner);
    services.set(port, {
      id: serviceId(host, port),
      host,
      port,
      process: listener.process,
      processId: known ? processId(host, name) : null,
      addresses: listener.addresses,
      lastSeen: listener.lastSeen,
      listening: true,
    });
    if (known) {
      noteProcess(processes, host, name, listener.process, listener.lastSeen);
    }
  }
  return services;
}

/** A service needs its process; an edge within one host counts as seen by both ends. */
function ownProcess(service: TopologyService, agent: DerivedHost["agent"]): TopologyEdge[] {
  if (service.processId === null) {
    return [];
  }
  return [
    {
      from: service.id,
      to: service.processId,
      certainty: agent === "fresh" ? "both" : "one",
      count: 0,
      firstSeen: service.lastSeen,
      lastSeen: service.lastSeen,
      over: null,
    },
  ];
}

function unixEdge(
  host: string,
  edge: EdgeRecord,
  client: string,
  nameOf: ProcessNamer,
  processes: Map<string, TopologyProcess>,
  ages: Ages,
  now: number,
): TopologyEdge {
  const server = unixServer(edge.remote);
  const serverName = noteProcess(processes, host, nameOf(server.process, server.owner), server.process, edge.lastSeen);
  return {
    from: processId(host, client),
    to: processId(host, serverName),
    certainty: isOld(edge.lastSeen, ages.agingConnections, now) ? "remembered" : "both",
    count: edge.count,
    firstSeen: edge.firstSeen,
    lastSeen: edge.lastSeen,
    over: edge.path,
  };
}

function noteProcess(
  processes: Map<string, TopologyProcess>,
  host: string,
  displayName: string,
  name: string | null,
  lastSeen: number,
): string {
  const known = processes.get(displayName);
  if (known === undefined || known.lastSeen < lastSeen) {
    processes.set(displayName, {
      id: known?.id ?? processId(host, displayName),
      host,
      name: name ?? UNKNOWN_PROCESS,
      lastSeen,
    });
  }
  return displayName;
}

/** The id is that of the process, not one of its own: there are many rows of few processes. */
function row(process: string, edge: EdgeRecord): Row {
  const { protocol, port, firstSeen, lastSeen, count } = edge;
  return {
    processId: process,
    protocol: protocol === "udp" ? "udp" : "tcp",
    port,
    firstSeen,
    lastSeen,
    count,
    passing: edge.passing === true,
  };
}

/** The port name of a row as its own side knows it. */
export function rowPort(of: Row): PortName {
  return portName(of.protocol, of.port);
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}
