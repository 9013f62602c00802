/**
 * Hosts' services and processes as units: a process with the services it holds. Trouble and neighbourhood are walked
 * over units, so that the step from a service to its own process is no hop.
 */
import { compareIds } from "../model/compare.ts";
import type { GraphNode, HostGraph, Need } from "../model/host-graph.ts";
import { parseId } from "../model/ids.ts";
import type { Pieces } from "../model/pieces.ts";
import { UNHANDLED } from "../model/state.ts";

/** A process with its services; either may be missing. */
export interface Unit {
  readonly id: string;
  readonly host: string;
  readonly process: GraphNode | null;
  readonly services: readonly GraphNode[];
}

/** One dependency between two units, `to` being the very node that is needed. */
export interface UnitEdge {
  readonly from: string;
  readonly toUnit: string;
  readonly to: string;
  readonly need: Need;
}

/** All units of some hosts. */
export interface UnitGraph {
  readonly units: ReadonlyMap<string, Unit>;
  /** Unit of a node. */
  readonly unitOf: ReadonlyMap<string, string>;
  readonly out: ReadonlyMap<string, readonly UnitEdge[]>;
  readonly in: ReadonlyMap<string, readonly UnitEdge[]>;
}

/** Builds the units of the hosts given; nodes that are only spoken of become units of their own. */
export function* buildUnitGraph(graphs: ReadonlyMap<string, HostGraph>): Pieces<UnitGraph> {
  const nodes = yield* collectNodes(graphs);
  const unitOf = new Map<string, string>();
  for (const node of nodes.values()) {
    unitOf.set(node.id, holderOf(node, nodes));
    yield;
  }
  const units = yield* gatherUnits(nodes, unitOf);
  const out = new Map<string, UnitEdge[]>();
  const into = new Map<string, UnitEdge[]>();
  for (const edge of edgesOf(nodes, unitOf)) {
    push(out, edge.from, edge);
    push(into, edge.toUnit, edge);
    yield;
  }
  return { units, unitOf, out, in: into };
}

/** Distance of every unit within `limit` hops of the start, walking against (`in`) or along (`out`) the edges. */
export function within(
  graph: UnitGraph,
  start: Iterable<string>,
  direction: "in" | "out",
  limit: number,
): Map<string, number> {
  const distance = new Map<string, number>();
  let frontier = [...start].filter((unit) => graph.units.has(unit));
  for (const unit of frontier) {
    distance.set(unit, 0);
  }
  for (let hops = 1; hops <= limit && frontier.length > 0; hops += 1) {
    const reached = frontier.flatMap((unit) =>
      (graph[direction].get(unit) ?? []).map((edge) => farEnd(edge, direction)),
    );
    frontier = [...new Set(reached)].filter((unit) => !distance.has(unit));
    for (const unit of frontier) {
      distance.set(unit, hops);
    }
  }
  return distance;
}

function farEnd(edge: UnitEdge, direction: "in" | "out"): string {
  return direction === "in" ? edge.from : edge.toUnit;
}

/** The nodes of all graphs, and a plain one for each id that only an edge names. */
function* collectNodes(graphs: ReadonlyMap<string, HostGraph>): Pieces<Map<string, GraphNode>> {
  const nodes = new Map<string, GraphNode>();
  const hosts = [...graphs.keys()].sort(compareIds);
  for (const host of hosts) {
    for (const node of graphs.get(host)?.nodes ?? []) {
      nodes.set(node.id, node);
    }
  }
  for (const node of [...nodes.values()]) {
    for (const need of node.needs) {
      addSpokenOf(nodes, need.to, [], node.id);
    }
    for (const dependent of node.neededBy) {
      // Where the dependent's host is not loaded its own `needs` are missing: the edge is taken from this end.
      addSpokenOf(nodes, dependent, [spokenNeed(node)], null);
    }
    yield;
  }
  return nodes;
}

function addSpokenOf(nodes: Map<string, GraphNode>, id: string, needs: readonly Need[], by: string | null): void {
  const known = nodes.get(id);
  if (known !== undefined) {
    if (needs.length > 0 && known.age === "old" && known.lastSeen === SPOKEN_OF) {
      nodes.set(id, { ...known, needs: [...known.needs, ...needs] });
    }
    return;
  }
  const parsed = parseId(id);
  if (parsed === undefined) {
    return;
  }
  nodes.set(id, {
    id,
    kind: parsed.kind,
    port: parsed.kind === "service" ? parsed.port : null,
    process: parsed.kind === "process" ? parsed.name : null,
    ownState: null,
    stateType: null,
    handling: UNHANDLED,
    degree: null,
    checks: [],
    age: "old",
    lastSeen: SPOKEN_OF,
    needs,
    neededBy: by === null ? [] : [by],
  });
}

/** Marks nodes of which no graph was loaded. */
const SPOKEN_OF = -1;

/** Whether no loaded graph knows the node. */
export function isSpokenOf(node: GraphNode): boolean {
  return node.lastSeen === SPOKEN_OF;
}

function spokenNeed(node: GraphNode): Need {
  return { to: node.id, certainty: "one", count: 0, firstSeen: node.lastSeen, lastSeen: node.lastSeen };
}

/** The unit of a node: for a service the process of its host that it needs, else itself. */
function holderOf(node: GraphNode, nodes: ReadonlyMap<string, GraphNode>): string {
  if (node.kind === "process") {
    return node.id;
  }
  const host = hostOf(node.id);
  const held = node.needs.find(({ to }) => nodes.get(to)?.kind === "process" && hostOf(to) === host);
  return held?.to ?? node.id;
}

function* gatherUnits(
  nodes: ReadonlyMap<string, GraphNode>,
  unitOf: ReadonlyMap<string, string>,
): Pieces<Map<string, Unit>> {
  const services = new Map<string, GraphNode[]>();
  for (const node of nodes.values()) {
    if (node.kind === "service") {
      push(services, unitOf.get(node.id) ?? node.id, node);
    }
  }
  const units = new Map<string, Unit>();
  for (const id of [...new Set(unitOf.values())].sort(compareIds)) {
    const process = nodes.get(id);
    units.set(id, {
      id,
      host: hostOf(id),
      process: process?.kind === "process" ? process : null,
      services: (services.get(id) ?? []).sort(byPort),
    });
    yield;
  }
  return units;
}

function* edgesOf(nodes: ReadonlyMap<string, GraphNode>, unitOf: ReadonlyMap<string, string>): Generator<UnitEdge> {
  const seen = new Set<string>();
  for (const node of [...nodes.values()].sort((a, b) => compareIds(a.id, b.id))) {
    const from = unitOf.get(node.id) ?? node.id;
    for (const need of node.needs) {
      const toUnit = unitOf.get(need.to);
      const key = `${from}\n${need.to}`;
      if (toUnit !== undefined && toUnit !== from && !seen.has(key)) {
        seen.add(key);
        yield { from, toUnit, to: need.to, need };
      }
    }
  }
}

/** The host of an id; the whole id where it is none. */
function hostOf(id: string): string {
  return parseId(id)?.host ?? id;
}

function byPort(a: GraphNode, b: GraphNode): number {
  return Number.parseInt(a.port ?? "", 10) - Number.parseInt(b.port ?? "", 10) || compareIds(a.id, b.id);
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}
