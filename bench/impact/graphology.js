/** The same questions to graphology, a graph library for Node. */
import { MultiDirectedGraph } from "graphology";

/** Builds its graph. */
export function buildGraphology({ nodes, from, to }) {
  const graph = new MultiDirectedGraph();
  for (let node = 0; node < nodes; node += 1) {
    graph.addNode(node);
  }
  for (let edge = 0; edge < from.length; edge += 1) {
    graph.addEdge(from[edge], to[edge]);
  }
  return graph;
}

/** How many nodes reach a node, itself included: breadth first, as its users write it. */
export function reachGraphology(graph, node) {
  const seen = new Set([String(node)]);
  for (const each of seen) {
    graph.forEachInNeighbor(each, (neighbour) => {
      seen.add(neighbour);
    });
  }
  return seen.size;
}
