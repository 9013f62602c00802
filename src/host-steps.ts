/** The steps of the computation that look at one host after the other: mapping, states, and its part of the graph. */
import type { GraphKeeper } from "./impact/graph-keeper.ts";
import { MappingTable } from "./mapping/mapping-table.ts";
import type { ChangeEvent } from "./model/changes.ts";
import { portNumber } from "./model/ids.ts";
import type { WrittenGroup } from "./model/redundancy.ts";
import type { Settings } from "./model/settings.ts";
import type { Scenes } from "./scenes.ts";
import type { HostJudge } from "./states/host-judge.ts";
import type { StatusTable } from "./states/status-table.ts";
import type { Topology } from "./topology/topology.ts";

/** What the steps are taken on. */
export interface StepParts {
  readonly topology: Topology;
  readonly table: StatusTable;
  readonly judge: HostJudge;
  readonly keeper: GraphKeeper;
  readonly scenes: Scenes;
  readonly rules: () => { readonly settings: Settings; readonly groups: readonly WrittenGroup[] };
}

/** Takes them. */
export class HostSteps {
  private readonly parts: StepParts;
  private readonly mapping: MappingTable;

  constructor(parts: StepParts) {
    this.parts = parts;
    this.mapping = new MappingTable(parts.rules().settings.serviceMapping);
  }

  /** Changes the rules of mapping; hosts are mapped by them when they are looked at next. */
  configure(rules: Settings["serviceMapping"]): void {
    this.mapping.configure(rules);
  }

  /** Looks at hosts, of which `linked` may have other dependencies. Returns those whose states, handling or problems changed. */
  lookAt(hosts: ReadonlySet<string>, linked: Iterable<string>, now: number, events: ChangeEvent[]): Set<string> {
    for (const host of hosts) {
      this.map(host);
    }
    const changed = [...hosts].filter((host) => this.judge(host, now, events));
    for (const host of linked) {
      this.noteInGraph(host);
    }
    return new Set(changed);
  }

  /** Step 2: mapping. */
  private map(host: string): void {
    const { scenes, table } = this.parts;
    const topology = scenes.topologyOf(host);
    const services = [...topology.services.values()].map(({ id, port, addresses, process }) => {
      const proto = port.endsWith("/udp") ? ("udp" as const) : ("tcp" as const);
      return { id, port, proto, number: portNumber(port), addresses, process };
    });
    const checks = [...table.of(host).values()].flatMap(({ status: { check, command } }) =>
      check === null ? [] : [{ host, check, command }],
    );
    const told = table.monitoredHosts().get(host)?.address;
    this.mapping.update(host, services, checks, told === undefined ? topology.ips : [told, ...topology.ips]);
  }

  /** Step 3: states. True where the host's states, handling or problems changed. */
  private judge(host: string, now: number, events: ChangeEvent[]): boolean {
    const { judge, table, scenes } = this.parts;
    const everything = () => {
      const { services, processes } = scenes.topologyOf(host);
      return [...services.values(), ...processes.values()].map((node) => node.id);
    };
    return judge.update(host, table, this.mapping.of(host), everything, now, events);
  }

  /** Step 4: what the host needs, as the graph has it. */
  private noteInGraph(host: string): void {
    const { topology, scenes, keeper, rules } = this.parts;
    const edges = [...topology.edgesFrom(host)];
    scenes.regroup(host, edges, rules().groups);
    keeper.update(scenes.topologyOf(host), edges, (edge) => scenes.groupOf(host, edge));
  }
}
