/** Who listens where and who needs whom, as `topology` finds it and `views` and `impact` read it. */
import type { EdgeRecord, ListenerRecord } from "./changes.ts";
import type { PortName } from "./ids.ts";
import type { Certainty } from "./impact.ts";

/** The process name where none is known; a node of this name stands for "something on that host". */
export const UNKNOWN_PROCESS = "?";

/** A service of a host: a listener seen by its agent, or a port that another host talks to. */
export interface TopologyService {
  readonly id: string;
  readonly host: string;
  readonly port: PortName;
  /** Process name as the kernel tells it, null where unknown. */
  readonly process: string | null;
  /** Id of the process that holds it, null where unknown. */
  readonly processId: string | null;
  readonly addresses: readonly string[];
  /** Unix seconds; of the listener, or of the newest connection where no agent sees the listener. */
  readonly lastSeen: number;
  /** False where only other hosts speak of it. */
  readonly listening: boolean;
}

/** A named program of a host. */
export interface TopologyProcess {
  readonly id: string;
  readonly host: string;
  /** Name without its owner; `?` where unknown. */
  readonly name: string;
  /** Unix seconds. */
  readonly lastSeen: number;
}

/** One dependency: `from` needs `to`. */
export interface TopologyEdge {
  readonly from: string;
  readonly to: string;
  readonly certainty: Certainty;
  readonly count: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** True where never more than traces of closed connections was seen. */
  readonly passing?: true;
  /** Path of the Unix socket it runs over, else null. */
  readonly over: string | null;
}

/** Everything of one host. */
export interface HostTopology {
  readonly host: string;
  readonly ips: readonly string[];
  /** Unix seconds of the last report, 0 where none ever came. */
  readonly lastReport: number;
  /** Unix seconds when the agent last saw everything, 0 where it never did. */
  readonly lastLook: number;
  /** Seconds between two reports. */
  readonly interval: number;
  readonly agent: "fresh" | "stale" | "none";
  readonly services: ReadonlyMap<PortName, TopologyService>;
  readonly processes: ReadonlyMap<string, TopologyProcess>;
  /** Display name of a process of this host. */
  readonly nameOf: (process: string | null, owner: string | null) => string;
  /** Remembered connections, by internal keys, and listeners by port name. */
  readonly edges: ReadonlyMap<string, EdgeRecord>;
  readonly listeners: ReadonlyMap<PortName, ListenerRecord>;
  /** When each process started that the last whole look saw, Unix seconds by id; the eldest of those that share one. */
  readonly starts: ReadonlyMap<string, number>;
}
