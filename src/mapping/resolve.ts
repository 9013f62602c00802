/** Daemons and protocols looked up on a host: which of its services are meant. */
import { couldBe, type HostView, type KnownService, runsAs } from "./host-view.ts";
import { daemonsSpeaking, type Subject } from "./vocabulary.ts";

/** How a daemon or protocol is asked for. */
export interface Asked {
  /** TLS is meant. */
  readonly tls: boolean;
  /** The process as such is meant: all ports that serve clients. */
  readonly whole: boolean;
}

/** Services that a daemon or protocol stands for on a host. */
export interface Resolved {
  readonly services: readonly KnownService[];
  /** How the services were found: at a default port, by the name of the process, or only guessed. */
  readonly how: "default port" | "process name" | "usual port" | "the only candidate";
}

const NOTHING: Resolved = { services: [], how: "default port" };

/** The services of a host that a daemon or protocol stands for; none where it is not there. */
export function resolve(subject: Subject, view: HostView, asked: Asked): Resolved {
  return subject.kind === "daemon" ? resolveDaemon(subject, view, asked) : resolveProtocol(subject, view, asked);
}

function resolveDaemon(daemon: Subject, view: HostView, asked: Asked): Resolved {
  const own = view.services.filter((known) => runsAs(known, daemon));
  if (own.length > 0) {
    const atDefault = own.filter((known) => at(known, daemon.ports));
    const clients = own.filter((known) => !at(known, daemon.admin));
    const services = asked.whole || atDefault.length === 0 ? clients : atDefault;
    return { services: services.length > 0 ? services : own, how: "process name" };
  }
  return byKnownPort(daemon, view, asked);
}

/** A daemon whose process name does not show: java at 9200, docker-proxy at 3306. */
function byKnownPort(daemon: Subject, view: HostView, asked: Asked): Resolved {
  const possible = view.services.filter((known) => couldBe(known, daemon));
  const there = possible.filter((known) => at(known, daemon.ports));
  const ofRuntime = there.filter((known) => known.daemons.includes(daemon));
  // A proxy in front at one of the default ports is not what is meant where the daemon's own runtime is there.
  const atDefault = ofRuntime.length > 0 ? ofRuntime : there;
  const usual = possible.filter((known) => at(known, daemon.more) && known.nameless);
  if (atDefault.length > 0) {
    return { services: asked.whole ? union(atDefault, sameProcess(usual, atDefault)) : atDefault, how: "default port" };
  }
  if (usual.length > 0) {
    return { services: usual, how: "usual port" };
  }
  return onlyCandidate(daemon, view);
}

/** The one listener of the daemon's runtime, or the one that no other known daemon explains. */
function onlyCandidate(daemon: Subject, view: HostView): Resolved {
  const ofRuntime = view.services.filter((known) => known.nameless && known.daemons.includes(daemon));
  const unexplained = ofRuntime.filter(
    (known) => !known.daemons.some((other) => other !== daemon && mayServe(other, known)),
  );
  const candidates = ofRuntime.length === 1 ? ofRuntime : unexplained;
  return candidates.length === 1 ? { services: candidates, how: "the only candidate" } : NOTHING;
}

function mayServe(daemon: Subject, known: KnownService): boolean {
  return at(known, daemon.ports) || at(known, daemon.more) || at(known, daemon.admin);
}

function resolveProtocol(protocol: Subject, view: HostView, asked: Asked): Resolved {
  const ports = asked.tls && protocol.tlsPorts.length > 0 ? protocol.tlsPorts : protocol.ports;
  const possible = view.services.filter((known) => couldBe(known, protocol));
  const atDefault = possible.filter((known) => at(known, ports));
  if (atDefault.length > 0) {
    return { services: atDefault, how: "default port" };
  }
  const named = view.services.filter((known) => !known.nameless && speaks(known, protocol, ports));
  const speakers = named.length > 0 ? named : view.services.filter((known) => speaks(known, protocol, ports));
  if (speakers.length > 0) {
    return { services: speakers, how: "process name" };
  }
  return { services: possible.filter((known) => at(known, protocol.more)), how: "usual port" };
}

/** All services that speak a protocol, at whatever port. */
export function speakersOf(protocol: Subject, view: HostView): readonly KnownService[] {
  const ports = [...protocol.ports, ...protocol.tlsPorts, ...protocol.more];
  return view.services.filter(
    (known) => speaks(known, protocol, ports) || (couldBe(known, protocol) && at(known, ports)),
  );
}

/** Whether a service's own daemon speaks the protocol in the first place: it stands at such a port by default. */
function speaks(known: KnownService, protocol: Subject, ports: readonly number[]): boolean {
  if (known.nameless) {
    return ports.length === 0 && daemonsSpeaking(protocol.id).some((daemon) => at(known, daemon.ports));
  }
  const owner = known.daemons[0];
  return (
    owner !== undefined &&
    [...protocol.speaks].some((id) => owner.speaks.has(id)) &&
    (ports.length === 0 || owner.ports.some((port) => ports.includes(port))) &&
    !at(known, owner.admin)
  );
}

function sameProcess(services: readonly KnownService[], as: readonly KnownService[]): readonly KnownService[] {
  const names = new Set(as.map(({ service }) => service.process));
  return services.filter(({ service }) => names.has(service.process));
}

function union(a: readonly KnownService[], b: readonly KnownService[]): readonly KnownService[] {
  return [...new Set([...a, ...b])];
}

function at(known: KnownService, ports: readonly number[] | ReadonlySet<number>): boolean {
  const { number } = known.service;
  if (number === null) {
    return false;
  }
  return "has" in ports ? ports.has(number) : ports.includes(number);
}
