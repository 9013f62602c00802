/**
 * The impacts of all current problems, kept from turn to turn. A problem is counted anew where it is new or the ways to it
 * changed; where only states changed, its rows are told anew; all others stay the very same objects. Who is hit and how
 * hard, how many, and which problem explains which is known once a turn is over; rows are made when they are read.
 */

import { compareIds } from "../model/compare.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Impact, Problem, ProblemRef } from "../model/impact.ts";
import { inOneGo } from "../model/pieces.ts";
import { Closure } from "./closures.ts";
import { Explainer, type Explanation } from "./explain.ts";
import { problemOf } from "./finish-impact.ts";
import type { GraphChange } from "./graph-keeper.ts";
import { affectedRows } from "./impact-rows.ts";
import type { ImpactChange, ImpactTurn, RootProblem } from "./impact-turn.ts";
import { KeptImpact, NodeMarks, type Readers, type Verdict } from "./kept-impact.ts";
import { KnownStates } from "./known-states.ts";
import { Levels } from "./levels.ts";
import { NodeFacts } from "./node-facts.ts";
import { noteHits } from "./note-hits.ts";
import { type BookChange, type HeldProblem, ProblemBook } from "./problem-book.ts";
import { ReachWalk } from "./reach.ts";
import { countReached, hostsOf, type Reached } from "./reached.ts";

/** Rows of all problems together: thousands of problems that each take all with them would fill the memory. */
const ALL_ROWS = 1_000_000;

/** Rows each problem may have, however many there are. */
const LEAST_ROWS = 100;

/** Keeps them. */
export class ImpactKeeper {
  private book = new ProblemBook();
  private explainer = new Explainer();
  private kept = new Map<string, KeptImpact>();
  private states = new KnownStates();
  private facts = new NodeFacts();
  private hits = new Levels((node) => this.book.isHidden(node));
  private closure = new Closure();
  private readonly allRows: number;
  private turn: ImpactTurn | undefined;
  private walk: ReachWalk | undefined;
  private most = 0;

  constructor(allRows = ALL_ROWS) {
    this.allRows = allRows;
  }

  /** What its own problems make of each node. */
  get own(): Uint8Array {
    return this.hits.own;
  }

  /** What its dependencies do to each node. */
  get levels(): Uint8Array {
    return this.hits.given;
  }

  /** The impact of a problem, undefined where there is no such problem. */
  of(problem: string): Impact | undefined {
    const kept = this.kept.get(problem);
    return kept === undefined || this.turn === undefined ? undefined : kept.read(this.readers(this.turn));
  }

  /** A problem that no other one explains; undefined where it is none. */
  rootOf(problem: string): RootProblem | undefined {
    const verdict = this.kept.get(problem)?.verdict;
    if (verdict === undefined || !isRoot(verdict)) {
      return undefined;
    }
    return { host: verdict.problem.host, since: verdict.problem.since, failed: verdict.held.failed };
  }

  /** Keys of all current problems. */
  keys(): Iterable<string> {
    return this.kept.keys();
  }

  /** Brings all impacts up to date. Where nodes have other numbers now, all hosts must be told as judged. */
  update(turn: ImpactTurn): ImpactChange {
    if (!turn.change.renumbered) {
      return this.goOn(turn);
    }
    const before = [...this.kept.keys()];
    this.forget();
    const { problems } = this.goOn(turn);
    return { problems: new Set([...before, ...problems]), rerouted: problems, hit: new Set(turn.judged) };
  }

  /** All that is kept names nodes by their numbers. */
  private forget(): void {
    this.book = new ProblemBook();
    this.explainer = new Explainer();
    this.kept = new Map();
    this.states = new KnownStates();
    this.facts = new NodeFacts();
    this.hits = new Levels((node) => this.book.isHidden(node));
    this.closure = new Closure();
    this.walk = undefined;
    this.turn = undefined;
  }

  private goOn(turn: ImpactTurn): ImpactChange {
    const { graph, change, judged } = turn;
    const hosts = [...judged];
    const before = this.turn;
    const detoured = before === undefined ? [] : this.neededBy(before.graph, known(before.graph, change));
    this.turn = turn;
    const grown = this.enlarge(turn, before?.graph);
    const told = this.book.update(hosts, turn.problemsOf, graph);
    if (grown) {
      this.book.complete(graph, told);
    }
    this.hits.renew(told.nodes, (node) => this.book.strengthAt(node));
    const { lifted, rerouted } = this.lift(turn, told);
    const again = this.countedAnew(turn, told, detoured);
    noteHits(graph, this.book, told, again, (held) => this.countOf(held));
    const restated = new NodeMarks(this.hits.given.length, lifted, this.states.differing(turn, hosts));
    const reached = new Map([...again].map((held) => [held, this.reachOf(turn, held)]));
    return {
      problems: this.finish(turn, { told, reached, restated }, before),
      rerouted: new Set(rerouted.map(({ problem }) => problem.key)),
      hit: new Set(hostsOf(this.facts, lifted).map((host) => this.facts.nameOf(host))),
    };
  }

  /** Makes room for the nodes of another graph. True where there are more of them. */
  private enlarge({ graph, change }: ImpactTurn, before: DependencyGraph | undefined): boolean {
    if (before !== graph) {
      this.walk = undefined;
    }
    this.facts.update(graph, change.nodes);
    return this.hits.enlarge(graph.nodes.length);
  }

  /** Brings the levels up to date: nodes hit otherwise now, and problems that may need something else than before. */
  private lift({ graph, change }: ImpactTurn, { nodes, sank }: BookChange) {
    if (!sank && change.nodes.size === 0) {
      return { lifted: this.hits.raised(graph, nodes), rerouted: [] };
    }
    const below = this.closure.needing(graph, [...nodes, ...change.nodes]);
    const rerouted = change.nodes.size === 0 ? [] : this.book.at(below);
    return { lifted: this.hits.anew(graph, below.ascending()), rerouted };
  }

  /** Problems that are new, or whose ways or numbers of rows may be others than before. */
  private countedAnew(
    { graph, change }: ImpactTurn,
    { fresh, gone }: BookChange,
    detoured: Iterable<HeldProblem>,
  ): Set<HeldProblem> {
    const again = new Set([...fresh, ...detoured, ...this.neededBy(graph, change.nodes)]);
    for (const host of change.agents) {
      for (const held of this.book.ofHost(host)) {
        again.add(held);
      }
    }
    const most = mostRows(this.allRows, this.book.size);
    const either = Math.min(most, this.most);
    for (const held of most === this.most ? [] : this.book.all()) {
      const reached = this.kept.get(held.problem.key)?.verdict.reached;
      if (reached === undefined || reached.services + reached.processes > either) {
        again.add(held);
      }
    }
    this.most = most;
    return new Set([...again].filter((held) => !gone.has(held)));
  }

  /** Problems at something that the nodes need. */
  private neededBy(graph: DependencyGraph, nodes: Iterable<number>): HeldProblem[] {
    return this.book.at(this.closure.neededBy(graph, nodes));
  }

  private countOf(held: HeldProblem): number {
    const reached = this.kept.get(held.problem.key)?.verdict.reached;
    return reached === undefined ? 0 : reached.services + reached.processes;
  }

  private reachOf({ graph, agentOf }: ImpactTurn, held: HeldProblem): Reached {
    const touched = this.closure.needing(graph, held.failed);
    this.book.setHits(held, this.book.at(touched));
    return countReached({ graph, facts: this.facts, agentOf }, touched, held.failed, held.problem.view.status.host);
  }

  /** Puts together what differs. Returns the keys of that, and of what is gone. */
  private finish(turn: ImpactTurn, parts: Parts, before: ImpactTurn | undefined): Set<string> {
    const { told, reached, restated } = parts;
    const changed = new Set<string>();
    const news = told.gone.size + told.retold.size + reached.size;
    if (news === 0 && restated.isEmpty && turn.monitored === before?.monitored) {
      return changed;
    }
    for (const { problem } of told.gone) {
      this.kept.delete(problem.key);
      changed.add(problem.key);
    }
    const problems = this.book.all();
    const explanations = this.explainer.explain(
      problems,
      (host) => this.book.ofHost(host),
      (host) => turn.monitored.get(host)?.parents ?? [],
    );
    for (const held of problems) {
      const kept = this.kept.get(held.problem.key);
      const its = reached.get(held) ?? kept?.verdict.reached;
      const explanation = explanations.get(held.number);
      if (its !== undefined && explanation !== undefined) {
        const after = this.renewed(held, kept, { reached: its, explanation }, parts, turn.now);
        if (after !== kept) {
          this.kept.set(held.problem.key, after);
          changed.add(held.problem.key);
        }
      }
    }
    return changed;
  }

  /** What is kept of a problem; what was kept where nothing differs. */
  private renewed(
    held: HeldProblem,
    before: KeptImpact | undefined,
    now: Pick<Verdict, "reached" | "explanation">,
    { told, restated }: Parts,
    since: number,
  ): KeptImpact {
    if (before === undefined) {
      return new KeptImpact({ held, problem: problemOf(held.problem.view), ...now, since });
    }
    const { verdict } = before;
    const problem = told.retold.has(held) ? problemOf(held.problem.view) : verdict.problem;
    const explanation = sameExplanation(verdict.explanation, now.explanation) ? verdict.explanation : now.explanation;
    const otherwise = before.lists(restated);
    const same = now.reached === verdict.reached && explanation === verdict.explanation && !otherwise;
    return same && sameProblem(problem, verdict.problem)
      ? before
      : before.renewed({ held, problem, reached: now.reached, explanation, since }, otherwise);
  }

  private readers({ graph, stateOf }: ImpactTurn): Readers {
    const scene = { graph, facts: this.facts, levels: this.hits.given, stateOf };
    const walked = (held: HeldProblem) => {
      this.walk ??= new ReachWalk(graph);
      const doubtful = held.problem.view.mapping?.ambiguous === true;
      return inOneGo(affectedRows(scene, this.walk, held.failed, doubtful, this.most));
    };
    return { scene, rowsOf: walked, refsOf: (numbers) => this.refsOf(numbers) };
  }

  private refsOf(numbers: Iterable<number>): ProblemRef[] {
    const problems = [...numbers].flatMap((number) => this.book.of(number) ?? []);
    return problems.sort((a, b) => compareIds(a.problem.key, b.problem.key)).map(({ ref }) => ref);
  }
}

interface Parts {
  readonly told: BookChange;
  /** Of problems that were counted anew. */
  readonly reached: ReadonlyMap<HeldProblem, Reached>;
  /** Nodes of which rows say something else now. */
  readonly restated: NodeMarks;
}

function isRoot({ explanation }: Verdict): boolean {
  return explanation.explainedBy.isEmpty;
}

/** Changed nodes that an earlier graph has. */
function known(graph: DependencyGraph, { nodes }: GraphChange): number[] {
  return [...nodes].filter((node) => node < graph.nodes.length);
}

/** Rows for each of so many problems. By powers of two, lest each problem more make all others' lists shorter. */
function mostRows(all: number, problems: number): number {
  return Math.max(LEAST_ROWS, Math.floor(all / 2 ** Math.ceil(Math.log2(Math.max(1, problems)))));
}

function sameExplanation(a: Explanation, b: Explanation): boolean {
  return a === b || (a.explains.equals(b.explains) && a.explainedBy.equals(b.explainedBy));
}

function sameProblem(a: Problem, b: Problem): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
