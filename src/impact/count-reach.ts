/**
 * Exact numbers of what each of many failures takes with it, all at once: one bit for each failure, carried from what is
 * needed to its dependents, component by component. A walk for each failure would cost as many times the graph.
 */
import { type DependencyGraph, forEachNeed } from "../model/dependency-graph.ts";
import type { Pieces } from "../model/pieces.ts";
import { type Adjacency, adjacency } from "./adjacency.ts";
import { type Components, componentsOf } from "./components.ts";

/** Failures that share one pass; bounds memory to components times 128 bytes. */
const AT_ONCE = 1024;

/**
 * For each failure (nodes that failed together) how many others depend on it over any number of steps; `counts` says
 * which nodes are counted. Components are found where they are not given.
 */
export function* countReach(
  graph: DependencyGraph,
  failures: readonly (readonly number[])[],
  counts: (node: number) => boolean,
  components: Components = componentsOf(graph),
): Pieces<Int32Array> {
  const totals = new Int32Array(failures.length);
  const weights = weightsOf(graph, counts, components);
  const needs = componentNeeds(graph, components);
  yield;
  for (let first = 0; first < failures.length; first += AT_ONCE) {
    const part = failures.slice(first, first + AT_ONCE);
    const words = Math.ceil(part.length / 32);
    const bits = seeded(part, components, words);
    spreadBits(bits, needs, components.count, words);
    const sums = sumBits(bits, weights, words);
    for (const [i, failed] of part.entries()) {
      totals[first + i] =
        (sums[i] ?? 0) - failed.filter((node, at) => failed.indexOf(node) === at && counts(node)).length;
    }
    yield;
  }
  return totals;
}

/** Counted nodes of each component. */
function weightsOf(graph: DependencyGraph, counts: (node: number) => boolean, { of, count }: Components): Int32Array {
  const weights = new Int32Array(count);
  for (let node = 0; node < graph.nodes.length; node += 1) {
    if (counts(node)) {
      const component = of[node] ?? 0;
      weights[component] = (weights[component] ?? 0) + 1;
    }
  }
  return weights;
}

/** What each component needs of others. */
function componentNeeds(graph: DependencyGraph, { of, count }: Components): Adjacency {
  return adjacency(count, (pair) =>
    forEachNeed(graph, (from, to) => {
      if (of[from] !== of[to]) {
        pair(of[from] ?? 0, of[to] ?? 0);
      }
    }),
  );
}

function seeded(failures: readonly (readonly number[])[], { of, count }: Components, words: number): Uint32Array {
  const bits = new Uint32Array(count * words);
  for (const [i, failed] of failures.entries()) {
    for (const node of failed) {
      const at = (of[node] ?? 0) * words + (i >>> 5);
      bits[at] = (bits[at] ?? 0) | (1 << (i & 31));
    }
  }
  return bits;
}

/** Smaller numbers are complete before larger ones need them. */
function spreadBits(bits: Uint32Array, { start, to }: Adjacency, count: number, words: number): void {
  for (let component = 0; component < count; component += 1) {
    const own = component * words;
    for (let e = start[component] ?? 0; e < (start[component + 1] ?? 0); e += 1) {
      const needed = (to[e] ?? 0) * words;
      for (let word = 0; word < words; word += 1) {
        bits[own + word] = (bits[own + word] ?? 0) | (bits[needed + word] ?? 0);
      }
    }
  }
}

function sumBits(bits: Uint32Array, weights: Int32Array, words: number): Int32Array {
  const sums = new Int32Array(words * 32);
  for (let component = 0; component < weights.length; component += 1) {
    const weight = weights[component] ?? 0;
    if (weight === 0) {
      continue;
    }
    for (let word = 0; word < words; word += 1) {
      let left = bits[component * words + word] ?? 0;
      while (left !== 0) {
        const bit = 31 - Math.clz32(left & -left);
        const at = word * 32 + bit;
        sums[at] = (sums[at] ?? 0) + weight;
        left &= left - 1;
      }
    }
  }
  return sums;
}
