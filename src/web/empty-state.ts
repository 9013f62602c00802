/** Why a page is empty, and the very next command. */
import type { HostGraph } from "../model/host-graph.ts";
import type { SourceHealth } from "../model/monitoring.ts";

/** A reason with its remedy. */
export interface EmptyState {
  readonly reason: string;
  /** What to do, in words. */
  readonly remedy: string;
  /** The command, as it is typed. */
  readonly command: string;
}

/** What is known of the site as a whole. */
export interface SiteFacts {
  readonly sources: readonly SourceHealth[];
  readonly hosts: number;
  readonly graphs: ReadonlyMap<string, HostGraph>;
}

/** The reason why the map is empty or shows no connections; undefined where it shows some. */
export function emptySite({ sources, hosts, graphs }: SiteFacts): EmptyState | undefined {
  const nodes = [...graphs.values()].flatMap((graph) => graph.nodes);
  const agents = [...graphs.values()].some(({ agent }) => agent !== "none");
  if (hosts === 0 && sources.length === 0) {
    return {
      reason: "Nothing is known yet: no monitoring source is configured and no agent has reported.",
      remedy:
        "Let DOTM look for the Nagios or Icinga of this machine and write a first configuration, then start anew:",
      command: "dotm init",
    };
  }
  if (hosts === 0) {
    return {
      reason: `No host is known yet: ${sources.map(describeSource).join("; ")}.`,
      remedy: "See what is wrong with the source, and its fix:",
      command: "dotm doctor",
    };
  }
  if (!agents && nodes.length === 0) {
    return {
      reason: "States are known, connections are not: no agent has reported.",
      remedy: "Run dotm-agent on a host, best on one that others depend on; it needs a token:",
      command: "dotm agent token HOST",
    };
  }
  return undefined;
}

/** The reason why no state is painted although agents report; undefined where some is. */
export function nothingMapped({ sources, graphs }: SiteFacts): EmptyState | undefined {
  const nodes = [...graphs.values()].flatMap((graph) => graph.nodes);
  if (nodes.length === 0 || nodes.some(({ checks }) => checks.length > 0)) {
    return undefined;
  }
  if (sources.length === 0) {
    return {
      reason: "Connections are known, states are not: no monitoring source is configured.",
      remedy:
        "Let DOTM look for the Nagios or Icinga of this machine and write a first configuration, then start anew:",
      command: "dotm init",
    };
  }
  return {
    reason: "No check is mapped to a service, so the picture shows no states.",
    remedy: "See which rule a check would match, and why not the others:",
    command: 'dotm map test "CHECK NAME" HOST',
  };
}

function describeSource({ source, error }: SourceHealth): string {
  return error === null ? `source ${source} has told of none` : `source ${source}: ${error}`;
}
