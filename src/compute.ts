/**
 * The whole computation on one page: observations in, changes out.
 *
 *   report, observe, configure   take in what was seen; cheap, only mark what is touched
 *   settle                       topology → mapping → states → impact → alarms → views, each only where something changed
 *
 * A test holds the result of many small turns against the result of one turn from scratch.
 */
import { type GraphChange, GraphKeeper } from "./impact/graph-keeper.ts";
import { ImpactKeeper } from "./impact/impact-keeper.ts";
import type { ImpactChange } from "./impact/impact-turn.ts";
import { RootWatch } from "./impact/root-watch.ts";
import { MappingTable } from "./mapping/mapping-table.ts";
import type { Alarm } from "./model/alarm.ts";
import { type Changes, type Draft, type EdgeRecord, type ListenerRecord, newDraft } from "./model/changes.ts";
import type { DependencyGraph } from "./model/dependency-graph.ts";
import type { HostReport, RepeatedReport } from "./model/host-report.ts";
import { portNumber } from "./model/ids.ts";
import type { SourceHealth, SourceObservation } from "./model/monitoring.ts";
import type { WrittenGroup } from "./model/redundancy.ts";
import type { Settings } from "./model/settings.ts";
import { UNKNOWN_PROCESS } from "./model/topology.ts";
import { Picture } from "./picture.ts";
import { Scenes } from "./scenes.ts";
import { CalledHosts } from "./states/called-hosts.ts";
import { HostJudge } from "./states/host-judge.ts";
import { identifyHost } from "./states/identify-host.ts";
import { ToldSite } from "./states/told-site.ts";
import { FetchFaults } from "./topology/fetch-faults.ts";
import { Topology } from "./topology/topology.ts";
import { days, type TopologyRules, topologyRules } from "./topology/topology-rules.ts";
import type { WrittenEdge } from "./topology/written-edges.ts";

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
  private readonly told = new ToldSite();
  private readonly table = this.told.table;
  private readonly called = new CalledHosts();
  private readonly judge = new HostJudge();
  private readonly keeper = new GraphKeeper();
  private readonly roots = new RootWatch();
  private readonly faults = new FetchFaults();
  private readonly scenes: Scenes;
  private readonly picture: Picture;
  private graph: DependencyGraph;
  private readonly impacts = new ImpactKeeper();
  private everythingIsNew = false;

  /** `rowsAtOnce` bounds what one turn derives, see `Topology`. */
  constructor(rules: EngineRules, rowsAtOnce?: number) {
    this.rules = rules;
    this.topologyRules = topologyRules(rules);
    this.topology = new Topology(this.topologyRules, rowsAtOnce);
    this.mapping = new MappingTable(rules.settings.serviceMapping);
    this.graph = this.keeper.build();
    const { topology, table, judge, impacts, roots, faults } = this;
    const steps = { topology, table, judge, impacts, settings: () => this.rules.settings };
    this.scenes = new Scenes(steps);
    this.picture = new Picture({ ...steps, scenes: this.scenes, notes: this.told.notes, roots, faults });
    this.renameHosts();
  }

  /** Takes in an agent's report. A host that is called otherwise since the last one brings along what is remembered of it. */
  report(report: HostReport): void {
    const host = this.nameOf(report.host, report.ips);
    const before = this.called.call(report.host, host, report);
    if (before !== undefined) {
      this.topology.rename(before, host);
      this.faults.note(before, null);
    }
    this.topology.report({ ...report, host });
  }

  /** Takes in a report that repeats the last whole one of its host; false where it does not, and the whole is needed. */
  repeat(report: RepeatedReport): boolean {
    const host = this.nameOf(report.host, report.ips);
    if (!this.called.is(report.host, host) || !this.topology.repeat({ ...report, host })) {
      return false;
    }
    this.called.call(report.host, host, report);
    return true;
  }

  /** Notes how getting a host's report went: null for well, else what went wrong. What is known of the host stays. */
  fetch(host: string, fault: string | null): void {
    this.faults.note(host, fault);
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
    this.told.observe(observation);
    if (observation.kind === "objects") {
      this.tellAddresses();
    }
  }

  /** Forgets a source and all it said. */
  forgetSource(source: string): void {
    this.told.forget(source);
    this.tellAddresses();
  }

  private tellAddresses(): void {
    this.topology.tellAddresses(this.told.addresses());
  }

  private renameHosts(): void {
    this.told.rename(this.rules.settings.userNodeAliases);
    this.tellAddresses();
  }

  /** Takes back what an earlier leader remembered of a host. */
  restore(host: string, edges: Iterable<EdgeRecord>, listeners: Iterable<readonly [string, ListenerRecord]>): void {
    this.topology.restore(host, edges, listeners);
  }

  /** Takes back what an earlier leader told of a host, for since when it is so. */
  recall(host: string, alarms: readonly Alarm[]): void {
    this.picture.recall(host, alarms);
  }

  /** Checks in the monitoring whose results are written by DOTM. */
  get ownChecks(): ReturnType<ToldSite["ownChecks"]> {
    return this.told.ownChecks();
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
    const { notes } = this.told;
    const noted = union(notes.takeChanged(), this.everythingIsNew ? notes.hosts() : []);
    const all = this.everythingIsNew ? this.allHosts() : new Set<string>();
    this.everythingIsNew = false;
    const draft = newDraft();

    // A client's redundancy groups and port names hang on what its servers say of themselves.
    const clients = [...reopened].flatMap((host) => [...this.topology.clientsOf(host)]);
    const linked = without(pending, relinked, clients, all);
    const judged = this.judgeHosts(union(linked, told, this.mapHosts(union(linked, told))), now, draft);
    const change = this.updateImpacts(this.rebuildGraph(linked), judged, now);
    const others = all.size + newcomers.size > 0 ? this.impacts.keys() : this.roots.lookingAt(union(reported, linked));
    this.picture.viewImpacts(union(change.problems, change.rerouted, others), draft);

    const fetched = this.faults.takeTold();
    const seen = without(pending, reported, linked, fetched);
    const undrawn = this.picture.undrawn(reported, recounted, now);
    const redrawn = without(pending, linked, fetched, judged, change.hit, undrawn, this.told.takeRedescribed());
    const alarmed = this.picture.newlyMonitored ? this.allHosts() : union(seen, told, judged, metClients);
    const turn = { ages: this.topologyRules.ages, now, draft };
    this.picture.findAlarms(without(pending, alarmed), turn);
    this.picture.viewNotes(noted, draft);
    this.picture.viewHosts({ seen, linked, told: union(told, linked, judged), redrawn }, this.graph, turn);
    this.scenes.forget();
    return { at: now, ...draft, sources: this.told.takeSources() };
  }

  /** Everything there is, as if nothing had been handed on before. */
  everything(now: number): Changes {
    do {
      this.settle(now);
    } while (this.unsettled);
    this.picture.clear();
    this.everythingIsNew = true;
    return this.settle(now);
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
    this.roots.update(union(changed.problems, changed.rerouted), (key) => this.impacts.rootOf(key), this.graph);
    return changed;
  }

  private allHosts(): Set<string> {
    return union(this.topology.hosts(), this.table.hosts(), this.faults.hosts());
  }
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
