/** Ids to nodes of the graph. */
import type { DependencyGraph } from "../model/dependency-graph.ts";

/** Numbers of those ids that are in the graph. */
export function indices(graph: DependencyGraph, ids: readonly string[]): number[] {
  return ids.map((id) => graph.indexOf.get(id)).filter((index) => index !== undefined);
}
