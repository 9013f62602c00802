/** The last steps of the computation: what readers are shown of hosts and problems, and what we ourselves find wrong. */
import { AlarmBook } from "./alarms/alarm-book.ts";
import { sourceAlarms } from "./alarms/source-alarms.ts";
import type { RootWatch } from "./impact/root-watch.ts";
import type { Alarm } from "./model/alarm.ts";
import type { Draft } from "./model/changes.ts";
import type { DependencyGraph } from "./model/dependency-graph.ts";
import type { SceneSteps, Scenes } from "./scenes.ts";
import type { NotesTable } from "./states/notes-table.ts";
import type { Ages } from "./topology/derive-host.ts";
import type { FetchFaults } from "./topology/fetch-faults.ts";
import { Views } from "./views/views.ts";

/** The steps a picture is made of. */
export interface PictureSteps extends SceneSteps {
  readonly scenes: Scenes;
  readonly notes: NotesTable;
  readonly roots: RootWatch;
  readonly faults: FetchFaults;
}

/** One turn, as the picture sees it. */
export interface PictureTurn {
  readonly ages: Ages;
  /** Unix seconds. */
  readonly now: number;
  readonly draft: Draft;
}

/** Hosts whose views may be others. */
export interface ViewedHosts {
  /** Hosts whose records may differ: they were seen by their agent, or what is known of their connections changed. */
  readonly seen: ReadonlySet<string>;
  /** Of those, hosts of which something was derived anew. */
  readonly linked: ReadonlySet<string>;
  /** Hosts whose checks may differ. */
  readonly told: ReadonlySet<string>;
  /** Hosts whose graphs may differ. */
  readonly redrawn: ReadonlySet<string>;
}

/** Makes them; remembers what was handed on. */
export class Picture {
  private readonly steps: PictureSteps;
  private readonly alarms = new AlarmBook();
  private readonly views = new Views();
  /** Whether any source ever spoke, as of the last turn. */
  private monitoring = false;

  constructor(steps: PictureSteps) {
    this.steps = steps;
  }

  /** Takes back what an earlier leader told of a host, for since when it is so. */
  recall(host: string, alarms: readonly Alarm[]): void {
    this.alarms.recall(host, alarms);
  }

  /** Forgets what was handed on, so that everything is handed on again. */
  clear(): void {
    this.views.clear();
  }

  /** Hosts that reported and look otherwise since then; most reports say what was said before. */
  undrawn(reported: ReadonlySet<string>, recounted: ReadonlySet<string>, now: number): string[] {
    for (const host of recounted) {
      this.views.redraw(host);
    }
    const { scenes } = this.steps;
    return [...reported].filter((host) => !this.views.isDrawn(host, scenes.topologyOf(host).lastReport, now));
  }

  /** The impacts of problems, root problems with what changed before them. */
  viewImpacts(problems: Iterable<string>, draft: Draft): void {
    const { scenes, topology, impacts, roots } = this.steps;
    const source = {
      topologyOf: (host: string) => scenes.topologyOf(host),
      resolve: (address: string) => topology.resolve(address),
      remembers: (host: string) => topology.remembers(host),
    };
    for (const key of problems) {
      const impact = impacts.of(key);
      this.views.impact(key, impact === undefined ? undefined : roots.withPast(key, impact, source), draft);
    }
  }

  /** Whether alarms of all hosts may differ: the first word of any source makes a difference to every host. */
  get newlyMonitored(): boolean {
    return this.steps.table.knowsAny !== this.monitoring;
  }

  /** Alarms of the hosts, and of the sources. */
  findAlarms(hosts: ReadonlySet<string>, { ages, now, draft }: PictureTurn): void {
    const { scenes, table, faults } = this.steps;
    this.monitoring = table.knowsAny;
    for (const host of hosts) {
      const scene = () => scenes.ofAlarms(host, ages, this.monitoring, faults.of(host));
      this.views.alarmsOf(host, this.isKnown(host) ? this.alarms.find(scene(), now) : [], draft);
    }
    this.views.alarmsOf("", sourceAlarms(table.sources().values(), now), draft);
  }

  /** Views of the hosts that were seen, told of, or look otherwise than before. */
  viewHosts({ seen, linked, told, redrawn }: ViewedHosts, graph: DependencyGraph, turn: PictureTurn): void {
    for (const host of new Set([...seen, ...redrawn])) {
      const scene = this.steps.scenes.ofRecords(host, turn.ages, turn.now, this.steps.faults.of(host));
      this.views.node(scene, this.isKnown(host), turn.draft);
      if (seen.has(host)) {
        this.views.connectionsOf(scene, turn.ages.agingConnections, linked.has(host), turn.draft);
      }
    }
    for (const host of told) {
      this.viewChecks(host, turn.draft);
    }
    for (const host of redrawn) {
      const scene = this.isDrawn(host) ? this.steps.scenes.ofGraph(host, graph, turn.now) : undefined;
      this.views.graph(host, scene, turn.draft);
    }
  }

  private viewChecks(host: string, draft: Draft): void {
    const judged = this.steps.judge.of(host);
    const { services } = this.steps.scenes.topologyOf(host);
    const byId = new Map([...services.values()].map((service) => [service.id, service.process]));
    this.views.checks(host, judged?.host, judged?.checks ?? [], (id) => byId.get(id) ?? null, draft);
  }

  /** What people and the configuration note at hosts; no step needs it, readers do. */
  viewNotes(hosts: ReadonlySet<string>, draft: Draft): void {
    for (const host of hosts) {
      this.views.notes(host, this.steps.notes.of(host), draft);
    }
  }

  /** Whether an agent reported the host, or should have, or the monitoring knows it; others are only heard of. */
  private isKnown(host: string): boolean {
    const { topology, table, faults } = this.steps;
    return topology.remembers(host) || table.of(host).size > 0 || faults.of(host) !== undefined;
  }

  private isDrawn(host: string): boolean {
    return this.isKnown(host) || this.steps.topology.host(host) !== undefined;
  }
}
