/** Everything a problem's services need, by hops, on loaded hosts only: the same steps as `reach`, walked the other way. */
import { certaintyRank } from "../model/dependency-graph.ts";
import type { GraphNode, HostGraph, Need } from "../model/host-graph.ts";
import { parseId, processId } from "../model/ids.ts";
import { UNKNOWN_PROCESS } from "../model/topology.ts";
import type { GraphLoader } from "./what-if.ts";

/** Rank of a step through a host without an agent: what its service needs is guessed from what its host talks to. */
export const GUESSED = 4;

/** One service or process that is needed. */
export interface NeedStep {
  readonly id: string;
  readonly host: string;
  /** Dependencies between different processes on the way; a service and its own process count as one. */
  readonly hops: number;
  /** Rank of the weakest step on the way: as of CERTAINTIES, or `GUESSED`. */
  readonly certainty: number;
  /** Whether the way leads through a redundancy group of which enough members are left. */
  readonly spared: boolean;
  /** Ids from what asked to this one. */
  readonly path: readonly string[];
}

/** What was found, and the hosts that were looked at. */
export interface Needed {
  readonly steps: ReadonlyMap<string, NeedStep>;
  /** What each of them needs itself. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  readonly graphs: ReadonlyMap<string, HostGraph>;
}

/** One step before it is known what it leads to. */
interface Found {
  readonly id: string;
  readonly hops: number;
  readonly certainty: number;
  readonly before: string | null;
}

/** A dependency with how sure it is. */
type SureNeed = Pick<Need, "to"> & { readonly rank: number };

/** How to walk. */
interface WalkOptions {
  /** Marks all of it as guessed. */
  readonly guessed?: boolean;
  /** Walks no further than to the nearest of these. */
  readonly goal?: ReadonlySet<string>;
}

/** Walks from `from` to everything needed; among shortest ways the surest, then the first by name. */
export async function walkNeeds(
  loader: GraphLoader,
  from: readonly string[],
  { guessed = false, goal }: WalkOptions = {},
): Promise<Needed> {
  const graphs = new Map<string, HostGraph>();
  const asked = new Set<string>();
  const nodes = new Map<string, GraphNode>();
  const found = new Map<string, Found>();
  let layer = [...from].sort();
  for (const id of layer) {
    found.set(id, { id, hops: 0, certainty: guessed ? GUESSED : 0, before: null });
  }
  while (layer.length > 0) {
    await load(loader, layer, { graphs, asked, nodes });
    layer = [...layer, ...advance(layer, nodes, graphs, found, true)];
    if (goal !== undefined && layer.some((id) => goal.has(id))) {
      break;
    }
    layer = advance(layer, nodes, graphs, found, false).sort();
  }
  const needs = new Map([...found.keys()].map((id) => [id, needsOf(id, nodes, graphs).map(({ to }) => to)]));
  return { steps: finished(found, nodes), needs, graphs };
}

/** Everything the given ids need, over any number of steps; with themselves. */
export function needsBelow(needs: Needed["needs"], from: readonly string[]): Set<string> {
  const below = new Set<string>();
  const queue = [...from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (!below.has(id)) {
      below.add(id);
      for (const need of needs.get(id) ?? []) {
        queue.push(need);
      }
    }
  }
  return below;
}

interface Loaded {
  readonly graphs: Map<string, HostGraph>;
  readonly asked: Set<string>;
  readonly nodes: Map<string, GraphNode>;
}

async function load(loader: GraphLoader, ids: readonly string[], { graphs, asked, nodes }: Loaded): Promise<void> {
  const wanted = [...new Set(ids.map(hostOf))].filter((host) => !asked.has(host));
  for (const host of wanted) {
    asked.add(host);
  }
  for (const [host, graph] of await loader.graphs(wanted)) {
    graphs.set(host, graph);
    for (const node of graph.nodes) {
      nodes.set(node.id, node);
    }
  }
}

/** Takes one step from all of `layer`: to the processes that hold its services (`own`), or to what these need. */
function advance(
  layer: readonly string[],
  nodes: ReadonlyMap<string, GraphNode>,
  graphs: ReadonlyMap<string, HostGraph>,
  found: Map<string, Found>,
  own: boolean,
): string[] {
  const reached: string[] = [];
  for (const before of layer) {
    const sofar = found.get(before) ?? { hops: 0, certainty: 0 };
    for (const { to, rank } of needsOf(before, nodes, graphs)) {
      if (isOwnProcess(before, to) === own) {
        const certainty = Math.max(sofar.certainty, rank);
        take(found, { id: to, hops: sofar.hops + (own ? 0 : 1), certainty, before }, reached);
      }
    }
  }
  return reached;
}

function take(found: Map<string, Found>, offered: Found, reached: string[]): void {
  const known = found.get(offered.id);
  if (known === undefined) {
    reached.push(offered.id);
  }
  if (known === undefined || (known.hops === offered.hops && offered.certainty < known.certainty)) {
    found.set(offered.id, offered);
  }
}

/** Needs of a node; a service nobody knows the process of needs whatever its host is seen to talk to. */
function needsOf(
  id: string,
  nodes: ReadonlyMap<string, GraphNode>,
  graphs: ReadonlyMap<string, HostGraph>,
): readonly SureNeed[] {
  const node = nodes.get(id);
  const host = hostOf(id);
  const nameless = processId(host, UNKNOWN_PROCESS);
  const needs = (node?.needs ?? []).map(({ to, certainty }) => ({ to, rank: certaintyRank(certainty) }));
  const isBlind = node?.kind === "service" && needs.length === 0 && graphs.get(host)?.agent !== "fresh";
  return isBlind && nodes.has(nameless) ? [{ to: nameless, rank: GUESSED }] : needs;
}

function isOwnProcess(from: string, to: string): boolean {
  const [service, process] = [parseId(from), parseId(to)];
  return service?.kind === "service" && process?.kind === "process" && service.host === process.host;
}

/** Puts ways together, shorter ones first, since each is its predecessor's and one step more. */
function finished(found: ReadonlyMap<string, Found>, nodes: ReadonlyMap<string, GraphNode>): Map<string, NeedStep> {
  const steps = new Map<string, NeedStep>();
  for (const { id, hops, certainty, before } of [...found.values()].sort(predecessorFirst)) {
    const earlier = before === null ? undefined : steps.get(before);
    const spared = earlier !== undefined && (earlier.spared || isSpared(nodes.get(earlier.id), id, nodes));
    steps.set(id, { id, host: hostOf(id), hops, certainty, spared, path: [...(earlier?.path ?? []), id] });
  }
  return steps;
}

/** Within one distance only a service comes before a process: its own. */
function predecessorFirst(a: Found, b: Found): number {
  const rank = ({ id }: Found) => (parseId(id)?.kind === "service" ? 0 : 1);
  return a.hops - b.hops || rank(a) - rank(b);
}

/** Whether a dependent can do without one of its needs, since enough others of its redundancy group are well. */
function isSpared(dependent: GraphNode | undefined, id: string, nodes: ReadonlyMap<string, GraphNode>): boolean {
  const need = dependent?.needs.find(({ to }) => to === id);
  if (need?.group === undefined) {
    return false;
  }
  const others = (dependent?.needs ?? []).filter(({ to, group }) => to !== id && group === need.group);
  const well = others.filter(({ to }) => isWell(nodes.get(to)));
  return well.length >= Math.max(1, need.quorum ?? 1);
}

function isWell(node: GraphNode | undefined): boolean {
  return node?.gives !== "affected" && node?.degree !== "affected";
}

function hostOf(id: string): string {
  return parseId(id)?.host ?? id;
}
