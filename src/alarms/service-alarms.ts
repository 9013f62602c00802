/** Alarms about services and checks: nobody watches a service, a check watches nothing, nobody uses a service. */
import { isLoopback } from "../model/address.ts";
import type { Alarm } from "../model/alarm.ts";
import type { ListenerRecord } from "../model/changes.ts";
import { type PortName, portName, serviceId } from "../model/ids.ts";
import type { HostTopology } from "../model/topology.ts";
import type { AlarmScene } from "./alarm-scene.ts";

/** Services that listen now and that no check speaks of. */
export function servicesWithoutCheck(scene: AlarmScene): Alarm[] {
  if (!scene.monitoring || !scene.monitored) {
    return [];
  }
  const { host } = scene.topology;
  const watched = new Set(scene.checks.flatMap(({ mapping }) => mapping?.services ?? []));
  const clients = newestClients(scene.topology);
  return listening(scene)
    .filter(
      ({ port, listener }) => !watched.has(serviceId(host, port)) && isWorthACheck(scene, port, listener, clients),
    )
    .map(({ port, listener }) => {
      const object = serviceId(host, port);
      const remote = (clients.get(port)?.remote ?? 0) > 0;
      return {
        kind: "service-without-check",
        host,
        object,
        peer: null,
        since: listener.firstSeen,
        severity: remote ? "WARNING" : "INFO",
        text: `${named(object, listener)} has no service check${remote ? ", and others use it" : ""}`,
        details: {},
      };
    });
}

/** Checks of which nothing is known though the host has services; one known to speak of no service is right as it is. */
export function unmappedChecks(scene: AlarmScene): Alarm[] {
  const { host } = scene.topology;
  if (listening(scene).length === 0) {
    return [];
  }
  return scene.checks
    .filter(({ mapping }) => mapping !== null && mapping.services.length === 0 && mapping.evidence.length === 0)
    .map(({ status }) => ({
      kind: "check-unmapped",
      host,
      object: status.check ?? "",
      peer: null,
      since: null,
      severity: "WARNING",
      text: `nothing is known of what ${host} / ${status.check} checks: none of its services was found for it`,
      details: {},
    }));
}

/** Services that listen and that nobody has connected to for long. */
export function unusedServices(scene: AlarmScene): Alarm[] {
  const { host, lastLook } = scene.topology;
  const clients = newestClients(scene.topology);
  return listening(scene).flatMap(({ port, listener }) => {
    const last = clients.get(port)?.any ?? 0;
    const since = Math.max(last, listener.firstSeen);
    if (listener.protocol === "udp" || lastLook - since <= scene.ages.unused) {
      return [];
    }
    const object = serviceId(host, port);
    const text = `nobody has been seen to use ${named(object, listener)} for long`;
    const details = last > 0 ? { lastConnection: last } : {};
    return [{ kind: "service-unused", host, object, peer: null, since, severity: "INFO", text, details }];
  });
}

/** Listeners of the last look. */
function listening({ topology, ages }: AlarmScene): { readonly port: PortName; readonly listener: ListenerRecord }[] {
  return [...topology.listeners]
    .filter(([, { lastSeen }]) => topology.lastLook - lastSeen <= ages.agingServices)
    .map(([port, listener]) => ({ port, listener }));
}

/** A client's own udp socket and what only listens to its own host are no services anybody would check. */
function isWorthACheck(
  { firstEphemeral }: AlarmScene,
  port: PortName,
  { port: number, addresses }: ListenerRecord,
  clients: ReturnType<typeof newestClients>,
): boolean {
  return clients.has(port) || (number < firstEphemeral && !addresses.every(isLoopback));
}

/** When the newest client of each port was seen, and the newest from elsewhere; Unix seconds. Hosts have few ports and many clients. */
function newestClients(topology: HostTopology): Map<PortName, { readonly any: number; readonly remote: number }> {
  const [tcp, udp] = [
    new Map<number, { any: number; remote: number }>(),
    new Map<number, { any: number; remote: number }>(),
  ];
  for (const { direction, protocol, port, remote, lastSeen } of topology.edges.values()) {
    if (direction !== "in") {
      continue;
    }
    const ofProtocol = protocol === "udp" ? udp : tcp;
    let newest = ofProtocol.get(port);
    if (newest === undefined) {
      newest = { any: 0, remote: 0 };
      ofProtocol.set(port, newest);
    }
    newest.any = Math.max(newest.any, lastSeen);
    if (lastSeen > newest.remote && !isLoopback(remote)) {
      newest.remote = lastSeen;
    }
  }
  const named = (protocol: "tcp" | "udp", ports: typeof tcp) =>
    [...ports].map(([port, newest]) => [portName(protocol, port), newest] as const);
  return new Map([...named("tcp", tcp), ...named("udp", udp)]);
}

function named(id: string, { process }: ListenerRecord): string {
  return process === null ? id : `${id} ${process}`;
}
