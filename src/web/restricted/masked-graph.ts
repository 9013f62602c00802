/** The graph of a host as a restricted viewer sees it: the same nodes and edges, so that everything counted stays right. */
import { compareIds } from "../../model/compare.ts";
import type { GraphNode, HostGraph, Need } from "../../model/host-graph.ts";
import type { Mask } from "./mask.ts";

/** Masks a graph. What stands in it is in the order of the names it is shown under: that of the true ones would tell of them. */
export function maskedGraph(graph: HostGraph, mask: Mask): HostGraph {
  const { host } = graph;
  const isShown = mask.sees(host);
  return {
    host: mask.host(host),
    state: graph.state,
    stateType: graph.stateType,
    handling: graph.handling,
    agent: graph.agent,
    lastReport: graph.lastReport,
    groups: isShown ? graph.groups : [],
    parents: graph.parents.map((parent) => mask.host(parent)).sort(compareIds),
    nodes: graph.nodes.map((node) => maskedNode(host, node, mask)).sort((a, b) => compareIds(a.id, b.id)),
  };
}

function maskedNode(host: string, node: GraphNode, mask: Mask): GraphNode {
  const { id, kind, port, ownState, stateType, handling, degree, gives, age, lastSeen } = node;
  return {
    id: mask.id(id),
    process: mask.process(host, node.process),
    checks: node.checks.map((check) => mask.check(host, check) ?? ""),
    needs: node.needs.map((need) => maskedNeed(host, need, mask)).sort((a, b) => compareIds(a.to, b.to)),
    neededBy: node.neededBy.map((dependent) => mask.id(dependent)).sort(compareIds),
    ...{ kind, port, ownState, stateType, handling, degree, age, lastSeen },
    ...(gives === undefined ? {} : { gives }),
  };
}

function maskedNeed(host: string, need: Need, mask: Mask): Need {
  const { certainty, count, firstSeen, lastSeen, quorum, passing } = need;
  return {
    to: mask.id(need.to),
    ...{ certainty, count, firstSeen, lastSeen },
    ...(need.group === undefined ? {} : { group: mask.text(need.group) }),
    ...(quorum === undefined ? {} : { quorum }),
    ...(need.over === undefined ? {} : { over: mask.about(host, need.over) }),
    ...(passing === undefined ? {} : { passing }),
  };
}
