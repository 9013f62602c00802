/**
 * Prints by how many MiB a process grows that builds a graph: node --expose-gc memory.js NAME EDGE-FILE NODES HOSTS ROOT.
 * The names of DOTM's nodes are made before, as they are there anyway.
 */
import { readFileSync } from "node:fs";
import { nodeInfos } from "./generate-graph.js";
import { buildGraphology } from "./graphology.js";

const [name, file, nodes, hosts, root] = process.argv.slice(2);
const bytes = readFileSync(file);
const numbers = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const half = numbers.length / 2;
const graph = {
  nodes: Number(nodes),
  hosts: Number(hosts),
  from: numbers.subarray(0, half),
  to: numbers.subarray(half),
};
const infos = name === "DOTM" ? nodeInfos(graph) : [];
const { buildGraph, EdgeList } = await import(`${root}/dist/src/model/dependency-graph.js`);

function build() {
  if (name !== "DOTM") {
    return buildGraphology(graph);
  }
  const list = new EdgeList();
  for (let edge = 0; edge < half; edge += 1) {
    list.add(graph.from[edge], graph.to[edge], 1);
  }
  return buildGraph(infos, new Map(), list);
}

function used() {
  global.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}

const before = used();
const built = build();
process.send?.({ memory: used() - before, size: built.nodes?.length ?? built.order });
