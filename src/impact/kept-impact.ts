/** What is kept of one problem from turn to turn. What takes long is made when somebody asks for it, and then kept. */
import type { Impact, Problem, ProblemRef } from "../model/impact.ts";
import type { Explanation } from "./explain.ts";
import { finishImpact, type Reasons } from "./finish-impact.ts";
import { type AffectedRows, impactRows, type RowScene, restatedRows } from "./impact-rows.ts";
import type { HeldProblem } from "./problem-book.ts";
import type { Reached } from "./reached.ts";

/** What stands once a turn is over. */
export interface Verdict {
  readonly held: HeldProblem;
  readonly problem: Problem;
  readonly reached: Reached;
  readonly explanation: Explanation;
  /** Unix seconds of the turn since which all this is so. */
  readonly since: number;
}

/** What reading it needs. */
export interface Readers {
  readonly scene: RowScene;
  readonly rowsOf: (held: HeldProblem) => AffectedRows;
  readonly refsOf: (numbers: Iterable<number>) => ProblemRef[];
}

/** Some nodes of very many. */
export class NodeMarks {
  readonly isEmpty: boolean;
  private readonly marked: Uint8Array;

  /** Of `nodes` those in one of two lists, either of which may name nearly all. */
  constructor(nodes: number, some: Int32Array, others: readonly number[]) {
    this.isEmpty = some.length + others.length === 0;
    this.marked = new Uint8Array(nodes);
    for (const node of some) {
      this.marked[node] = 1;
    }
    for (const node of others) {
      this.marked[node] = 1;
    }
  }

  has(node: number): boolean {
    return this.marked[node] === 1;
  }
}

/** A verdict, with its rows and reasons once they were read. */
export class KeptImpact {
  readonly verdict: Verdict;
  private rows: AffectedRows | undefined;
  /** Whether the rows that were read stand, or say something else by now. */
  private stands = true;
  private why: Reasons | undefined;
  private impact: Impact | undefined;

  constructor(verdict: Verdict) {
    this.verdict = verdict;
  }

  /** The same for another verdict; rows and reasons are read anew where they are others. */
  renewed(verdict: Verdict, restated: boolean): KeptImpact {
    const next = new KeptImpact(verdict);
    if (verdict.reached === this.verdict.reached) {
      next.rows = this.rows;
      next.stands = this.stands && !restated;
    }
    if (verdict.explanation === this.verdict.explanation) {
      next.why = this.why;
    }
    return next;
  }

  /** Whether a row that was read speaks of one of the nodes. */
  lists(marked: NodeMarks): boolean {
    return !marked.isEmpty && this.rows?.nodes.some((node) => marked.has(node)) === true;
  }

  /** All of it. */
  read(readers: Readers): Impact {
    this.impact ??= this.finished(readers);
    return this.impact;
  }

  private finished(readers: Readers): Impact {
    const { held, problem, reached, explanation, since } = this.verdict;
    const { explainedBy, explains } = explanation;
    this.why ??= { explainedBy: readers.refsOf(explainedBy), explains: readers.refsOf(explains) };
    const rows = this.readRows(readers);
    const { graph } = readers.scene;
    return finishImpact(problem, impactRows(graph, held.failed, reached, rows), this.why, false, since);
  }

  private readRows({ scene, rowsOf }: Readers): AffectedRows {
    if (this.rows === undefined) {
      this.rows = rowsOf(this.verdict.held);
    } else if (!this.stands) {
      this.rows = restatedRows(scene, this.rows);
    }
    this.stands = true;
    return this.rows;
  }
}
