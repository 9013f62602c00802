/** Which problems that stand hit those that came: by the shorter of two ways to find out. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import { Closure } from "./closures.ts";
import type { BookChange, HeldProblem, ProblemBook } from "./problem-book.ts";

/**
 * Lets problems that are not counted anew (`again`) know of those that are new among what they hit. `countOf` tells how
 * many need what a problem broke.
 */
export function noteHits(
  graph: DependencyGraph,
  book: ProblemBook,
  { fresh, gone }: BookChange,
  again: ReadonlySet<HeldProblem>,
  countOf: (held: HeldProblem) => number,
): void {
  const news = [...fresh].filter((held) => !gone.has(held));
  const rest = news.length === 0 ? [] : book.all().filter((held) => !again.has(held));
  // Who needs what the others broke was counted; what the new ones need may be everything there is.
  const upwards = rest.reduce((sum, held) => sum + 1 + countOf(held), 0);
  if (upwards < news.length * graph.nodes.length) {
    lookUp(graph, rest, news);
  } else {
    lookDown(graph, book, rest, news);
  }
}

/** From what stands to what needs it. */
function lookUp(graph: DependencyGraph, rest: readonly HeldProblem[], news: readonly HeldProblem[]): void {
  const closure = new Closure();
  for (const other of rest) {
    const hit = closure.needing(graph, other.failed);
    for (const held of news) {
      if (held.failed.some((node) => hit.has(node))) {
        note(other, held);
      }
    }
  }
}

/** From what is new to what it needs. */
function lookDown(
  graph: DependencyGraph,
  book: ProblemBook,
  rest: readonly HeldProblem[],
  news: readonly HeldProblem[],
): void {
  const closure = new Closure();
  const stands = new Set(rest);
  for (const held of news) {
    for (const other of book.at(closure.neededBy(graph, held.failed))) {
      if (stands.has(other)) {
        note(other, held);
      }
    }
  }
}

function note(other: HeldProblem, held: HeldProblem): void {
  other.hits.add(held.number);
  held.hitBy.add(other.number);
}
