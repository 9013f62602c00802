/** What a problem takes with it, counted: exact, and known before any row is written. */
import { compareIds } from "../model/compare.ts";
import type { DependencyGraph } from "../model/dependency-graph.ts";
import { INTERNET } from "../model/ids.ts";
import type { Closure } from "./closures.ts";
import type { NodeFacts } from "./node-facts.ts";

/** The numbers. */
export interface Reached {
  /** Services, and processes without one, that need what failed. */
  readonly services: number;
  readonly processes: number;
  /** Hosts of those, sorted. */
  readonly hosts: readonly string[];
  /** Hosts of which no fresh agent tells who depends on them: what lies beyond them is not known. Sorted. */
  readonly unknownBeyond: readonly string[];
  /** Ids of services, failed ones included, that somebody out in the Internet is connected to. Sorted. */
  readonly internetFacing: readonly string[];
}

/** What counting needs. */
export interface CountScene {
  readonly graph: DependencyGraph;
  readonly facts: NodeFacts;
  readonly agentOf: (host: string) => "fresh" | "stale" | "none";
}

/** Counts what `touched` holds beside `failed`, which it began with; the problem itself is on `subjectHost`. */
export function countReached(
  { graph, facts, agentOf }: CountScene,
  touched: Closure,
  failed: readonly number[],
  subjectHost: string,
): Reached {
  const nodes = touched.ascending();
  const broken = new Set(failed);
  const shown = nodes.filter((node) => facts.isShown(node) && !broken.has(node));
  const services = shown.reduce((sum, node) => sum + (facts.isService(node) ? 1 : 0), 0);
  const hosts = new Set([subjectHost]);
  for (const host of hostsOf(facts, nodes)) {
    if (facts.nameOf(host) !== INTERNET) {
      hosts.add(facts.nameOf(host));
    }
  }
  const facing = nodes.filter((node) => facts.facesInternet(graph, node));
  return {
    services,
    processes: shown.length - services,
    hosts: facts.namesOf(hostsOf(facts, shown)),
    unknownBeyond: [...hosts].filter((host) => agentOf(host) !== "fresh").sort(compareIds),
    internetFacing: Array.from(facing, (node) => graph.nodes[node]?.id ?? "").sort(compareIds),
  };
}

/** Numbers of the hosts that nodes are on, each once. */
export function hostsOf({ hostOf, hosts }: NodeFacts, nodes: Int32Array): number[] {
  const seen = new Uint8Array(hosts);
  const found: number[] = [];
  for (const node of nodes) {
    const host = hostOf[node] ?? 0;
    if (seen[host] === 0) {
      seen[host] = 1;
      found.push(host);
    }
  }
  return found;
}
