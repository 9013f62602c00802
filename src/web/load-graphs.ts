/** Loads the hosts a picture needs, ring by ring, and no others. */
import type { GraphNode, HostGraph } from "../model/host-graph.ts";
import { INTERNET, parseId } from "../model/ids.ts";
import type { MapReader } from "../store/map-reader.ts";

type GraphReader = Pick<MapReader, "graphs">;

/** Hosts loaded for one picture at most; far more than can be drawn. */
const MOST_HOSTS = 600;

/** The graphs of some hosts and of everything within the given hops of the ids, or of all of the hosts without ids. */
export async function loadNeighbourhood(
  reader: GraphReader,
  start: { readonly hosts: readonly string[]; readonly ids: readonly string[] },
  depths: { readonly dependents: number; readonly dependencies: number },
): Promise<Map<string, HostGraph>> {
  const rings = new Rings(reader);
  const hosts = [...start.hosts, ...start.ids.map(hostOf)];
  await rings.load(hosts);
  const ids = start.ids.length > 0 ? start.ids : rings.idsOf(start.hosts);
  await rings.walk(ids, depths.dependents, (node) => node.neededBy);
  await rings.walk(ids, depths.dependencies, (node) => node.needs.map(({ to }) => to));
  return rings.graphs;
}

/** The graphs of the hosts, and of everything they speak of directly. */
export async function loadAround(reader: GraphReader, hosts: readonly string[]): Promise<Map<string, HostGraph>> {
  const rings = new Rings(reader);
  await rings.load(hosts);
  await rings.load([INTERNET, ...[...rings.nodes.values()].flatMap(spokenOf).map(hostOf)]);
  return rings.graphs;
}

class Rings {
  readonly graphs = new Map<string, HostGraph>();
  readonly nodes = new Map<string, GraphNode>();
  private readonly asked = new Set<string>();
  private readonly reader: GraphReader;

  constructor(reader: GraphReader) {
    this.reader = reader;
  }

  async load(hosts: Iterable<string>): Promise<void> {
    const missing = [...new Set(hosts)].filter((host) => !this.asked.has(host)).slice(0, MOST_HOSTS - this.asked.size);
    if (missing.length === 0) {
      return;
    }
    for (const host of missing) {
      this.asked.add(host);
    }
    for (const [host, graph] of await this.reader.graphs(missing)) {
      this.graphs.set(host, graph);
      for (const node of graph.nodes) {
        this.nodes.set(node.id, node);
      }
    }
  }

  idsOf(hosts: readonly string[]): string[] {
    return hosts.flatMap((host) => this.graphs.get(host)?.nodes.map(({ id }) => id) ?? []);
  }

  /** Follows `next` for so many rings of hosts; steps within a host are free. */
  async walk(ids: readonly string[], rings: number, next: (node: GraphNode) => readonly string[]): Promise<void> {
    const seen = new Set<string>();
    let frontier = ids;
    for (let ring = 0; ring < rings && frontier.length > 0; ring += 1) {
      const beyond = this.leave(frontier, seen, next);
      await this.load(beyond.map(hostOf));
      frontier = beyond;
    }
  }

  /** The ids on other hosts that lie one step beyond everything reachable within the hosts of the frontier. */
  private leave(
    frontier: readonly string[],
    seen: Set<string>,
    next: (node: GraphNode) => readonly string[],
  ): string[] {
    const beyond: string[] = [];
    const stack = [...frontier];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      const node = this.nodes.get(id);
      if (node === undefined || seen.has(id)) {
        continue;
      }
      seen.add(id);
      for (const other of next(node)) {
        (hostOf(other) === hostOf(id) ? stack : beyond).push(other);
      }
    }
    return beyond;
  }
}

function spokenOf(node: GraphNode): string[] {
  return [...node.needs.map(({ to }) => to), ...node.neededBy];
}

function hostOf(id: string): string {
  return parseId(id)?.host ?? id;
}
