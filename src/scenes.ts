/** What the views and alarms of one host are made from, gathered from all steps of the computation. */
import { degreeOf } from "./impact/degrees.ts";
import type { ImpactKeeper } from "./impact/impact-keeper.ts";
import { groupNeeds, needKey } from "./impact/redundancy.ts";
import type { DependencyGraph } from "./model/dependency-graph.ts";
import { INTERNET, parseId } from "./model/ids.ts";
import type { NeedGroup, WrittenGroup } from "./model/redundancy.ts";
import type { Settings } from "./model/settings.ts";
import type { HostTopology, TopologyEdge } from "./model/topology.ts";
import type { HostJudge } from "./states/host-judge.ts";
import type { StatusTable } from "./states/status-table.ts";
import type { Ages } from "./topology/derive-host.ts";
import { FIRST_EPHEMERAL } from "./topology/link-hosts.ts";
import type { Topology } from "./topology/topology.ts";

/** The steps a scene is gathered from. */
export interface SceneSteps {
  readonly topology: Topology;
  readonly table: StatusTable;
  readonly judge: HostJudge;
  readonly impacts: ImpactKeeper;
  readonly settings: () => Settings;
}

/** Gathers scenes; remembers within a turn how it put a host together, and the redundancy groups of all hosts. */
export class Scenes {
  private readonly steps: SceneSteps;
  private readonly assembled = new Map<string, HostTopology>();
  private readonly groups = new Map<string, ReadonlyMap<string, NeedGroup>>();

  constructor(steps: SceneSteps) {
    this.steps = steps;
  }

  /** Ends a turn. */
  forget(): void {
    this.assembled.clear();
  }

  /** One host as step 1 left it; put together once a turn. */
  topologyOf(host: string): HostTopology {
    const known = this.assembled.get(host);
    if (known !== undefined) {
      return known;
    }
    const topology = this.steps.topology.host(host) ?? this.steps.topology.unknownHost(host);
    this.assembled.set(host, topology);
    return topology;
  }

  /** For the records of a host; `fetchFault` says why its report cannot be had. */
  ofRecords(host: string, ages: Ages, now: number, fetchFault: string | undefined) {
    const { topology, judge } = this.steps;
    return {
      topology: this.topologyOf(host),
      stateOf: (id: string) => judge.stateOf(id),
      resolve: (address: string) => topology.resolve(address),
      listens: (at: string, port: string) => topology.listens(at, port),
      aging: ages.agingServices,
      hiding: ages.hidingConnections,
      firstEphemeral: FIRST_EPHEMERAL,
      fetchFault,
      now,
    };
  }

  /** For the alarms of a host; `monitoring` says whether any source ever spoke, `fetchFault` why its report cannot be had. */
  ofAlarms(host: string, ages: Ages, monitoring: boolean, fetchFault: string | undefined) {
    const { topology, table, judge } = this.steps;
    const judged = judge.of(host);
    return {
      topology: this.topologyOf(host),
      monitoring,
      monitored: table.knows(host),
      hostCheck: judged?.host,
      checks: judged?.checks ?? [],
      fetchFault,
      remembers: (at: string) => topology.remembers(at),
      resolve: (address: string) => topology.resolve(address),
      listens: (at: string, port: string) => topology.listens(at, port),
      ages: { unused: ages.hidingServices, told: ages.hidingConnections, ...ages },
      firstEphemeral: FIRST_EPHEMERAL,
    };
  }

  /** For the graph of a host. */
  ofGraph(host: string, graph: DependencyGraph, now: number) {
    const { topology, table, judge, impacts, settings } = this.steps;
    const levelAt = (levels: Uint8Array, id: string) => degreeOf(levels[graph.indexOf.get(id) ?? -1] ?? 0);
    return {
      topology: this.topologyOf(host),
      hostCheck: judge.of(host)?.host,
      monitored: table.monitoredHosts().get(host),
      stateOf: (id: string) => judge.stateOf(id),
      degreeOf: (id: string) => levelAt(impacts.levels, id),
      givenBy: (id: string) => levelAt(impacts.own, id),
      edgesFrom: [...topology.edgesFrom(host)],
      edgesInto: [...topology.edgesInto(host)],
      groupOf: (edge: TopologyEdge) => this.groupOf(host, edge),
      aging: settings().aging.services,
      now,
    };
  }

  /** Finds the redundancy groups among what a host needs. */
  regroup(host: string, edges: readonly TopologyEdge[], written: readonly WrittenGroup[]): void {
    const needs = edges.map((edge) => this.groupable(edge));
    const groups = groupNeeds(needs, written);
    if (groups.size > 0) {
      this.groups.set(host, groups);
    } else {
      this.groups.delete(host);
    }
  }

  /** The group of what a host needs. */
  groupOf(host: string, edge: TopologyEdge): NeedGroup | undefined {
    return this.groups.get(host)?.get(needKey(edge));
  }

  private groupable({ from, to }: TopologyEdge) {
    const parsed = parseId(to);
    const service = parsed?.kind === "service" && parsed.host !== INTERNET;
    const process = service ? this.steps.topology.processAt(parsed.host, parsed.port) : null;
    return { from, to, host: parsed?.host ?? "", port: service ? parsed.port : null, process };
  }
}
