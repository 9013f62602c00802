/** Where the site hangs on one thing: articulation points of its dependency graph that others depend on. */
import { compareIds } from "../model/compare.ts";
import { type DependencyGraph, forEachNeed } from "../model/dependency-graph.ts";
import { INTERNET } from "../model/ids.ts";
import type { Pieces } from "../model/pieces.ts";
import { type Adjacency, adjacency } from "./adjacency.ts";
import type { Components } from "./components.ts";
import { countReach } from "./count-reach.ts";
import { cutOff } from "./cut-vertices.ts";

/** One of them: a process with its services, or a service nobody knows the process of. */
export interface SinglePoint {
  /** Its first service, else the process. */
  readonly id: string;
  readonly host: string;
  readonly process: string | null;
  /** Services that need it over any number of steps. */
  readonly dependents: number;
  /** Processes that lose the larger part of what they talk with when it is taken away. */
  readonly cutsOff: number;
}

/** All of them, those with most dependents first. */
export function* singlePoints(graph: DependencyGraph, components: Components): Pieces<SinglePoint[]> {
  const units = unitsOf(graph);
  const talks = neighbours(graph, units);
  yield;
  const cut = cutOff(talks);
  yield;
  const members = membersOf(units);
  const found = [...members].filter(([unit]) => (cut[unit] ?? 0) > 0);
  const isService = (node: number) => graph.nodes[node]?.kind === "service" && graph.nodes[node]?.host !== INTERNET;
  yield;
  const dependents = yield* countReach(
    graph,
    found.map(([, nodes]) => nodes),
    isService,
    components,
  );
  return found
    .map(([unit, nodes], at) => ({
      ...nameOf(graph, nodes),
      dependents: dependents[at] ?? 0,
      cutsOff: cut[unit] ?? 0,
    }))
    .filter(({ dependents: count, host }) => count > 0 && host !== INTERNET)
    .sort((a, b) => b.dependents - a.dependents || b.cutsOff - a.cutsOff || compareIds(a.id, b.id));
}

/** The unit of each node: a service falls with the process that holds it. */
function unitsOf({ nodes, needStart, needTo }: DependencyGraph): Int32Array {
  return Int32Array.from(nodes, (node, at) => {
    for (let e = needStart[at] ?? 0; node.kind === "service" && e < (needStart[at + 1] ?? 0); e += 1) {
      const holder = nodes[needTo[e] ?? 0];
      if (holder?.kind === "process" && holder.host === node.host) {
        return needTo[e] ?? at;
      }
    }
    return at;
  });
}

function membersOf(units: Int32Array): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (const [node, unit] of units.entries()) {
    const known = members.get(unit);
    if (known === undefined) {
      members.set(unit, [node]);
    } else {
      known.push(node);
    }
  }
  return members;
}

/** Which units talk with which; what leads to the Internet ties nothing together. */
function neighbours(graph: DependencyGraph, units: Int32Array): Adjacency {
  const isOurs = (node: number) => graph.nodes[node]?.host !== INTERNET;
  return adjacency(graph.nodes.length, (pair) =>
    forEachNeed(graph, (from, to) => {
      const [a, b] = [units[from] ?? 0, units[to] ?? 0];
      if (a !== b && isOurs(from) && isOurs(to)) {
        pair(a, b);
        pair(b, a);
      }
    }),
  );
}

function nameOf({ nodes }: DependencyGraph, members: readonly number[]): Omit<SinglePoint, "dependents" | "cutsOff"> {
  const infos = members.map((node) => nodes[node]).filter((info) => info !== undefined);
  const services = infos.filter(({ kind }) => kind === "service").sort((a, b) => compareIds(a.id, b.id));
  const first = services[0] ?? infos[0];
  return { id: first?.id ?? "", host: first?.host ?? "", process: first?.process ?? null };
}
