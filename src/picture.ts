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
import { ALARMS, ALL, CHECKS, CONNECTIONS, GRAPH, LINKED, RECORDS, WaitingViews } from "./views/waiting-views.ts";

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
  readonly graph: DependencyGraph;
  /** Hosts still to be derived: nothing is told of them yet. */
  readonly pending: ReadonlySet<string>;
}

/** Hosts and problems whose views may be others. */
export interface Viewed {
  /** Keys of problems. */
  readonly problems: Iterable<string>;
  /** Hosts whose records may differ: they were seen by their agent, or what is known of their connections changed. */
  readonly seen: Iterable<string>;
  /** Hosts of which something was derived anew. */
  readonly linked: Iterable<string>;
  /** Hosts whose checks may differ. */
  readonly told: Iterable<string>;
  /** Hosts whose graphs may differ. */
  readonly redrawn: Iterable<string>;
  /** Hosts of which we may find something else wrong. */
  readonly alarmed: Iterable<string>;
}

/** Makes them; remembers what was handed on. */
export class Picture {
  private readonly steps: PictureSteps;
  private readonly alarms = new AlarmBook();
  private readonly views = new Views();
  private readonly waiting = new WaitingViews();
  private readonly rowsAtOnce: number;
  /** Whether any source ever spoke, as of the last turn. */
  private monitoring = false;

  /** `rowsAtOnce` bounds the rows of hosts and impacts that one turn makes. */
  constructor(steps: PictureSteps, rowsAtOnce: number) {
    this.steps = steps;
    this.rowsAtOnce = rowsAtOnce;
  }

  /** Takes back what an earlier leader told of a host, for since when it is so. */
  recall(host: string, alarms: readonly Alarm[]): void {
    this.alarms.recall(host, alarms);
  }

  /** Has everything handed on again, and what is gone by then as well. */
  renew(hosts: Iterable<string>): void {
    this.views.renew();
    this.waiting.want(hosts, ALL);
    this.waiting.wantProblems(this.steps.impacts.keys());
  }

  /** Whether more is to be made than one turn made. */
  get unfinished(): boolean {
    return !this.waiting.isEmpty;
  }

  /** Hosts that reported and look otherwise since then; most reports say what was said before. */
  undrawn(reported: ReadonlySet<string>, recounted: ReadonlySet<string>, now: number): string[] {
    for (const host of recounted) {
      this.views.redraw(host);
    }
    const { scenes } = this.steps;
    return [...reported].filter((host) => !this.views.isDrawn(host, scenes.topologyOf(host).lastReport, now));
  }

  /** Whether alarms of all hosts may differ: the first word of any source makes a difference to every host. */
  get newlyMonitored(): boolean {
    return this.steps.table.knowsAny !== this.monitoring;
  }

  /** Takes note of what may be otherwise than it was handed on. */
  want({ problems, seen, linked, told, redrawn, alarmed }: Viewed): void {
    this.monitoring = this.steps.table.knowsAny;
    this.waiting.wantProblems(problems);
    this.waiting.want(alarmed, ALARMS);
    this.waiting.want(linked, LINKED);
    this.waiting.want(seen, RECORDS | CONNECTIONS);
    this.waiting.want(told, CHECKS);
    this.waiting.want(redrawn, RECORDS | GRAPH);
  }

  /** Makes the next of it: impacts, then views and alarms host by host. */
  view(turn: PictureTurn): void {
    this.views.alarmsOf("", sourceAlarms(this.steps.table.sources().values(), turn.now), turn.draft);
    this.waiting.make(
      this.rowsAtOnce,
      turn.pending,
      (key) => this.viewImpact(key, turn.draft),
      (host, parts) => this.viewHost(host, parts, turn),
    );
  }

  /** The impact of a problem, of a root problem with what changed before it. */
  private viewImpact(key: string, draft: Draft): number {
    const { scenes, topology, impacts, roots } = this.steps;
    const source = {
      topologyOf: (host: string) => scenes.topologyOf(host),
      resolve: (address: string) => topology.resolve(address),
      remembers: (host: string) => topology.remembers(host),
    };
    const impact = impacts.of(key);
    this.views.impact(key, impact === undefined ? undefined : roots.withPast(key, impact, source), draft);
    return impact?.affected.length ?? 0;
  }

  private viewHost(host: string, parts: number, turn: PictureTurn): number {
    const { scenes, topology } = this.steps;
    if ((parts & ALARMS) !== 0) {
      this.viewAlarms(host, turn);
    }
    if ((parts & RECORDS) !== 0) {
      this.viewRecords(host, parts, turn);
    }
    if ((parts & CHECKS) !== 0) {
      this.viewChecks(host, turn.draft);
    }
    if ((parts & GRAPH) !== 0) {
      const scene = this.isDrawn(host) ? scenes.ofGraph(host, turn.graph, turn.now) : undefined;
      this.views.graph(host, scene, turn.draft);
    }
    return topology.rowsOf(host);
  }

  private viewAlarms(host: string, { ages, now, draft }: PictureTurn): void {
    const { scenes, faults } = this.steps;
    const scene = () => scenes.ofAlarms(host, ages, this.monitoring, faults.of(host));
    this.views.alarmsOf(host, this.isKnown(host) ? this.alarms.find(scene(), now) : [], draft);
  }

  private viewRecords(host: string, parts: number, { ages, now, draft }: PictureTurn): void {
    const scene = this.steps.scenes.ofRecords(host, ages, now, this.steps.faults.of(host));
    this.views.node(scene, this.isKnown(host), draft);
    if ((parts & CONNECTIONS) !== 0) {
      this.views.connectionsOf(scene, ages.agingConnections, (parts & LINKED) !== 0, draft);
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
