/**
 * One host in the picture: its services and processes, their states and their dependencies. Kept per host in
 * Redis so that readers load only the hosts they show. Made by the engine, read by `render`, `web` and `cli`.
 */
import type { PortName } from "./ids.ts";
import type { Certainty, Degree } from "./impact.ts";
import type { Handling, HostState, State, StateType } from "./state.ts";

/** An edge to something this node needs. */
export interface Need {
  /** Id of the service or process that is needed. */
  readonly to: string;
  readonly certainty: Certainty;
  /** Connections now. */
  readonly count: number;
  /** Unix seconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Members of one redundancy group of this node carry the same name; absent for a plain dependency. */
  readonly group?: string;
  /** How many members of the group must be left, where somebody wrote that down. */
  readonly quorum?: number;
  /** Path of the Unix socket where the edge runs over one. */
  readonly over?: string;
  /** True where never more than traces of closed connections was seen. */
  readonly passing?: true;
}

/** A service or process of the host. */
export interface GraphNode {
  readonly id: string;
  readonly kind: "service" | "process";
  /** Null for a process. */
  readonly port: PortName | null;
  readonly process: string | null;
  /** Worst state of its mapped checks, null where none is mapped. */
  readonly ownState: State | null;
  readonly stateType: StateType | null;
  readonly handling: Handling;
  /** What its dependencies do to it now; null where nothing. */
  readonly degree: Degree | null;
  /** What its own problems do to its dependents; absent where it has none. */
  readonly gives?: Degree;
  /** Names of the checks mapped to it. */
  readonly checks: readonly string[];
  /** `old` past the setting `aging`. */
  readonly age: "fresh" | "old";
  /** Unix seconds. */
  readonly lastSeen: number;
  readonly needs: readonly Need[];
  /** Ids of its dependents; the edge itself stands at the dependent. */
  readonly neededBy: readonly string[];
}

/** One host of the picture. */
export interface HostGraph {
  readonly host: string;
  /** Null where the monitoring does not know the host. */
  readonly state: HostState | null;
  readonly stateType: StateType | null;
  readonly handling: Handling;
  /** `fresh`, `stale` after three intervals without a report, `none` where none ever came. */
  readonly agent: "fresh" | "stale" | "none";
  /** Unix seconds of the last report, 0 where none ever came. */
  readonly lastReport: number;
  readonly groups: readonly string[];
  readonly parents: readonly string[];
  readonly nodes: readonly GraphNode[];
}
