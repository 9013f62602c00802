/** One host of the picture, as readers get it. */
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import type { GraphNode, HostGraph, Need } from "../model/host-graph.ts";
import type { Degree } from "../model/impact.ts";
import type { MonitoredHost } from "../model/monitoring.ts";
import type { CheckView, ServiceState } from "../model/problem.ts";
import type { NeedGroup } from "../model/redundancy.ts";
import { HOST_STATES, type HostState, UNHANDLED } from "../model/state.ts";
import type { HostTopology, TopologyEdge, TopologyProcess, TopologyService } from "../model/topology.ts";

/** What a host's graph is made of. */
export interface HostScene {
  readonly topology: HostTopology;
  readonly hostCheck: CheckView | undefined;
  readonly monitored: MonitoredHost | undefined;
  readonly stateOf: (id: string) => ServiceState | undefined;
  readonly degreeOf: (id: string) => Degree | null;
  /** What a node's own problems do to its dependents. */
  readonly givenBy: (id: string) => Degree | null;
  readonly edgesFrom: readonly TopologyEdge[];
  readonly edgesInto: readonly TopologyEdge[];
  readonly groupOf: (edge: TopologyEdge) => NeedGroup | undefined;
  /** Seconds after which a service is old. */
  readonly aging: number;
  readonly now: number;
}

/** Builds the graph of one host; nodes and needs sorted by id. */
export function hostGraph(scene: HostScene): HostGraph {
  const { topology, hostCheck, monitored } = scene;
  const needs = grouped(scene.edgesFrom, (edge) => edge.from);
  const neededBy = grouped(scene.edgesInto, (edge) => edge.to);
  const nodes = [...topology.services.values(), ...topology.processes.values()].map((node) =>
    graphNode(scene, node, needs.get(node.id) ?? [], neededBy.get(node.id) ?? []),
  );
  return {
    host: topology.host,
    state: hostStateOf(hostCheck),
    stateType: hostCheck?.status.stateType ?? null,
    handling: hostCheck?.handling ?? UNHANDLED,
    agent: topology.agent,
    lastReport: topology.lastReport,
    groups: monitored?.groups ?? [],
    parents: monitored?.parents ?? [],
    nodes: nodes.sort((a, b) => compareIds(a.id, b.id)),
  };
}

function graphNode(
  scene: HostScene,
  node: TopologyService | TopologyProcess,
  needs: readonly TopologyEdge[],
  neededBy: readonly TopologyEdge[],
): GraphNode {
  const state = scene.stateOf(node.id);
  const gives = scene.givenBy(node.id);
  const kind =
    "port" in node
      ? ({ kind: "service", port: node.port, process: node.process } as const)
      : ({ kind: "process", port: null, process: node.name } as const);
  return {
    id: node.id,
    ...kind,
    ...(state === undefined ? NO_STATE : ownState(state)),
    degree: scene.degreeOf(node.id),
    ...(gives === null ? {} : { gives }),
    age: isVouchedFor(node, [...needs, ...neededBy]) || scene.now - node.lastSeen <= scene.aging ? "fresh" : "old",
    lastSeen: node.lastSeen,
    needs: needs.map((edge) => needOf(edge, scene)).sort((a, b) => compareIds(a.to, b.to)),
    neededBy: [...new Set(neededBy.map((edge) => edge.from))].sort(compareIds),
  };
}

/** What people wrote down is taken to be there for as long as it stands written, where no agent sees who listens. */
function isVouchedFor(node: TopologyService | TopologyProcess, edges: readonly TopologyEdge[]): boolean {
  const listens = "port" in node && node.listening;
  return !listens && edges.some(({ certainty }) => certainty === "configured");
}

const NO_STATE = { ownState: null, stateType: null, handling: UNHANDLED, checks: [] } as const;

function ownState(state: ServiceState) {
  return { ownState: state.state, stateType: state.stateType, handling: state.handling, checks: state.checks };
}

/** What of a graph is worth writing again; connections and times alone are not. */
export function graphSignature(graph: HostGraph): string {
  return JSON.stringify(graph, (key, value) => {
    if (key === "lastSeen" || key === "lastReport" || key === "firstSeen") {
      return undefined;
    }
    return key === "count" ? Math.ceil(Math.log2(Number(value) + 1)) : value;
  });
}

/**
 * Until when a graph stays as it is while nothing but reports comes in that say the same as before; Unix seconds. A
 * report may make an old service a fresh one.
 */
export function unchangedUntil({ nodes }: HostGraph, aging: number): number {
  let until = Number.POSITIVE_INFINITY;
  for (const { kind, age, lastSeen } of nodes) {
    if (age === "fresh") {
      until = Math.min(until, lastSeen + aging);
    } else if (kind === "service") {
      return Number.NEGATIVE_INFINITY;
    }
  }
  return until;
}

/** The state of a host, null where the monitoring does not know it. */
export function hostStateOf(view: CheckView | undefined): HostState | null {
  const state = view?.status.state;
  if (state === undefined) {
    return null;
  }
  return HOST_STATES.find((known) => known === state) ?? "PENDING";
}

function needOf(edge: TopologyEdge, scene: HostScene): Need {
  const { to, certainty, count, firstSeen, lastSeen, over, passing } = edge;
  const group = scene.groupOf(edge);
  return {
    to,
    certainty,
    count,
    firstSeen,
    lastSeen,
    ...(group === undefined ? {} : { group: group.name }),
    ...(group === undefined || group.quorum === 0 ? {} : { quorum: group.quorum }),
    ...(over === null ? {} : { over }),
    ...(passing === true ? { passing } : {}),
  };
}
