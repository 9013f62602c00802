/** The listening services of one host, arranged for the questions that mapping asks. */

import { normalizeAddress } from "../model/address.ts";
import type { MappableService } from "../model/mapping.ts";
import { FORWARDERS } from "./knowledge/plugins.ts";
import { boundedMemo } from "./memo.ts";
import { knowledgeOf, type ProcessKnowledge } from "./process-knowledge.ts";
import { COMM_LENGTH, processKey, type Subject } from "./vocabulary.ts";

/** One service with what is known about its process. */
export interface KnownService {
  readonly service: MappableService;
  /** Place in the host's list of services. */
  readonly place: number;
  /** Addresses it listens at, in the model's spelling. */
  readonly addresses: readonly string[];
  readonly process: ProcessKnowledge;
  /** Daemons that run under this process name; empty where the name is unknown or says nothing. */
  readonly daemons: readonly Subject[];
  /** Whether the process name says nothing: then the port decides. */
  readonly nameless: boolean;
}

/** All services of a host. */
export interface HostView {
  readonly services: readonly KnownService[];
  readonly byPort: ReadonlyMap<number, readonly KnownService[]>;
  /** Services by the words of a check's name that are their process. */
  readonly byProcessWord: ReadonlyMap<string, readonly KnownService[]>;
  /** Services whose process name is cut, by the beginning of such words. */
  readonly byBeginning: ReadonlyMap<string, readonly KnownService[]>;
  readonly addresses: ReadonlySet<string>;
  /** The same number for hosts with the same services in the same order, whatever the host is called. */
  readonly shape: number;
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
  const all = services.map((service, place): KnownService => {
    const process = knowledgeOf(service.process);
    const addresses = service.addresses.map(spelled);
    return { service, place, addresses, process, nameless: process.nameless, daemons: process.daemons };
  });
  const byPort = new Map<number, KnownService[]>();
  const byProcessWord = new Map<string, KnownService[]>();
  const byBeginning = new Map<string, KnownService[]>();
  for (const known of all) {
    if (known.service.number !== null) {
      push(byPort, known.service.number, known);
    }
    for (const word of known.process.words) {
      push(byProcessWord, word, known);
    }
    if (known.process.beginning !== null) {
      push(byBeginning, known.process.beginning, known);
    }
  }
  const addresses = new Set(all.flatMap((known) => known.addresses));
  return { services: all, byPort, byProcessWord, byBeginning, addresses, shape: shapeOf(services) };
}

function shapeOf(services: readonly MappableService[]): number {
  const text = JSON.stringify(services.map(({ port, process, addresses }) => [port, process, addresses]));
  return shapes.get(text, () => {
    lastShape += 1;
    return lastShape;
  });
}

const shapes = boundedMemo<number>(20_000);
let lastShape = 0;

function spelled(address: string): string {
  return spellings.get(address, () => normalizeAddress(address) ?? address);
}

const spellings = boundedMemo<string>(20_000);

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
  return view.services.filter(({ process }) => process.key !== "" && process.key === key.slice(0, COMM_LENGTH));
}

/** Services whose process name begins with this one, as a pattern of five characters or more would find them. */
export function servicesBegunBy(view: HostView, name: string): readonly KnownService[] {
  const key = processKey(name);
  return key.length < 5 ? [] : view.services.filter(({ process }) => process.key.startsWith(key));
}

/** Whether a service is run by a daemon under the daemon's own process name. */
export function runsAs(known: KnownService, daemon: Subject): boolean {
  if (!known.daemons.includes(daemon)) {
    return false;
  }
  if (known.nameless) {
    return known.process.key.startsWith(daemon.id);
  }
  const owner = known.daemons[0];
  return owner === daemon || hasPort(daemon, known.service.number);
}

/** Whether a service could be this daemon's although the process name does not say so: a runtime, a forwarder, an unknown name. */
export function couldBe({ process }: KnownService, subject: Subject): boolean {
  const answers = fitting.get(process) ?? new Map<Subject, boolean>();
  const known = answers.get(subject);
  if (known !== undefined) {
    return known;
  }
  const fits = fitsProcess(process, subject);
  answers.set(subject, fits);
  fitting.set(process, answers);
  return fits;
}

/** Answers by process name and subject: there are few of both, and every check asks. */
const fitting = new WeakMap<ProcessKnowledge, Map<Subject, boolean>>();

function fitsProcess({ nameless, daemons }: ProcessKnowledge, subject: Subject): boolean {
  if (nameless || daemons.length === 0 || subject.id === "tls") {
    return true;
  }
  return daemons.some(
    (daemon) =>
      daemon === subject || FORWARDERS.has(daemon.id) || [...subject.speaks].some((id) => daemon.speaks.has(id)),
  );
}

function hasPort(daemon: Subject, port: number | null): boolean {
  return port !== null && (daemon.ports.includes(port) || daemon.more.includes(port));
}
