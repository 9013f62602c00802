/**
 * The topology of the whole site, kept up to date report by report: a report touches its own host and the hosts it
 * talks to, nothing else. `settle` derives what was touched.
 */
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import type { HostReport, RepeatedReport, ReportFrame } from "../model/host-report.ts";
import { INTERNET, type PortName } from "../model/ids.ts";
import { isFuture } from "../model/set-back.ts";
import type { HostTopology, TopologyEdge } from "../model/topology.ts";
import { WaitingHosts } from "../model/waiting-hosts.ts";
import { AddressBook } from "./address-book.ts";
import { askInternal, askLoopback } from "./address-questions.ts";
import { assembleHost } from "./assemble-host.ts";
import { deriveHost } from "./derive-host.ts";
import { DerivedSite } from "./derived-site.ts";
import { type FoldedReport, foldFrame, foldReport, LOCAL } from "./fold-report.ts";
import type { Folding } from "./folding.ts";
import { forgetFormerNames } from "./former-names.ts";
import { HostMemory } from "./host-memory.ts";
import { HostPairs } from "./host-pairs.ts";
import { KnownRows, type ShownAgain } from "./known-rows.ts";
import { nameBounds } from "./new-rows.ts";
import { PostponedPairs } from "./postponed-pairs.ts";
import { setRight } from "./set-right.ts";
import { SiteAges } from "./site-ages.ts";
import { Speakers } from "./speakers.ts";
import type { TopologyChange } from "./topology-change.ts";
import type { TopologyRules } from "./topology-rules.ts";
import { WrittenEdges } from "./written-edges.ts";

/** Listeners and connections of the hosts that one turn looks at at most, so that it ends within a tenth of a second. */
export const ROWS_AT_ONCE = 4_000;

/** The topology. All times are Unix seconds and given by the caller. */
export class Topology {
  private readonly rowsAtOnce: number;
  private rules: TopologyRules;
  private isInternal: (address: string) => boolean;
  private readonly isLoopback = askLoopback();
  private readonly book = new AddressBook();
  private written: WrittenEdges;
  private readonly memories = new Map<string, HostMemory>();
  private readonly site = new DerivedSite();
  private readonly speakers = new Speakers();
  private readonly waiting = new WaitingHosts();
  private readonly postponed = new PostponedPairs();
  private readonly rows = new KnownRows();
  private readonly reported = new Set<string>();
  private readonly newcomers = new Set<string>();
  /** Hosts that are called otherwise now: derived once more, as hosts of which nothing is known, they are no more. */
  private readonly leaving = new Set<string>();
  private readonly ages = new SiteAges();
  /** Hosts of which times may be remembered that are yet to come. */
  private readonly ahead = new Set<string>();
  /** Whether what has expired was forgotten in the last turn. */
  private forgets = true;
  /** Connections and listeners left out or forgotten before their time, as a host had too many, or too many new ones. */
  forgotten = 0;
  private readonly names = nameBounds((address) => this.isStranger(address));
  /** Pairs of hosts that must be linked although nothing was reported: something is, or was, written of them. */
  private writtenDirty: readonly (readonly [client: string, server: string])[];

  constructor(rules: TopologyRules, rowsAtOnce = ROWS_AT_ONCE) {
    this.rowsAtOnce = rowsAtOnce;
    this.rules = rules;
    this.isInternal = askInternal(rules.internalNetworks);
    this.written = new WrittenEdges(rules.dependencies, rules.exclude);
    this.writtenDirty = this.written.pairs();
  }

  /** Takes in a report; returns how many rows of it were left out, as too much was new. */
  report(report: HostReport): number {
    this.leaving.delete(report.host);
    const memory = this.memoryOf(report.host);
    // What is taken back now goes on as it was, not as something new.
    memory.leaveOut(this.rules);
    const ips = ipsOf(report, memory);
    this.claim(report.host, ips);
    const whole = foldReport({ ...report, ips }, this.folding());
    const { folded, leftOut } = memory.room.admit(whole, memory, this.names);
    this.rows.note(report.host, report.roster, folded.keys);
    this.take(report.host, memory, folded);
    this.forgotten += leftOut;
    return leftOut;
  }

  /** Takes in the last report of a host once more: what rules that are others now call otherwise is no more what it was called. */
  reportAnew(report: HostReport): number {
    const memory = this.memories.get(report.host);
    if (memory !== undefined) {
      memory.leaveOut(this.rules);
      const folded = foldReport({ ...report, ips: ipsOf(report, memory) }, this.folding());
      forgetFormerNames(memory.edges, this.rows.keysOf(report.host), folded);
    }
    return this.report(report);
  }

  /** Takes in a report that repeats the last whole one of its host; false where it does not, and the whole is needed. */
  repeat(report: RepeatedReport): boolean {
    const { host } = report;
    const shown = this.rows.shownBy(report, host);
    const memory = this.memories.get(host);
    if (shown === undefined || memory?.remembers(shown) !== true) {
      return false;
    }
    this.take(host, memory, foldFrame({ ...report, ips: ipsOf(report, memory) }, this.folding()), shown);
    return true;
  }

  private take(host: string, memory: HostMemory, folded: FoldedReport, again?: ShownAgain): void {
    const { agingServices: services, agingConnections: connections } = this.rules.ages;
    const structural = memory.apply(folded, { services, connections }, again);
    this.forgotten += memory.shorten(structural ? this.names : []);
    this.reported.add(host);
    this.ages.noteReport(host, memory);
    if (structural || this.site.of(host)?.agent !== "fresh") {
      this.waiting.add(host);
    }
  }

  /** Takes back what an earlier leader remembered of a host; what was reported since then is kept. */
  restore(host: string, edges: Iterable<EdgeRecord>, listeners: Iterable<readonly [string, ListenerRecord]>): void {
    this.leaving.delete(host);
    const memory = this.memoryOf(host);
    memory.recall(edges, listeners);
    this.ahead.add(host);
    this.waiting.add(host);
  }

  /** A host is called otherwise from now on: what is remembered of it is that of the new name. */
  rename(from: string, to: string): void {
    const memory = this.memories.get(from);
    if (memory === undefined || this.leaving.has(from)) {
      return;
    }
    this.leaving.delete(to);
    this.memoryOf(to).takeOver(memory);
    this.ahead.add(to);
    this.memories.set(from, new HostMemory());
    this.rows.forget([from, to]);
    this.leaving.add(from);
    this.claim(from, []);
    this.waiting.add(from);
    this.waiting.add(to);
  }

  /** Replaces what the monitoring says of its hosts' addresses. */
  tellAddresses(addresses: ReadonlyMap<string, string>): void {
    this.moved(this.book.tell(addresses));
  }

  /** Changes the rules; everything is derived anew. */
  configure(rules: TopologyRules): void {
    this.rules = rules;
    this.rows.foldOtherwise();
    this.isInternal = askInternal(rules.internalNetworks);
    const before = this.written.pairs();
    this.written = new WrittenEdges(rules.dependencies, rules.exclude);
    this.writtenDirty = [...this.writtenDirty, ...before, ...this.written.pairs()];
    for (const host of this.memories.keys()) {
      this.waiting.add(host);
    }
  }

  /** Whether there is more to derive than one `settle` did. */
  get unsettled(): boolean {
    return this.waiting.size > 0;
  }

  /**
   * Derives what was touched since the last time, and what grew old meanwhile: so much of it as may be done at once.
   * `forgets`: whether the clock can be trusted so far that what has expired is forgotten for good.
   */
  settle(now: number, forgets = true): TopologyChange {
    this.growOld(now, forgets);
    const relinked = this.waiting.take(this.rowsAtOnce, (host) => this.rowsOf(host));
    const reopened = new Set<string>();
    const pairs = new HostPairs();
    for (const host of [...relinked]) {
      this.postponed.take(host, pairs);
      this.site.addPairsOf(host, pairs);
      if (this.derive(host, now)) {
        reopened.add(host);
      }
      this.site.addPairsOf(host, pairs);
    }
    this.writtenPairs(pairs);
    for (const [client, server] of pairs) {
      if (this.link(client, server, now)) {
        relinked.add(client).add(server);
      }
    }
    this.letGo();
    const pending = this.waiting.rest();
    const reported = this.waiting.takeDone(this.reported);
    const newcomers = this.waiting.takeDone(this.newcomers);
    const metClients = new Set([...newcomers].flatMap((host) => [...this.site.links.serversOf(host)]));
    return { pending, reported, relinked, recounted: pairs.clients(), reopened, newcomers, metClients };
  }

  /** Listeners and connections that are remembered of a host; of one that never reported how many others speak of it. */
  rowsOf(host: string): number {
    const memory = this.memories.get(host);
    return memory === undefined ? this.site.links.peersOf(host) : memory.edges.size + memory.listeners.size;
  }

  /** Names of all hosts of the picture, those without an agent included. */
  hosts(): Set<string> {
    return new Set([...this.memories.keys(), ...this.site.links.hosts()]);
  }

  /** One host with the services and processes that only others speak of; undefined where nothing is known of it. */
  host(name: string): HostTopology | undefined {
    const memory = this.memories.get(name);
    if (memory === undefined && !this.site.links.has(name)) {
      return undefined;
    }
    return assembleHost(name, memory, this.site.of(name), this.site.spokenOf(name));
  }

  /** Edges whose dependent is on the host. */
  edgesFrom(host: string): Iterable<TopologyEdge> {
    return this.site.links.from(host);
  }

  /** Edges whose dependency is on the host. */
  edgesInto(host: string): Iterable<TopologyEdge> {
    return this.site.links.into(host);
  }

  /** Hosts with a dependent of something on the host. */
  clientsOf(host: string): Iterable<string> {
    return this.site.links.clientsOf(host);
  }

  /** Whether a host's agent reports. */
  agentOf(host: string): "fresh" | "stale" | "none" {
    return this.site.of(host)?.agent ?? "none";
  }

  /** Whether the host itself ever reported. */
  remembers(host: string): boolean {
    return this.memories.has(host);
  }

  /** A host nothing is known of. */
  unknownHost(host: string): HostTopology {
    return assembleHost(host, undefined, undefined, this.site.spokenOf(host));
  }

  /** Whether somebody is known to listen at a host's port. */
  listens(host: string, port: PortName): boolean {
    return this.site.listens(host, port);
  }

  /** The process behind a service, null where unknown. */
  processAt(host: string, port: PortName): string | null {
    return this.site.processAt(host, port);
  }

  /** Host of an address, or the address itself. */
  resolve(address: string): string {
    return address === INTERNET ? INTERNET : (this.book.hostOf(address) ?? address);
  }

  private isStranger(address: string): boolean {
    return address !== LOCAL && address !== INTERNET && this.book.hostOf(address) === undefined;
  }

  private folding(): Folding {
    return {
      isLoopback: this.isLoopback,
      isOurs: (address) => this.isInternal(address) || this.book.hostOf(address) !== undefined,
      ignoresPort: this.rules.ignoresPort,
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
    this.moved(this.book.claim(host, addresses));
  }

  /** Addresses are other hosts' than before: who speaks of them, and whoever said that they are theirs, is derived anew. */
  private moved(addresses: readonly string[]): void {
    // Outside of our networks it was not ours before, or is not any more.
    if (addresses.some((address) => !this.isInternal(address))) {
      this.rows.foldOtherwise();
    }
    const claimants = addresses.flatMap((address) => [...this.book.claimants(address)]);
    // Who spoke of an address may be called otherwise by now.
    for (const host of [...this.speakers.of(addresses), ...claimants].filter((each) => this.memories.has(each))) {
      this.waiting.add(host);
    }
  }

  /** Marks hosts of which something changes its age by now, and forgets what has expired. */
  private growOld(now: number, forgets: boolean): void {
    const wasSetBack = this.ages.wasSetBack(now);
    const all = () => this.memories.keys();
    const due = this.ages.takeDue(now, all);
    const late = forgets && !this.forgets;
    this.forgets = forgets;
    for (const host of late ? all() : due) {
      const memory = this.memories.get(host);
      if (memory !== undefined) {
        this.grow(host, memory, { now, wasSetBack, late });
      }
    }
  }

  private grow(
    host: string,
    memory: HostMemory,
    { now, wasSetBack, late }: { readonly now: number; readonly wasSetBack: boolean; readonly late: boolean },
  ): void {
    if (wasSetBack) {
      this.ahead.add(host);
    }
    const derived = this.site.of(host);
    const isSame = derived !== undefined && !wasSetBack && !this.ages.changed(memory, derived, now);
    const forgot = (late || !isSame) && this.expire(memory, now);
    if (isSame && !forgot) {
      this.ages.note(memory, derived);
    } else {
      this.waiting.add(host);
    }
  }

  /** Forgets what has expired; true where there was something. */
  private expire(memory: HostMemory, now: number): boolean {
    const { expireConnections, expireServices } = this.rules.ages;
    return this.forgets && memory.forget(now - expireConnections, now - expireServices);
  }

  /** Derives one host anew; true where its open ports or the programs behind them differ. */
  private derive(host: string, now: number): boolean {
    const memory = this.memoryOf(host);
    memory.leaveOut(this.rules);
    this.speakers.note(host, memory);
    if (this.ahead.delete(host) || isFuture(memory.lastReport, now)) {
      setRight(memory, now);
    }
    const derived = deriveHost(host, memory, (address) => this.resolve(address), this.rules.ages, now);
    this.ages.note(memory, derived);
    return this.site.put(derived);
  }

  /** Finds what is between two hosts, or puts that off while one of them waits; true where it differs. */
  private link(client: string, server: string, now: number): boolean {
    const until = [client, server].find((host) => this.waiting.has(host));
    if (until !== undefined) {
      this.postponed.put(until, client, server);
      return false;
    }
    return this.site.link(client, server, this.written, this.rules.ages.agingConnections, now);
  }

  /** Forgets the hosts that left, once nothing is derived of them. */
  private letGo(): void {
    for (const host of this.waiting.takeDone(this.leaving)) {
      this.memories.delete(host);
      this.site.drop(host);
    }
  }

  private writtenPairs(pairs: HostPairs): void {
    for (const [client, server] of this.writtenDirty) {
      pairs.add(client, [server]);
    }
    this.writtenDirty = [];
  }
}

/** A text that was cut before its addresses takes none away. */
function ipsOf({ partial, ips }: ReportFrame, memory: HostMemory): readonly string[] {
  return partial && ips.length === 0 ? memory.ips : ips;
}
