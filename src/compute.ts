/**
 * The whole computation on one page: observations in, changes out.
 *
 *   report, observe, configure   take in what was seen; cheap, only mark what is touched
 *   settle                       topology → mapping → states → impact → alarms → views, each only where something changed,
 *                                and of very much only so much at once as leaves others their turn
 *
 * A test holds the result of many small turns against the result of one turn from scratch.
 */
import { Beginning, type SiteNews } from "./beginning.ts";
import { HostSteps } from "./host-steps.ts";
import { type GraphChange, GraphKeeper } from "./impact/graph-keeper.ts";
import { ImpactKeeper } from "./impact/impact-keeper.ts";
import type { ImpactChange } from "./impact/impact-turn.ts";
import { RootWatch } from "./impact/root-watch.ts";
import type { Alarm } from "./model/alarm.ts";
import {
  type Changes,
  type Draft,
  type EdgeRecord,
  emptyChanges,
  type ListenerRecord,
  newDraft,
} from "./model/changes.ts";
import { ChangesSum } from "./model/changes-sum.ts";
import type { DependencyGraph } from "./model/dependency-graph.ts";
import type { HostReport, RepeatedReport } from "./model/host-report.ts";
import type { SourceHealth, SourceObservation } from "./model/monitoring.ts";
import type { WrittenGroup } from "./model/redundancy.ts";
import type { Settings } from "./model/settings.ts";
import { WaitingHosts } from "./model/waiting-hosts.ts";
import { Picture } from "./picture.ts";
import { Scenes } from "./scenes.ts";
import { HostJudge } from "./states/host-judge.ts";
import { NamesInPicture } from "./states/names-in-picture.ts";
import { ToldSite } from "./states/told-site.ts";
import { FetchFaults } from "./topology/fetch-faults.ts";
import { ROWS_AT_ONCE, Topology } from "./topology/topology.ts";
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
  /** Under which names hosts stand in the picture. */
  readonly names = new NamesInPicture(() => ({
    aliases: this.rules.settings.userNodeAliases,
    monitored: this.table.monitoredHosts(),
  }));
  private rules: EngineRules;
  private topologyRules: TopologyRules;
  private readonly topology: Topology;
  private readonly told = new ToldSite();
  private readonly table = this.told.table;
  private readonly judge = new HostJudge();
  private readonly keeper: GraphKeeper;
  private readonly steps: HostSteps;
  private readonly roots = new RootWatch();
  private readonly faults = new FetchFaults();
  private readonly scenes: Scenes;
  private readonly picture: Picture;
  private graph: DependencyGraph;
  private readonly impacts = new ImpactKeeper();
  private readonly rowsAtOnce: number;
  /** Until the first picture is complete. */
  private beginning: Beginning | undefined = new Beginning();
  /** Hosts that are to be looked at, where one turn had more of them than it may. */
  private readonly unlooked = new WaitingHosts();
  private rulesAreNew = false;
  private notesAreNew = false;

  /** `rowsAtOnce` bounds what one turn looks at. */
  constructor(rules: EngineRules, rowsAtOnce = ROWS_AT_ONCE) {
    this.rules = rules;
    this.rowsAtOnce = rowsAtOnce;
    this.topologyRules = topologyRules(rules);
    this.topology = new Topology(this.topologyRules, rowsAtOnce);
    this.keeper = new GraphKeeper(rowsAtOnce);
    this.graph = this.keeper.build();
    const { topology, table, judge, impacts, roots, faults, keeper } = this;
    const steps = { topology, table, judge, impacts, settings: () => this.rules.settings };
    this.scenes = new Scenes(steps);
    this.steps = new HostSteps({ topology, table, judge, keeper, scenes: this.scenes, rules: () => this.rules });
    this.picture = new Picture(
      { ...steps, scenes: this.scenes, notes: this.told.notes, roots, faults },
      rowsAtOnce / 2,
    );
    this.renameHosts();
  }

  /** Takes in an agent's report. A host that is called otherwise since the last one brings along what is remembered of it. */
  report(report: HostReport): void {
    const host = this.takeName(report);
    this.faults.noteLeftOut(host, this.topology.report({ ...report, host }) > 0);
  }

  /** Takes in the last report of a host once more, as it may be read otherwise by the rules that hold now. */
  reportAnew(report: HostReport): void {
    const host = this.takeName(report);
    this.faults.noteLeftOut(host, this.topology.reportAnew({ ...report, host }) > 0);
  }

  private takeName(report: HostReport): string {
    const { host, before } = this.names.take(report);
    if (before !== undefined) {
      this.topology.rename(before, host);
      this.faults.note(before, null);
      this.faults.noteLeftOut(before, false);
    }
    return host;
  }

  /** Takes in a report that repeats the last whole one of its host; false where it does not, and the whole is needed. */
  repeat(report: RepeatedReport): boolean {
    const host = this.names.hostCalledAsBefore(report);
    if (host === undefined || !this.topology.repeat({ ...report, host })) {
      return false;
    }
    this.faults.noteLeftOut(host, false);
    this.names.heard(report, host);
    return true;
  }

  /** Notes how getting a host's report went: null for well, else what went wrong. What is known of the host stays. */
  fetch(host: string, fault: string | null): void {
    this.faults.note(host, fault);
  }

  /** Connections and listeners left out or forgotten before their time, as a host had too many, or too many new ones. */
  get forgotten(): number {
    return this.topology.forgotten;
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
    this.steps.configure(rules.settings.serviceMapping);
    this.renameHosts();
    this.rulesAreNew = true;
    this.notesAreNew = true;
  }

  /** Whether another turn is wanted at once: the last one had more to do than one may. */
  get unsettled(): boolean {
    const { topology, picture, table, unlooked } = this;
    return topology.unsettled || picture.unfinished || table.hasCheckedAgain || unlooked.size > 0;
  }

  /**
   * One turn: brings the picture up to date, or nearer to that, and returns what changed. `forgets`: whether the clock can
   * be trusted so far that what has expired is forgotten for good.
   */
  settle(now: number, forgets = true): Changes {
    const news = this.takeNews(now, forgets);
    const changes = this.beginning === undefined ? this.goOn(news, now) : this.begin(this.beginning, news, now);
    this.scenes.forget();
    return changes;
  }

  /** Whether nothing was handed on yet. */
  get isNew(): boolean {
    return this.beginning !== undefined;
  }

  /** Has everything handed on again, as if nothing had been before. */
  renew(): void {
    this.picture.renew(this.allHosts());
    this.notesAreNew = true;
  }

  /** Everything there is, at once. */
  everything(now: number): Changes {
    do {
      this.settle(now);
    } while (this.unsettled);
    this.renew();
    const all = new ChangesSum(now);
    do {
      all.add(this.settle(now));
    } while (this.unsettled);
    return all.changes;
  }

  /** Step 1: topology, and what sources told. */
  private takeNews(now: number, forgets: boolean): SiteNews {
    const found = this.topology.settle(now, forgets);
    const { pending } = found;
    this.table.setRight(now);
    this.table.expire(days(this.rules.settings.expire.nagiosAlerts), now);
    // What is told of a host that is still to be derived is looked at once that is done.
    const changed = this.table.takeChanged();
    const checkedAgain = this.table.takeCheckedAgain(this.rowsAtOnce / 4);
    const told = without(pending, changed, checkedAgain, this.judge.overdue(this.table.sources(), now));
    // A client's redundancy groups and port names hang on what its servers say of themselves.
    const clients = [...found.reopened].flatMap((host) => [...this.topology.clientsOf(host)]);
    const linked = without(pending, found.relinked, clients, this.rulesAreNew ? this.allHosts() : []);
    this.rulesAreNew = false;
    const { reported, recounted, newcomers, metClients } = found;
    return { pending, told, linked, reported, recounted, newcomers, metClients };
  }

  /** A turn of a site of which something was handed on: all that sources told is looked at, and so much of what is linked anew as one turn may. */
  private goOn(news: SiteNews, now: number): Changes {
    const draft = newDraft();
    const linked = this.takeLinked(news);
    const judged = this.steps.lookAt(union(linked, news.told), linked, now, draft.events);
    return this.tell({ ...news, linked, pending: union(news.pending, this.unlooked.rest()) }, judged, now, draft);
  }

  /** The next hosts that are linked anew: of whom sources told first, then those that waited longest. */
  private takeLinked({ pending, linked, told }: SiteNews): Set<string> {
    for (const host of linked) {
      this.unlooked.add(host);
    }
    const hurried = [...told].filter((host) => this.unlooked.has(host));
    for (const host of hurried) {
      this.unlooked.drop(host);
    }
    return without(pending, hurried, this.nextUnlooked());
  }

  /** Those that waited longest, as many as one turn may look at. */
  private nextUnlooked(): Set<string> {
    return this.unlooked.take(this.rowsAtOnce, (host) => this.topology.rowsOf(host));
  }

  /** A turn of a site of which nothing was handed on yet: the next piece of it. */
  private begin(beginning: Beginning, news: SiteNews, now: number): Changes {
    beginning.add(news);
    for (const host of union(news.linked, news.told)) {
      this.unlooked.add(host);
    }
    if (!this.topology.unsettled) {
      const hosts = this.nextUnlooked();
      const linked = [...hosts].filter((host) => beginning.news?.linked.has(host) === true);
      for (const host of this.steps.lookAt(hosts, linked, now, beginning.draft.events)) {
        beginning.judged.add(host);
      }
    }
    if (this.topology.unsettled || this.unlooked.size > 0) {
      return emptyChanges(now);
    }
    this.beginning = undefined;
    return this.tell(beginning.news ?? news, beginning.judged, now, beginning.draft);
  }

  /** The other steps. */
  private tell(news: SiteNews, judged: ReadonlySet<string>, now: number, draft: Draft): Changes {
    const { pending, told, linked, reported, recounted, newcomers, metClients } = news;
    const rebuilt = this.rebuildGraph();
    const change = this.updateImpacts(rebuilt, rebuilt.renumbered ? this.allHosts() : judged, now);
    const others = newcomers.size > 0 ? this.impacts.keys() : this.roots.lookingAt(union(reported, linked));
    const fetched = this.faults.takeTold();
    const seen = without(pending, reported, linked, fetched);
    const undrawn = this.picture.undrawn(without(linked, reported), recounted, now);
    this.picture.want({
      problems: union(change.problems, change.rerouted, others),
      seen,
      linked,
      told: union(told, linked, judged),
      redrawn: without(pending, linked, fetched, judged, change.hit, undrawn, this.told.takeRedescribed()),
      alarmed: union(seen, told, judged, metClients, this.picture.newlyMonitored ? this.allHosts() : []),
    });
    this.viewNotes(draft);
    // Where the graph was long to build, views are made in the next turn.
    if (rebuilt.nodes.size < this.rowsAtOnce) {
      this.picture.view({ ages: this.topologyRules.ages, now, draft, graph: this.graph, pending });
    }
    return { at: now, ...draft, sources: this.told.takeSources() };
  }

  private viewNotes(draft: Draft): void {
    const { notes } = this.told;
    this.picture.viewNotes(union(notes.takeChanged(), this.notesAreNew ? notes.hosts() : []), draft);
    this.notesAreNew = false;
  }

  /** Step 4: the graph, built anew where it differs from before. */
  private rebuildGraph(): GraphChange {
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
