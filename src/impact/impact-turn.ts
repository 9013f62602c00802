/** What one turn brings to the impacts of all problems, and what it changes of them. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { MonitoredHost } from "../model/monitoring.ts";
import type { CurrentProblem, ServiceState } from "../model/problem.ts";
import type { GraphChange } from "./graph-keeper.ts";

/** What a turn brings. */
export interface ImpactTurn {
  readonly graph: DependencyGraph;
  /** How the graph differs from that of the turn before. */
  readonly change: GraphChange;
  /** Hosts judged otherwise than before. */
  readonly judged: Iterable<string>;
  readonly problemsOf: (host: string) => readonly CurrentProblem[];
  readonly servicesOf: (host: string) => ReadonlyMap<string, ServiceState>;
  readonly stateOf: (id: string) => ServiceState | undefined;
  readonly agentOf: (host: string) => "fresh" | "stale" | "none";
  /** Hosts as the monitoring has them: those in front of them say who may hide whom. */
  readonly monitored: ReadonlyMap<string, Pick<MonitoredHost, "parents">>;
  /** Unix seconds. */
  readonly now: number;
}

/** What a turn changed. */
export interface ImpactChange {
  /** Problems whose impact is new, another one, or gone. */
  readonly problems: ReadonlySet<string>;
  /** Problems that may need something else than before. */
  readonly rerouted: ReadonlySet<string>;
  /** Hosts of which a service or process is hit otherwise than before. */
  readonly hit: ReadonlySet<string>;
}

/** A root problem: where and since when, and what it broke. */
export interface RootProblem {
  readonly host: string;
  /** Null where the monitoring does not tell; ISO 8601. */
  readonly since: string | null;
  readonly failed: readonly number[];
}
