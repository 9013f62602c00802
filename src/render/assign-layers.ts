/** Layers of a directed graph: dependents left of their dependencies, cycles broken, long edges few. */

/** An edge between two vertices, numbered from 0; parallel ones are added up in `weight`. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Passes that pull vertices towards their neighbours; more change nothing in practice. */
const PASSES = 4;

/** The layer of each of `count` vertices, from 0. No arc lies within one layer; arcs of cycles may run backwards. */
export function assignLayers(count: number, arcs: readonly Arc[]): number[] {
  const order = orderAcyclic(count, arcs);
  const place = new Array<number>(count).fill(0);
  for (const [position, vertex] of order.entries()) {
    place[vertex] = position;
  }
  const forward = arcs.map((arc) => (at(place, arc.from) < at(place, arc.to) ? arc : flip(arc)));
  const layer = new Array<number>(count).fill(0);
  const { into, out } = neighbours(count, forward);
  for (const vertex of order) {
    layer[vertex] = Math.max(0, ...list(into, vertex).map((arc) => at(layer, arc.from) + 1));
  }
  for (let pass = 0; pass < PASSES; pass += 1) {
    pull(order, layer, into, out);
  }
  return compact(layer);
}

/** Moves vertices with more weight to the right than to the left up to their nearest dependency. */
function pull(order: readonly number[], layer: number[], into: readonly Arc[][], out: readonly Arc[][]): void {
  for (const vertex of order.toReversed()) {
    const right = list(out, vertex);
    if (right.length > 0 && weigh(right) > weigh(list(into, vertex))) {
      layer[vertex] = Math.min(...right.map((arc) => at(layer, arc.to) - 1));
    }
  }
  for (const vertex of order) {
    const left = list(into, vertex);
    if (left.length > 0 && weigh(left) >= weigh(list(out, vertex))) {
      layer[vertex] = Math.max(...left.map((arc) => at(layer, arc.from) + 1));
    }
  }
}

/**
 * An order in which few arcs run backwards: vertices without dependencies to the end, those without dependents to the
 * front, among the rest the one that gives most (Eades, Lin and Smyth 1993).
 */
function orderAcyclic(count: number, arcs: readonly Arc[]): number[] {
  const { into, out } = neighbours(count, arcs);
  const left = new Set(Array.from({ length: count }, (_, vertex) => vertex));
  const front: number[] = [];
  const back: number[] = [];
  const open = (of: readonly Arc[], end: "from" | "to") => of.filter((arc) => left.has(arc[end]));
  while (left.size > 0) {
    const sink = find(left, (vertex) => open(list(out, vertex), "to").length === 0);
    const source = sink ?? find(left, (vertex) => open(list(into, vertex), "from").length === 0);
    const next =
      source ??
      mostGiving(left, (vertex) => weigh(open(list(out, vertex), "to")) - weigh(open(list(into, vertex), "from")));
    left.delete(next);
    if (sink === undefined) {
      front.push(next);
    } else {
      back.push(next);
    }
  }
  return [...front, ...back.reverse()];
}

function find(vertices: Iterable<number>, test: (vertex: number) => boolean): number | undefined {
  for (const vertex of vertices) {
    if (test(vertex)) {
      return vertex;
    }
  }
  return undefined;
}

function mostGiving(vertices: Iterable<number>, giving: (vertex: number) => number): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (const vertex of vertices) {
    const value = giving(vertex);
    if (value > most) {
      most = value;
      best = vertex;
    }
  }
  return best;
}

/** Layers renumbered so that none is empty. */
function compact(layer: readonly number[]): number[] {
  const used = [...new Set(layer)].sort((a, b) => a - b);
  const renumbered = new Map(used.map((each, index) => [each, index]));
  return layer.map((each) => renumbered.get(each) ?? 0);
}

function neighbours(count: number, arcs: readonly Arc[]): { into: Arc[][]; out: Arc[][] } {
  const into = Array.from({ length: count }, (): Arc[] => []);
  const out = Array.from({ length: count }, (): Arc[] => []);
  for (const arc of arcs) {
    into[arc.to]?.push(arc);
    out[arc.from]?.push(arc);
  }
  return { into, out };
}

function weigh(arcs: readonly Arc[]): number {
  return arcs.reduce((sum, { weight }) => sum + weight, 0);
}

function flip({ from, to, weight }: Arc): Arc {
  return { from: to, to: from, weight };
}

function list(of: readonly Arc[][], vertex: number): readonly Arc[] {
  return of[vertex] ?? [];
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
