/**
 * The whole computation on one page: observations in, changes out.
 *
 *   report, observe, configure   take in what was seen; cheap, only mark what is touched
 *   settle                       topology → mapping → states → impact → alarms → views, each only where something changed
 *
 * A test holds the result of many small turns against the result of one turn from scratch.
 */
import { AlarmBook } from "./alarms/alarm-book.ts";
import { sourceAlarms } from "./alarms/source-alarms.ts";
import { type GraphChange, GraphKeeper } from "./impact/graph-keeper.ts";
import { type ImpactChange, ImpactKeeper } from "./impact/impact-keeper.ts";
import { RootWatch } from "./impact/root-watch.ts";
import { MappingTable } from "./mapping/mapping-table.ts";
import type { Alarm } from "./model/alarm.ts";
import { type Changes, type Draft, type EdgeRecord, type ListenerRecord, newDraft } from "./model/changes.ts";
import type { DependencyGraph } from "./model/dependency-graph.ts";
import type { HostReport } from "./model/host-report.ts";
import { portNumber } from "./model/ids.ts";
import type { MonitoredHost, SourceHealth, SourceObservation } from "./model/monitoring.ts";
import type { WrittenGroup } from "./model/redundancy.ts";
import type { Settings } from "./model/settings.ts";
import { UNKNOWN_PROCESS } from "./model/topology.ts";
import { Scenes } from "./scenes.ts";
import { HostJudge } from "./states/host-judge.ts";
import { HostNames } from "./states/host-names.ts";
import { identifyHost } from "./states/identify-host.ts";
import { NotesTable } from "./states/notes-table.ts";
import { StatusTable } from "./states/status-table.ts";
import { Topology } from "./topology/topology.ts";
import { days, type TopologyRules, topologyRules } from "./topology/topology-rules.ts";
import type { WrittenEdge } from "./topology/written-edges.ts";
import { Views } from "./views/views.ts";

/** What a person decided: settings, and dependencies written in the configuration. */
export interface EngineRules {
  readonly settings: Settings;
  readonly dependencies: readonly WrittenEdge[];
  /** Ids or `FROM -> TO`, either with `*` at the end, that are no dependencies. */
  readonly exclude: readonly string[];
  /** Redundancy groups beside those that are found. */
  readonly groups: readonly WrittenGroup[];
}

/** The engine. Holds everything in memory; all times are Unix seconds. */
export class Engine {
  private rules: EngineRules;
  private topologyRules: TopologyRules;
  private readonly topology: Topology;
  private readonly mapping: MappingTable;
  private readonly table = new StatusTable();
  private readonly notes = new NotesTable();
  private readonly judge = new HostJudge();
  private readonly keeper = new GraphKeeper();
  private readonly alarms = new AlarmBook();
  private readonly roots = new RootWatch();
  private readonly views = new Views();
  private readonly scenes: Scenes;
  private graph: DependencyGraph;
  private readonly impacts = new ImpactKeeper();
  private everythingIsNew = false;
  private monitoring = false;
  /** Why a host's report cannot be had, or not be believed; hosts told of since the last turn. */
  private readonly fetchFaults = new Map<string, string>();
  private readonly fetched = new Set<string>();
  /** Hosts of which the monitoring says something else, that the picture shows, since the last turn. */
  private readonly redescribed = new Set<string>();
  /** Sources forgotten since the last turn. */
  private readonly forgotten = new Set<string>();

  /** `rowsAtOnce` bounds what one turn derives, see `Topology`. */
  constructor(rules: EngineRules, rowsAtOnce?: number) {
    this.rules = rules;
    this.topologyRules = topologyRules(rules);
    this.topology = new Topology(this.topologyRules, rowsAtOnce);
    this.mapping = new MappingTable(rules.settings.serviceMapping);
    this.graph = this.keeper.build();
    const { topology, table, judge, impacts } = this;
    this.scenes = new Scenes({ topology, table, judge, impacts, settings: () => this.rules.settings });
    this.renameHosts();
  }

  /** Takes in an agent's report. */
  report(report: HostReport): void {
    this.topology.report({ ...report, host: this.nameOf(report.host, report.ips) });
  }

  /** Notes how getting a host's report went: null for well, else what went wrong. What is known of the host stays. */
  fetch(host: string, fault: string | null): void {
    if ((this.fetchFaults.get(host) ?? null) === fault) {
      return;
    }
    this.fetched.add(host);
    if (fault === null) {
      this.fetchFaults.delete(host);
    } else {
      this.fetchFaults.set(host, fault);
    }
  }

  /** Under which name a host that calls itself `name` stands in the picture. */
  nameOf(name: string, ips: readonly string[]): string {
    const aliases = this.rules.settings.userNodeAliases;
    return identifyHost(name, ips, { aliases, monitored: this.table.monitoredHosts() });
  }

  /** Another thing than before once `nameOf` may call a host otherwise. */
  get namedBy(): unknown {
    return this.table.monitoredHosts();
  }

  /** Takes in what a monitoring source says. */
  observe(observation: SourceObservation): void {
    const before = this.table.monitoredHosts();
    this.table.observe(observation);
    this.notes.observe(observation);
    if (observation.kind === "objects") {
      this.tellAddresses();
      const now = this.table.monitoredHosts();
      for (const host of union(before.keys(), now.keys())) {
        if (!sameDescription(before.get(host), now.get(host))) {
          this.redescribed.add(host);
        }
      }
    }
  }

  /** Forgets a source and all it said. */
  forgetSource(source: string): void {
    this.observe({ kind: "states", source, full: true, asOf: 0, statuses: [], gone: [] });
    this.observe({ kind: "objects", source, hosts: [], checks: [] });
    this.observe({ kind: "notes", source, comments: [], downtimes: [] });
    this.table.forget(source);
    this.forgotten.add(source);
  }

  private tellAddresses(): void {
    const hosts = [...this.table.monitoredHosts().values()];
    this.topology.tellAddresses(new Map(hosts.map((host) => [host.host, host.address])));
  }

  private renameHosts(): void {
    const names = new HostNames(this.rules.settings.userNodeAliases);
    this.table.rename(names);
    this.notes.rename(names);
    this.tellAddresses();
  }

  /** Takes back what an earlier leader remembered of a host. */
  restore(host: string, edges: Iterable<EdgeRecord>, listeners: Iterable<readonly [string, ListenerRecord]>): void {
    this.topology.restore(host, edges, listeners);
  }

  /** Takes back what an earlier leader told of a host, for since when it is so. */
  recall(host: string, alarms: readonly Alarm[]): void {
    this.alarms.recall(host, alarms);
  }

  /** How each source is. */
  get sources(): ReadonlyMap<string, SourceHealth> {
    return this.table.sources();
  }

  /** What people set, as it holds now. */
  get settings(): Settings {
    return this.rules.settings;
  }

  /** Changes the rules; the next turn derives everything anew. */
  configure(rules: EngineRules): void {
    this.rules = rules;
    this.topologyRules = topologyRules(rules);
    this.topology.configure(this.topologyRules);
    this.mapping.configure(rules.settings.serviceMapping);
    this.renameHosts();
    this.everythingIsNew = true;
  }

  /** Whether another turn is wanted at once: the last one had more to do than one may. */
  get unsettled(): boolean {
    return this.topology.unsettled;
  }

  /** One turn: brings the picture up to date and returns what changed. */
  settle(now: number): Changes {
    const { pending, reported, relinked, recounted, reopened, newcomers, metClients } = this.topology.settle(now);
    this.table.expire(days(this.rules.settings.expire.nagiosAlerts), now);
    // What is told of a host that is still to be derived is looked at once that is done.
    const told = without(pending, this.table.takeChanged(), this.judge.overdue(this.table.sources(), now));
    const noted = union(this.notes.takeChanged(), this.everythingIsNew ? this.notes.hosts() : []);
    const all = this.everythingIsNew ? this.allHosts() : new Set<string>();
    this.everythingIsNew = false;
    const draft = newDraft();

    // A client's redundancy groups and port names hang on what its servers say of themselves.
    const clients = [...reopened].flatMap((host) => [...this.topology.clientsOf(host)]);
    const linked = without(pending, relinked, clients, all);
    const judged = this.judgeHosts(union(linked, told, this.mapHosts(union(linked, told))), now, draft);
    const change = this.updateImpacts(this.rebuildGraph(linked), judged, now);
    const others = all.size + newcomers.size > 0 ? this.impacts.keys() : this.roots.lookingAt(union(reported, linked));
    this.viewImpacts(union(change.problems, change.rerouted, others), draft);

    const seen = without(pending, reported, linked, this.fetched);
    const drawn = without(
      pending,
      linked,
      this.fetched,
      judged,
      change.hit,
      this.undrawn(reported, recounted, now),
      this.redescribed,
    );
    this.fetched.clear();
    this.redescribed.clear();
    this.findAlarms(union(seen, told, judged, metClients), pending, now, draft);
    this.viewNotes(noted, draft);
    this.viewHosts({ seen, told: union(told, linked, judged), redrawn: drawn }, now, draft);
    this.scenes.forget();
    const forgotten = [...this.forgotten].map((source) => [source, null] as const);
    this.forgotten.clear();
    return { at: now, ...draft, sources: new Map([...forgotten, ...this.sources]) };
  }

  /** Everything there is, as if nothing had been handed on before. */
  everything(now: number): Changes {
    do {
      this.settle(now);
    } while (this.unsettled);
    this.views.clear();
    this.everythingIsNew = true;
    return this.settle(now);
  }

  /** Hosts that reported and look otherwise since then; most reports say what was said before. */
  private undrawn(reported: ReadonlySet<string>, recounted: ReadonlySet<string>, now: number): string[] {
    for (const host of recounted) {
      this.views.redraw(host);
    }
    return [...reported].filter((host) => !this.views.isDrawn(host, this.scenes.topologyOf(host).lastReport, now));
  }

  /** Step 2: mapping. Returns the hosts whose checks are mapped otherwise than before. */
  private mapHosts(hosts: ReadonlySet<string>): string[] {
    return [...hosts].filter((host) => {
      const topology = this.scenes.topologyOf(host);
      const services = [...topology.services.values()].map(({ id, port, addresses, process }) => {
        const proto = port.endsWith("/udp") ? ("udp" as const) : ("tcp" as const);
        return { id, port, proto, number: portNumber(port), addresses, process };
      });
      const checks = [...this.table.of(host).values()].flatMap(({ status: { check, command } }) =>
        check === null ? [] : [{ host, check, command }],
      );
      const told = this.table.monitoredHosts().get(host)?.address;
      return this.mapping.update(host, services, checks, told === undefined ? topology.ips : [told, ...topology.ips]);
    });
  }

  /** Step 3: states. Returns the hosts whose states, handling or problems changed. */
  private judgeHosts(hosts: ReadonlySet<string>, now: number, draft: Draft): Set<string> {
    const changed = [...hosts].filter((host) => {
      const everything = () => {
        const { services, processes } = this.scenes.topologyOf(host);
        const named = [...processes.values()].filter((process) => process.name !== UNKNOWN_PROCESS);
        return [...services.values(), ...named].map((node) => node.id);
      };
      return this.judge.update(host, this.table, this.mapping.of(host), everything, now, draft.events);
    });
    return new Set(changed);
  }

  /** Step 4: the graph, built anew where it differs from before. */
  private rebuildGraph(linked: ReadonlySet<string>): GraphChange {
    for (const host of linked) {
      const edges = [...this.topology.edgesFrom(host)];
      this.scenes.regroup(host, edges, this.rules.groups);
      this.keeper.update(this.scenes.topologyOf(host), edges, (edge) => this.scenes.groupOf(host, edge));
    }
    const change = this.keeper.takeChange();
    if (change.nodes.size > 0) {
      this.graph = this.keeper.build();
    }
    return change;
  }

  /** Step 5: impact, of the problems that may differ. */
  private updateImpacts(change: GraphChange, judged: ReadonlySet<string>, now: number): ImpactChange {
    const changed = this.impacts.update({
      graph: this.graph,
      change,
      judged,
      problemsOf: (host) => this.judge.of(host)?.problems ?? [],
      servicesOf: (host) => this.judge.of(host)?.services ?? new Map(),
      stateOf: (id) => this.judge.stateOf(id),
      agentOf: (host) => this.topology.agentOf(host),
      monitored: this.table.monitoredHosts(),
      now,
    });
    this.roots.update(union(changed.problems, changed.rerouted), (key) => this.impacts.of(key), this.graph);
    return changed;
  }

  /** The impacts of problems, root problems with what changed before them. */
  private viewImpacts(problems: Iterable<string>, draft: Draft): void {
    const source = {
      topologyOf: (host: string) => this.scenes.topologyOf(host),
      resolve: (address: string) => this.topology.resolve(address),
      remembers: (host: string) => this.topology.remembers(host),
    };
    for (const key of problems) {
      const impact = this.impacts.of(key);
      this.views.impact(key, impact === undefined ? undefined : this.roots.withPast(key, impact, source), draft);
    }
  }

  /** Step 6: alarms. The first word of any source makes a difference to every host. */
  private findAlarms(touched: ReadonlySet<string>, pending: ReadonlySet<string>, now: number, draft: Draft): void {
    const hosts = without(pending, this.table.knowsAny === this.monitoring ? touched : this.allHosts());
    this.monitoring = this.table.knowsAny;
    const { ages } = this.topologyRules;
    for (const host of hosts) {
      const scene = () => this.scenes.ofAlarms(host, ages, this.monitoring, this.fetchFaults.get(host));
      this.views.alarmsOf(host, this.isKnown(host) ? this.alarms.find(scene(), now) : [], draft);
    }
    this.views.alarmsOf("", sourceAlarms(this.sources.values(), now), draft);
  }

  /** Step 7: views of the hosts that were seen, told of, or look otherwise than before. */
  private viewHosts(
    hosts: { readonly seen: Set<string>; readonly told: Set<string>; readonly redrawn: Set<string> },
    now: number,
    draft: Draft,
  ): void {
    const { ages } = this.topologyRules;
    for (const host of union(hosts.seen, hosts.redrawn)) {
      const scene = this.scenes.ofRecords(host, ages, now, this.fetchFaults.get(host));
      this.views.node(scene, this.isKnown(host), draft);
      if (hosts.seen.has(host)) {
        this.views.connectionsOf(scene, ages.agingConnections, draft);
      }
    }
    for (const host of hosts.told) {
      const judged = this.judge.of(host);
      const { services } = this.scenes.topologyOf(host);
      const byId = new Map([...services.values()].map((service) => [service.id, service.process]));
      this.views.checks(host, judged?.host, judged?.checks ?? [], (id) => byId.get(id) ?? null, draft);
    }
    for (const host of hosts.redrawn) {
      this.views.graph(host, this.isDrawn(host) ? this.scenes.ofGraph(host, this.graph, now) : undefined, draft);
    }
  }

  /** What people and the configuration note at hosts; no step needs it, readers do. */
  private viewNotes(hosts: ReadonlySet<string>, draft: Draft): void {
    for (const host of hosts) {
      this.views.notes(host, this.notes.of(host), draft);
    }
  }

  /** Whether an agent reported the host, or should have, or the monitoring knows it; others are only heard of. */
  private isKnown(host: string): boolean {
    return this.topology.remembers(host) || this.table.of(host).size > 0 || this.fetchFaults.has(host);
  }

  private isDrawn(host: string): boolean {
    return this.isKnown(host) || this.topology.host(host) !== undefined;
  }

  private allHosts(): Set<string> {
    return union(this.topology.hosts(), this.table.hosts(), this.fetchFaults.keys());
  }
}

function sameDescription(a: MonitoredHost | undefined, b: MonitoredHost | undefined): boolean {
  const shown = (host: MonitoredHost | undefined) => JSON.stringify([host?.groups ?? [], host?.parents ?? []]);
  return shown(a) === shown(b);
}

function without(left: ReadonlySet<string>, ...sets: readonly Iterable<string>[]): Set<string> {
  return new Set([...union(...sets)].filter((each) => !left.has(each)));
}

function union(...sets: readonly Iterable<string>[]): Set<string> {
  const all = new Set<string>();
  for (const set of sets) {
    for (const each of set) {
      all.add(each);
    }
  }
  return all;
}
