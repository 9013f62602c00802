/** All current problems, numbered and found by host and by what they broke; only those of hosts judged anew are looked at. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { ProblemRef } from "../model/impact.ts";
import { type CurrentProblem, strengthOf } from "../model/problem.ts";
import type { Closure } from "./closures.ts";
import { isUnreachable, type NumberedProblem } from "./explain.ts";
import { indices } from "./indices.ts";
import { NumberSet } from "./number-set.ts";

/** A problem in the book. */
export interface HeldProblem extends NumberedProblem {
  problem: CurrentProblem;
  /** Those of its failed services and processes that are in the graph. */
  failed: readonly number[];
  readonly ref: ProblemRef;
}

/** What differs from before. */
export interface BookChange {
  /** Problems that are new, or broke something else than before. */
  readonly fresh: Set<HeldProblem>;
  /** Problems told anew, whatever of them differs. */
  readonly retold: Set<HeldProblem>;
  readonly gone: Set<HeldProblem>;
  /** Nodes whose own problems differ. */
  readonly nodes: Set<number>;
  /** Whether any of them may be hit less hard than before. */
  sank: boolean;
}

/** The book. */
export class ProblemBook {
  private readonly byNumber = new Map<number, HeldProblem>();
  private readonly byHost = new Map<string, Map<string, HeldProblem>>();
  private readonly byNode = new Map<number, Set<HeldProblem>>();
  /** Numbers that may be given again; those that came free in a turn wait for the next one, lest two mean different things in it. */
  private free: number[] = [];
  private freed: number[] = [];

  /** Takes the problems of hosts as they are now; nodes of `graph` may be more than before. */
  update(
    hosts: Iterable<string>,
    problemsOf: (host: string) => readonly CurrentProblem[],
    graph: DependencyGraph,
  ): BookChange {
    this.free = [...this.free, ...this.freed];
    this.freed = [];
    const change: BookChange = { fresh: new Set(), retold: new Set(), gone: new Set(), nodes: new Set(), sank: false };
    for (const host of hosts) {
      this.updateHost(host, problemsOf(host), graph, change);
    }
    return change;
  }

  /** Looks again for failed services that were not in the graph. */
  complete(graph: DependencyGraph, change: BookChange): void {
    for (const held of this.byNumber.values()) {
      if (held.failed.length < held.problem.failed.length) {
        this.place(held, graph, change);
      }
    }
  }

  /** All problems. */
  all(): HeldProblem[] {
    return [...this.byNumber.values()];
  }

  get size(): number {
    return this.byNumber.size;
  }

  of(number: number): HeldProblem | undefined {
    return this.byNumber.get(number);
  }

  ofHost(host: string): Iterable<HeldProblem> {
    return this.byHost.get(host)?.values() ?? [];
  }

  /** Problems that broke one of the nodes. */
  at(nodes: Closure): HeldProblem[] {
    if (nodes.size > this.size) {
      return this.all().filter(({ failed }) => failed.some((node) => nodes.has(node)));
    }
    const found = new Set<HeldProblem>();
    for (const node of nodes.nodes()) {
      for (const held of this.byNode.get(node) ?? []) {
        found.add(held);
      }
    }
    return [...found];
  }

  /** How hard a node is hit by its own problems. */
  strengthAt(node: number): number {
    let strongest = 0;
    for (const { problem } of this.byNode.get(node) ?? []) {
      strongest = Math.max(strongest, strengthOf(problem));
    }
    return strongest;
  }

  /** Whether a node is on a host that cannot be reached. */
  isHidden(node: number): boolean {
    return [...(this.byNode.get(node) ?? [])].some(isUnreachable);
  }

  /** Notes all problems that a problem now hits, itself left out. */
  setHits(held: HeldProblem, others: Iterable<HeldProblem>): void {
    const before = held.hits.without();
    for (const other of others) {
      if (other !== held) {
        held.hits.add(other.number);
        other.hitBy.add(held.number);
        before.delete(other.number);
      }
    }
    for (const number of before) {
      held.hits.delete(number);
      this.of(number)?.hitBy.delete(held.number);
    }
  }

  private updateHost(
    host: string,
    problems: readonly CurrentProblem[],
    graph: DependencyGraph,
    change: BookChange,
  ): void {
    const held = this.byHost.get(host) ?? new Map<string, HeldProblem>();
    const left = new Map(held);
    for (const problem of problems) {
      left.delete(problem.key);
      const known = held.get(problem.key);
      if (known === undefined) {
        held.set(problem.key, this.enter(problem, graph, change));
      } else {
        this.retell(known, problem, graph, change);
      }
    }
    for (const [key, gone] of left) {
      held.delete(key);
      this.remove(gone, change);
    }
    if (held.size > 0) {
      this.byHost.set(host, held);
    } else {
      this.byHost.delete(host);
    }
  }

  private enter(problem: CurrentProblem, graph: DependencyGraph, change: BookChange): HeldProblem {
    const number = this.free.pop() ?? this.byNumber.size + this.freed.length;
    const { host, check } = problem.view.status;
    const hits = new NumberSet();
    const hitBy = new NumberSet();
    const held: HeldProblem = { number, problem, failed: [], ref: { host, check }, hits, hitBy };
    this.byNumber.set(number, held);
    this.place(held, graph, change);
    return held;
  }

  private retell(held: HeldProblem, problem: CurrentProblem, graph: DependencyGraph, change: BookChange): void {
    const same = held.problem.failed.join("\n") === problem.failed.join("\n");
    const doubt = held.problem.view.mapping?.ambiguous === problem.view.mapping?.ambiguous;
    const strength = strengthOf(held.problem);
    const hidden = isUnreachable(held);
    held.problem = problem;
    change.retold.add(held);
    if (!same || !doubt) {
      this.place(held, graph, change);
    } else if (strength !== strengthOf(problem) || hidden !== isUnreachable(held)) {
      addAll(change.nodes, held.failed);
      change.sank = true;
    }
  }

  /** Puts a problem where it broke something, wherever it was before. */
  private place(held: HeldProblem, graph: DependencyGraph, change: BookChange): void {
    this.unplace(held, change);
    held.failed = indices(graph, held.problem.failed);
    for (const node of held.failed) {
      this.byNode.set(node, (this.byNode.get(node) ?? new Set()).add(held));
    }
    addAll(change.nodes, held.failed);
    change.fresh.add(held);
  }

  private remove(held: HeldProblem, change: BookChange): void {
    this.unplace(held, change);
    this.byNumber.delete(held.number);
    this.freed.push(held.number);
    change.gone.add(held);
  }

  private unplace(held: HeldProblem, change: BookChange): void {
    for (const node of held.failed) {
      const here = this.byNode.get(node);
      here?.delete(held);
      if (here?.size === 0) {
        this.byNode.delete(node);
      }
    }
    addAll(change.nodes, held.failed);
    change.sank ||= held.failed.length > 0;
    this.setHits(held, []);
    for (const number of held.hitBy) {
      this.of(number)?.hits.delete(held.number);
      held.hitBy.delete(number);
    }
  }
}

function addAll(to: Set<number>, from: Iterable<number>): void {
  for (const each of from) {
    to.add(each);
  }
}
