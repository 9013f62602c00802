/** The weak places of a whole site: what it hangs on, and what nobody watches, by what would fall with it. */
import { compareIds } from "../model/compare.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { INTERNET } from "../model/ids.ts";
import type { Pieces } from "../model/pieces.ts";
import { componentsOf } from "./components.ts";
import { countReach } from "./count-reach.ts";
import { indices } from "./indices.ts";
import { type SinglePoint, singlePoints } from "./single-points.ts";
import { siteGraph } from "./site-graph.ts";

/** A service that no check speaks of. */
export interface UnmonitoredService {
  readonly id: string;
  readonly host: string;
  readonly process: string | null;
  /** Services that need it over any number of steps. */
  readonly dependents: number;
}

/** Both lists, those with most dependents first. */
export interface Survey {
  readonly singlePoints: readonly SinglePoint[];
  /** Only those that something depends on. */
  readonly unmonitored: readonly UnmonitoredService[];
}

/** Surveys a site from the graphs of all its hosts. */
export function* surveySite(graphs: ReadonlyMap<string, HostGraph>): Pieces<Survey> {
  const graph = yield* siteGraph(graphs);
  const components = componentsOf(graph);
  yield;
  const bare = [...graphs.values()].flatMap(({ host, nodes }) =>
    nodes
      .filter(
        ({ kind, checks, port }) => kind === "service" && checks.length === 0 && port?.startsWith("high") !== true,
      )
      .filter(() => host !== INTERNET)
      .map(({ id, process }) => ({ id, host, process })),
  );
  const isService = (node: number) => graph.nodes[node]?.kind === "service" && graph.nodes[node]?.host !== INTERNET;
  const counts = yield* countReach(
    graph,
    bare.map(({ id }) => indices(graph, [id])),
    isService,
    components,
  );
  const unmonitored = bare
    .map(({ id, host, process }, at) => ({ id, host, process, dependents: counts[at] ?? 0 }))
    .filter(({ dependents }) => dependents > 0)
    .sort((a, b) => b.dependents - a.dependents || compareIds(a.id, b.id));
  yield;
  return { singlePoints: yield* singlePoints(graph, components), unmonitored };
}
