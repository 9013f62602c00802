/** The listening services of one host, arranged for the questions that mapping asks. */
import type { MappableService } from "../model/mapping.ts";
import { FORWARDERS } from "./knowledge/plugins.ts";
import { compact } from "./tokens.ts";
import { COMM_LENGTH, daemonsOf, mayBeWord, processKey, type Subject, saysNothing } from "./vocabulary.ts";

/** One service with what is known about its process. */
export interface KnownService {
  readonly service: MappableService;
  /** Daemons that run under this process name; empty where the name is unknown or says nothing. */
  readonly daemons: readonly Subject[];
  /** Whether the process name says nothing: then the port decides. */
  readonly nameless: boolean;
}

/** All services of a host. */
export interface HostView {
  readonly services: readonly KnownService[];
  readonly byPort: ReadonlyMap<number, readonly KnownService[]>;
  /** Services by the process name in dictionary spelling, where that can be a word of a check's name. */
  readonly byProcessWord: ReadonlyMap<string, readonly KnownService[]>;
  readonly addresses: ReadonlySet<string>;
}

const views = new WeakMap<readonly MappableService[], HostView>();

/** The view of these services; made once per array. */
export function hostView(services: readonly MappableService[]): HostView {
  const known = views.get(services);
  if (known !== undefined) {
    return known;
  }
  const view = makeView(services);
  views.set(services, view);
  return view;
}

function makeView(services: readonly MappableService[]): HostView {
  const all = services.map((service): KnownService => {
    const nameless = saysNothing(service.process);
    return { service, nameless, daemons: service.process === null ? [] : daemonsOf(service.process) };
  });
  const byPort = new Map<number, KnownService[]>();
  const byProcessWord = new Map<string, KnownService[]>();
  for (const known of all) {
    const { number, process } = known.service;
    if (number !== null) {
      push(byPort, number, known);
    }
    if (process !== null && mayBeWord(process)) {
      push(byProcessWord, compact(processKey(process)), known);
    }
  }
  const addresses = new Set(services.flatMap((service) => service.addresses));
  return { services: all, byPort, byProcessWord, addresses };
}

function push<K>(map: Map<K, KnownService[]>, key: K, known: KnownService): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [known]);
  } else {
    list.push(known);
  }
}

/** Services whose process carries this name, cut as the kernel cuts it. */
export function servicesOfProcess(view: HostView, name: string): readonly KnownService[] {
  const key = processKey(name);
  return view.services.filter(({ service }) => {
    if (service.process === null || service.process === "-") {
      return false;
    }
    const process = processKey(service.process);
    return process === key || (key.length >= COMM_LENGTH && process === key.slice(0, COMM_LENGTH));
  });
}

/** Whether a service is run by a daemon under the daemon's own process name. */
export function runsAs(known: KnownService, daemon: Subject): boolean {
  if (!known.daemons.includes(daemon)) {
    return false;
  }
  if (known.nameless) {
    return processKey(known.service.process ?? "").startsWith(daemon.id);
  }
  const owner = known.daemons[0];
  return owner === daemon || hasPort(daemon, known.service.number);
}

/** Whether a service could be this daemon's although the process name does not say so: a runtime, a forwarder, an unknown name. */
export function couldBe(known: KnownService, subject: Subject): boolean {
  if (known.nameless || known.daemons.length === 0 || subject.id === "tls") {
    return true;
  }
  return known.daemons.some(
    (daemon) =>
      daemon === subject || FORWARDERS.has(daemon.id) || [...subject.speaks].some((id) => daemon.speaks.has(id)),
  );
}

function hasPort(daemon: Subject, port: number | null): boolean {
  return port !== null && (daemon.ports.includes(port) || daemon.more.includes(port));
}
