/**
 * The topology of the whole site, kept up to date report by report: a report touches its own host and the hosts it
 * talks to, nothing else. `settle` derives what was touched.
 */
import { createNetworks, isLinkLocal, isLoopback, isPrivate } from "../model/address.ts";
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import type { HostReport } from "../model/host-report.ts";
import { INTERNET, type PortName } from "../model/ids.ts";
import type { HostTopology, TopologyEdge } from "../model/topology.ts";
import { AddressBook } from "./address-book.ts";
import { assembleHost, type SpokenOf, spokenOf } from "./assemble-host.ts";
import { agentState, type DerivedHost, deriveHost, staleFrom } from "./derive-host.ts";
import { foldReport } from "./fold-report.ts";
import type { Folding } from "./folding.ts";
import { HostMemory } from "./host-memory.ts";
import { linkHosts, mergeParallel } from "./link-hosts.ts";
import { Links } from "./links.ts";
import type { TopologyRules } from "./topology-rules.ts";
import { WrittenEdges } from "./written-edges.ts";

/** Listeners and connections of the hosts that one `settle` derives at most, so that it ends within a tenth of a second. */
const ROWS_AT_ONCE = 4_000;

/** What `settle` found changed. */
export interface TopologyChange {
  /** Hosts still to be derived: nothing above tells of them yet. */
  readonly pending: ReadonlySet<string>;
  /** Hosts that reported. */
  readonly reported: ReadonlySet<string>;
  /** Hosts whose services, processes or dependencies, at either end, may differ. */
  readonly relinked: ReadonlySet<string>;
  /** Hosts whose dependencies may have other counts or times. */
  readonly recounted: ReadonlySet<string>;
  /** Hosts that listen on other ports, or with other programs, than before. */
  readonly reopened: ReadonlySet<string>;
  /** Hosts that are remembered since now. */
  readonly newcomers: ReadonlySet<string>;
  /** Hosts of which a client is known by its own agent since now. */
  readonly metClients: ReadonlySet<string>;
}

/** The topology. All times are Unix seconds and given by the caller. */
export class Topology {
  private readonly rowsAtOnce: number;
  private rules: TopologyRules;
  private isInternal: (address: string) => boolean;
  private readonly isLoopback = remembering(isLoopback);
  private readonly book = new AddressBook();
  private written: WrittenEdges;
  private readonly memories = new Map<string, HostMemory>();
  private readonly derived = new Map<string, DerivedHost>();
  private readonly links = new Links();
  /** What edges say of a host, as long as neither it nor one of them was derived anew. */
  private readonly spoken = new Map<string, SpokenOf>();
  /** Hosts whose memory names an address, by address. */
  private readonly speakers = new Map<string, Set<string>>();
  private readonly dirty = new Set<string>();
  private readonly reported = new Set<string>();
  private readonly newcomers = new Set<string>();
  /** From when on and until when no host changes its age, as long as none is derived anew; Unix seconds. */
  private grownAt = Number.POSITIVE_INFINITY;
  private sameUntil = Number.NEGATIVE_INFINITY;
  /** Pairs of hosts that must be linked although nothing was reported: something is, or was, written of them. */
  private writtenDirty: readonly (readonly [client: string, server: string])[];

  constructor(rules: TopologyRules, rowsAtOnce = ROWS_AT_ONCE) {
    this.rowsAtOnce = rowsAtOnce;
    this.rules = rules;
    this.isInternal = internal(rules.internalNetworks);
    this.written = new WrittenEdges(rules.dependencies, rules.exclude);
    this.writtenDirty = this.written.pairs();
  }

  /** Takes in a report. */
  report(report: HostReport): void {
    const memory = this.memoryOf(report.host);
    // A text that was cut before its addresses takes none away.
    const ips = report.partial && report.ips.length === 0 ? memory.ips : report.ips;
    this.claim(report.host, ips);
    const structural = memory.apply(foldReport({ ...report, ips }, this.folding()), {
      services: this.rules.ages.agingServices,
      connections: this.rules.ages.agingConnections,
    });
    this.reported.add(report.host);
    this.sameUntil = Math.min(this.sameUntil, staleFrom(memory));
    if (structural || this.derived.get(report.host)?.agent !== "fresh") {
      this.dirty.add(report.host);
    }
  }

  /** Takes back what an earlier leader remembered of a host; what was reported since then is kept. */
  restore(host: string, edges: Iterable<EdgeRecord>, listeners: Iterable<readonly [string, ListenerRecord]>): void {
    const memory = this.memoryOf(host);
    memory.recall(edges, listeners);
    this.dirty.add(host);
  }

  /** Replaces what the monitoring says of its hosts' addresses. */
  tellAddresses(addresses: ReadonlyMap<string, string>): void {
    this.touchSpeakers(this.book.tell(addresses));
  }

  /** Changes the rules; everything is derived anew. */
  configure(rules: TopologyRules): void {
    this.rules = rules;
    this.isInternal = internal(rules.internalNetworks);
    const before = this.written.pairs();
    this.written = new WrittenEdges(rules.dependencies, rules.exclude);
    this.writtenDirty = [...this.writtenDirty, ...before, ...this.written.pairs()];
    for (const host of this.memories.keys()) {
      this.dirty.add(host);
    }
  }

  /** Whether there is more to derive than one `settle` did. */
  get unsettled(): boolean {
    return this.dirty.size > 0;
  }

  /** Derives what was touched since the last time, and what grew old meanwhile: so much of it as may be done at once. */
  settle(now: number): TopologyChange {
    this.growOld(now);
    const relinked = this.takeDirty();
    const reopened = new Set<string>();
    const pairs = new Map<string, Set<string>>();
    for (const host of [...relinked]) {
      this.pairsOf(host, pairs);
      if (this.derive(host, now)) {
        reopened.add(host);
      }
      this.pairsOf(host, pairs);
    }
    this.writtenPairs(pairs);
    for (const [client, servers] of pairs) {
      for (const server of servers) {
        if (this.link(client, server, now)) {
          relinked.add(client).add(server);
        }
      }
    }
    const pending = new Set(this.dirty);
    const reported = takeBut(this.reported, pending);
    const newcomers = takeBut(this.newcomers, pending);
    const metClients = new Set([...newcomers].flatMap((host) => [...this.links.serversOf(host)]));
    return { pending, reported, relinked, recounted: new Set(pairs.keys()), reopened, newcomers, metClients };
  }

  /** The next hosts to derive: those that waited longest, at least one. */
  private takeDirty(): Set<string> {
    const taken = new Set<string>();
    let rows = 0;
    for (const host of this.dirty) {
      const { edges, listeners } = this.memoryOf(host);
      rows += edges.size + listeners.size;
      if (rows > this.rowsAtOnce && taken.size > 0) {
        break;
      }
      taken.add(host);
      this.dirty.delete(host);
    }
    return taken;
  }

  /** Names of all hosts of the picture, those without an agent included. */
  hosts(): Set<string> {
    return new Set([...this.memories.keys(), ...this.links.hosts()]);
  }

  /** One host with the services and processes that only others speak of; undefined where nothing is known of it. */
  host(name: string): HostTopology | undefined {
    const memory = this.memories.get(name);
    if (memory === undefined && !this.links.has(name)) {
      return undefined;
    }
    return assembleHost(name, memory, this.derived.get(name), this.spokenOf(name));
  }

  /** Edges whose dependent is on the host. */
  edgesFrom(host: string): Iterable<TopologyEdge> {
    return this.links.from(host);
  }

  /** Edges whose dependency is on the host. */
  edgesInto(host: string): Iterable<TopologyEdge> {
    return this.links.into(host);
  }

  /** Hosts with a dependent of something on the host. */
  clientsOf(host: string): ReadonlySet<string> {
    return this.links.clientsOf(host);
  }

  /** Whether a host's agent reports. */
  agentOf(host: string): "fresh" | "stale" | "none" {
    return this.derived.get(host)?.agent ?? "none";
  }

  /** Whether the host itself ever reported. */
  remembers(host: string): boolean {
    return this.memories.has(host);
  }

  /** A host nothing is known of. */
  unknownHost(host: string): HostTopology {
    return assembleHost(host, undefined, undefined, this.spokenOf(host));
  }

  /** Whether somebody is known to listen at a host's port. */
  listens(host: string, port: PortName): boolean {
    return this.derived.get(host)?.services.has(port) === true;
  }

  /** The process behind a service, null where unknown. */
  processAt(host: string, port: PortName): string | null {
    return this.derived.get(host)?.services.get(port)?.process ?? null;
  }

  /** Host of an address, or the address itself. */
  resolve(address: string): string {
    return address === INTERNET ? INTERNET : (this.book.hostOf(address) ?? address);
  }

  private spokenOf(host: string): SpokenOf {
    const known = this.spoken.get(host);
    if (known !== undefined) {
      return known;
    }
    const spoken = spokenOf(host, this.derived.get(host), this.links);
    this.spoken.set(host, spoken);
    return spoken;
  }

  private folding(): Folding {
    return {
      isLoopback: this.isLoopback,
      isOurs: (address) => this.isInternal(address) || this.book.hostOf(address) !== undefined,
      ignoresPort: (port) => this.rules.ignoredPorts.has(port),
      ignoresProcess: this.rules.ignoresProcess,
    };
  }

  private memoryOf(host: string): HostMemory {
    const known = this.memories.get(host);
    if (known !== undefined) {
      return known;
    }
    const memory = new HostMemory();
    this.memories.set(host, memory);
    this.newcomers.add(host);
    return memory;
  }

  private claim(host: string, addresses: readonly string[]): void {
    this.touchSpeakers(this.book.claim(host, addresses));
  }

  private touchSpeakers(addresses: readonly string[]): void {
    for (const address of addresses) {
      for (const host of this.speakers.get(address) ?? []) {
        this.dirty.add(host);
      }
    }
  }

  /** Marks hosts of which something changes its age by now, and forgets what has expired. Turns are many, and hosts too. */
  private growOld(now: number): void {
    if (this.dirty.size === 0 && now >= this.grownAt && now <= this.sameUntil) {
      return;
    }
    this.grownAt = now;
    this.sameUntil = Number.POSITIVE_INFINITY;
    for (const [host, memory] of this.memories) {
      const derived = this.derived.get(host);
      if (derived === undefined || derived.nextAge < now || derived.agent !== agentState(memory, now)) {
        this.expire(memory, now);
        this.dirty.add(host);
      } else {
        this.noteAge(memory, derived);
      }
    }
  }

  private noteAge(memory: HostMemory, { agent, nextAge }: DerivedHost): void {
    this.sameUntil = Math.min(
      this.sameUntil,
      nextAge,
      agent === "fresh" ? staleFrom(memory) : Number.POSITIVE_INFINITY,
    );
  }

  private expire(memory: HostMemory, now: number): void {
    memory.forget(now - this.rules.ages.expireConnections, now - this.rules.ages.expireServices);
  }

  /** Derives one host anew; true where its open ports or the programs behind them differ. */
  private derive(host: string, now: number): boolean {
    const memory = this.memoryOf(host);
    for (const edge of memory.edges.values()) {
      addAll(this.speakers, edge.remote, [host]);
    }
    const before = this.derived.get(host);
    const derived = deriveHost(host, memory, (address) => this.resolve(address), this.rules.ages, now);
    this.derived.set(host, derived);
    this.noteAge(memory, derived);
    this.spoken.delete(host);
    return before === undefined || openPorts(before) !== openPorts(derived);
  }

  /** Adds all pairs of hosts that a host takes part in. */
  private pairsOf(host: string, pairs: Map<string, Set<string>>): void {
    const derived = this.derived.get(host);
    addAll(pairs, host, [host, ...(derived?.outTo.keys() ?? []), ...this.links.serversOf(host)]);
    for (const client of [...(derived?.inFrom.keys() ?? []), ...this.links.clientsOf(host)]) {
      addAll(pairs, client, [host]);
    }
  }

  private writtenPairs(pairs: Map<string, Set<string>>): void {
    for (const [client, server] of this.writtenDirty) {
      addAll(pairs, client, [server]);
    }
    this.writtenDirty = [];
  }

  /** Derives the edges of one pair anew; true where they differ in ends or certainty. */
  private link(client: string, server: string, now: number): boolean {
    const from = this.derived.get(client) ?? { host: client };
    const to = this.derived.get(server) ?? { host: server };
    const found = linkHosts(from, to, this.rules.ages.agingConnections, now);
    const local = client === server ? (this.derived.get(client)?.local ?? []) : [];
    const edges = mergeParallel([...found, ...local, ...this.written.between(client, server, now)]).filter(
      (edge) => !this.written.excludes(edge),
    );
    this.spoken.delete(client);
    this.spoken.delete(server);
    return this.links.set(client, server, edges);
  }
}

/** Takes all names out of a set but some. */
function takeBut(names: Set<string>, but: ReadonlySet<string>): Set<string> {
  const taken = new Set([...names].filter((name) => !but.has(name)));
  for (const name of taken) {
    names.delete(name);
  }
  return taken;
}

function internal(networks: readonly string[]): (address: string) => boolean {
  const others = createNetworks(networks);
  return remembering((address) => isPrivate(address) || isLinkLocal(address) || others.has(address));
}

/** Addresses that are remembered at most, Internet's included. */
const ADDRESSES = 65_536;

/** The same addresses come in every report. */
function remembering(ask: (address: string) => boolean): (address: string) => boolean {
  const answers = new Map<string, boolean>();
  return (address) => {
    const known = answers.get(address);
    if (known !== undefined) {
      return known;
    }
    if (answers.size >= ADDRESSES) {
      answers.clear();
    }
    const answer = ask(address);
    answers.set(address, answer);
    return answer;
  };
}

function openPorts(host: DerivedHost): string {
  return JSON.stringify([...host.services.values()].map(({ port, process }) => [port, process]).sort());
}

function addAll(map: Map<string, Set<string>>, key: string, values: Iterable<string>): void {
  const set = map.get(key) ?? new Set();
  for (const value of values) {
    set.add(value);
  }
  if (set.size > 0) {
    map.set(key, set);
  }
}
