/**
 * The impacts of all current problems, kept from turn to turn. A problem is walked anew where it is new or the ways to it
 * changed; where only states changed, its rows are told anew; all others stay the very same objects.
 */

import { compareIds } from "../model/compare.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Impact, Problem, ProblemRef } from "../model/impact.ts";
import type { MonitoredHost } from "../model/monitoring.ts";
import type { CurrentProblem, ServiceState } from "../model/problem.ts";
import { neededBy, needing } from "./closures.ts";
import { respread } from "./degrees.ts";
import { Explainer, type Explanation } from "./explain.ts";
import { finishImpact, problemOf, type Reasons } from "./finish-impact.ts";
import type { GraphChange } from "./graph-keeper.ts";
import { type ImpactRows, type ImpactScene, impactRows, restatedRows } from "./impact-rows.ts";
import { type BookChange, type HeldProblem, ProblemBook } from "./problem-book.ts";
import { ReachWalk } from "./reach.ts";

/** What a turn brings. */
export interface ImpactTurn {
  readonly graph: DependencyGraph;
  /** How the graph differs from that of the turn before. */
  readonly change: GraphChange;
  /** Hosts judged otherwise than before. */
  readonly judged: Iterable<string>;
  readonly problemsOf: (host: string) => readonly CurrentProblem[];
  readonly servicesOf: (host: string) => ReadonlyMap<string, ServiceState>;
  readonly stateOf: (id: string) => ServiceState | undefined;
  readonly agentOf: (host: string) => "fresh" | "stale" | "none";
  /** Hosts as the monitoring has them: those in front of them say who may hide whom. */
  readonly monitored: ReadonlyMap<string, Pick<MonitoredHost, "parents">>;
  /** Unix seconds. */
  readonly now: number;
}

/** What a turn changed. */
export interface ImpactChange {
  /** Problems whose impact is new, another one, or gone. */
  readonly problems: ReadonlySet<string>;
  /** Problems that may need something else than before. */
  readonly rerouted: ReadonlySet<string>;
  /** Hosts of which a service or process is hit otherwise than before. */
  readonly hit: ReadonlySet<string>;
}

/** Rows of all problems together: thousands of problems that each take all with them would fill the memory. */
const ALL_ROWS = 1_000_000;

/** Rows each problem may have, however many there are. */
const LEAST_ROWS = 100;

interface KeptImpact {
  readonly rows: ImpactRows;
  readonly explanation: Explanation;
  readonly why: Reasons;
  readonly impact: Impact;
}

/** Keeps them. */
export class ImpactKeeper {
  private readonly book = new ProblemBook();
  private readonly explainer = new Explainer();
  private readonly kept = new Map<string, KeptImpact>();
  private readonly services = new Map<string, ReadonlyMap<string, ServiceState>>();
  private readonly allRows: number;
  private graph: DependencyGraph | undefined;
  private walk: ReachWalk | undefined;
  private most = 0;
  private monitored: ImpactTurn["monitored"] = new Map();
  private ownLevels = new Uint8Array();
  private givenLevels = new Uint8Array();

  constructor(allRows = ALL_ROWS) {
    this.allRows = allRows;
  }

  /** What its own problems make of each node. */
  get own(): Uint8Array {
    return this.ownLevels;
  }

  /** What its dependencies do to each node. */
  get levels(): Uint8Array {
    return this.givenLevels;
  }

  /** The impact of a problem, undefined where there is no such problem. */
  of(problem: string): Impact | undefined {
    return this.kept.get(problem)?.impact;
  }

  /** Keys of all current problems. */
  keys(): Iterable<string> {
    return this.kept.keys();
  }

  /** Brings all impacts up to date. */
  update(turn: ImpactTurn): ImpactChange {
    const { graph, change, judged } = turn;
    const hosts = [...judged];
    const detoured = this.graph === undefined ? [] : this.book.at(neededBy(this.graph, known(this.graph, change)));
    const grown = this.enlarge(graph);
    const told = this.book.update(hosts, turn.problemsOf, graph);
    if (grown) {
      this.book.complete(graph, told);
    }
    this.renewOwn(told.nodes);
    const below = needing(graph, [...told.nodes, ...change.nodes]);
    const own = { levels: this.ownLevels, isHidden: (node: number) => this.book.isHidden(node) };
    const lifted = respread(graph, own, this.givenLevels, below);
    const again = this.walkedAnew(turn, told, detoured);
    this.noteHits(graph, told, again);
    const scene: ImpactScene = { ...turn, levels: this.givenLevels };
    const rows = this.restate(scene, this.restated(turn, hosts, lifted));
    for (const held of again) {
      rows.set(held, this.rowsOf(scene, held));
    }
    return {
      problems: this.finish(turn, told, rows),
      rerouted: new Set(change.nodes.size === 0 ? [] : [...this.book.at(below)].map(({ problem }) => problem.key)),
      hit: new Set(lifted.map((node) => graph.nodes[node]?.host ?? "")),
    };
  }

  /** Makes room for the nodes of another graph. True where there are more of them. */
  private enlarge(graph: DependencyGraph): boolean {
    if (this.graph !== graph) {
      this.graph = graph;
      this.walk = new ReachWalk(graph);
    }
    const grown = graph.nodes.length > this.ownLevels.length;
    if (grown) {
      this.ownLevels = enlarged(this.ownLevels, graph.nodes.length);
      this.givenLevels = enlarged(this.givenLevels, graph.nodes.length);
    }
    return grown;
  }

  private renewOwn(nodes: Iterable<number>): void {
    for (const node of nodes) {
      this.ownLevels[node] = this.book.strengthAt(node);
    }
  }

  /** Problems that are new, or whose ways or numbers of rows may be others than before. */
  private walkedAnew(
    { graph, change }: ImpactTurn,
    { fresh, gone }: BookChange,
    detoured: Iterable<HeldProblem>,
  ): Set<HeldProblem> {
    const again = new Set([...fresh, ...detoured, ...this.book.at(neededBy(graph, change.nodes))]);
    for (const host of change.agents) {
      for (const held of this.book.ofHost(host)) {
        again.add(held);
      }
    }
    const most = mostRows(this.allRows, this.book.size);
    for (const held of most === this.most ? [] : this.book.all()) {
      const rows = this.kept.get(held.problem.key)?.rows;
      if (rows === undefined || rows.leftOut !== undefined || rows.affected.length > most) {
        again.add(held);
      }
    }
    this.most = most;
    return new Set([...again].filter((held) => !gone.has(held)));
  }

  /** Lets problems that are not walked anew know of those that are new among what they hit. */
  private noteHits(graph: DependencyGraph, { fresh, gone }: BookChange, again: ReadonlySet<HeldProblem>): void {
    if (again.size === this.book.size) {
      return;
    }
    for (const held of fresh) {
      if (!gone.has(held)) {
        for (const other of this.book.at(neededBy(graph, held.failed))) {
          if (other !== held) {
            other.hits.add(held.number);
            held.hitBy.add(other.number);
          }
        }
      }
    }
  }

  /** Nodes whose rows say something else now. */
  private restated({ graph, servicesOf }: ImpactTurn, hosts: readonly string[], lifted: readonly number[]): number[] {
    const judgedOtherwise = hosts.flatMap((host) => {
      const before = this.services.get(host);
      const now = servicesOf(host);
      this.services.set(host, now);
      const ids = [...new Set([...(before?.keys() ?? []), ...now.keys()])];
      return ids.filter((id) => !sameState(before?.get(id), now.get(id)));
    });
    return [...lifted, ...judgedOtherwise.flatMap((id) => graph.indexOf.get(id) ?? [])];
  }

  private restate(scene: ImpactScene, nodes: readonly number[]): Map<HeldProblem, ImpactRows> {
    const { graph } = scene;
    const ids = new Set(nodes.map((node) => graph.nodes[node]?.id ?? ""));
    const restated = new Map<HeldProblem, ImpactRows>();
    for (const held of this.book.at(neededBy(graph, nodes))) {
      const rows = this.kept.get(held.problem.key)?.rows;
      if (rows !== undefined) {
        restated.set(held, restatedRows(scene, rows, ids));
      }
    }
    return restated;
  }

  private rowsOf(scene: ImpactScene, held: HeldProblem): ImpactRows {
    const walk = this.walk ?? new ReachWalk(scene.graph);
    const count = walk.from(held.failed);
    const reached = Array.from({ length: count }, (_, i) => walk.node(i));
    this.book.setHits(held, this.book.at([...held.failed, ...reached]));
    const { status, mapping } = held.problem.view;
    return impactRows(scene, held.failed, walk, count, status.host, mapping?.ambiguous === true, this.most);
  }

  /** Puts together what differs. Returns the keys of that, and of what is gone. */
  private finish(turn: ImpactTurn, told: BookChange, rows: ReadonlyMap<HeldProblem, ImpactRows>): Set<string> {
    const { monitored, now } = turn;
    const changed = new Set<string>();
    if (told.gone.size + told.retold.size + rows.size === 0 && monitored === this.monitored) {
      return changed;
    }
    this.monitored = monitored;
    for (const { problem } of told.gone) {
      this.kept.delete(problem.key);
      changed.add(problem.key);
    }
    const problems = this.book.all();
    const explanations = this.explainer.explain(
      problems,
      (host) => this.book.ofHost(host),
      (host) => monitored.get(host)?.parents ?? [],
    );
    for (const held of problems) {
      const before = this.kept.get(held.problem.key);
      const its = rows.get(held) ?? before?.rows;
      const explanation = explanations.get(held.number);
      if (its !== undefined && explanation !== undefined) {
        const after = this.renewed(held, before, { rows: its, explanation, retold: told.retold.has(held) }, now);
        if (after !== before) {
          this.kept.set(held.problem.key, after);
          changed.add(held.problem.key);
        }
      }
    }
    return changed;
  }

  /** What is kept of a problem; what was kept where nothing differs. */
  private renewed(held: HeldProblem, before: KeptImpact | undefined, parts: Parts, now: number): KeptImpact {
    const { rows, explanation, retold } = parts;
    const problem = before === undefined || retold ? problemOf(held.problem.view) : before.impact.problem;
    const sameReasons = before !== undefined && sameExplanation(before.explanation, explanation);
    if (sameReasons && rows === before.rows && sameProblem(problem, before.impact.problem)) {
      return before;
    }
    const { explains, explainedBy } = explanation;
    const why = sameReasons ? before.why : { explainedBy: this.refsOf(explainedBy), explains: this.refsOf(explains) };
    return { rows, explanation, why, impact: finishImpact(problem, rows, why, false, now) };
  }

  private refsOf(numbers: Iterable<number>): ProblemRef[] {
    const problems = [...numbers].flatMap((number) => this.book.of(number) ?? []);
    return problems.sort((a, b) => compareIds(a.problem.key, b.problem.key)).map(({ ref }) => ref);
  }
}

interface Parts {
  readonly rows: ImpactRows;
  readonly explanation: Explanation;
  /** Whether the monitoring told of the problem anew. */
  readonly retold: boolean;
}

/** Changed nodes that an earlier graph has. */
function known(graph: DependencyGraph, { nodes }: GraphChange): number[] {
  return [...nodes].filter((node) => node < graph.nodes.length);
}

/** Rows for each of so many problems. By powers of two, lest each problem more make all others' lists shorter. */
function mostRows(all: number, problems: number): number {
  return Math.max(LEAST_ROWS, Math.floor(all / 2 ** Math.ceil(Math.log2(Math.max(1, problems)))));
}

function enlarged(levels: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(levels);
  return larger;
}

function sameExplanation(a: Explanation, b: Explanation): boolean {
  return a === b || (a.explains.equals(b.explains) && a.explainedBy.equals(b.explainedBy));
}

function sameProblem(a: Problem, b: Problem): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function sameState(a: ServiceState | undefined, b: ServiceState | undefined): boolean {
  return a?.state === b?.state && JSON.stringify(a?.handling) === JSON.stringify(b?.handling);
}
