/** What the alarms of one host are found in. */
import type { PortName } from "../model/ids.ts";
import type { CheckView } from "../model/problem.ts";
import type { HostTopology } from "../model/topology.ts";

/** How long is long; all in seconds. */
export interface AlarmAges {
  /** Age from which a listener or a connection counts as gone (settings `aging`). */
  readonly agingServices: number;
  readonly agingConnections: number;
  /** Without a client for so long a service is unused (setting `hiding`); Infinity for never. */
  readonly unused: number;
  /** A connection that is gone is told of for so long (setting `hiding`). */
  readonly told: number;
}

/** One host with what the monitoring says of it. */
export interface AlarmScene {
  readonly topology: HostTopology;
  /** Whether any source ever told states: without one nothing can be missing in the monitoring. */
  readonly monitoring: boolean;
  /** Whether a source knows the host. */
  readonly monitored: boolean;
  readonly hostCheck: CheckView | undefined;
  readonly checks: readonly CheckView[];
  /** Why its report cannot be had, or not be believed; undefined where nothing is wrong. */
  readonly fetchFault: string | undefined;
  /** Whether an agent ever reported of a host. */
  readonly remembers: (host: string) => boolean;
  /** Host of an address, or the address itself. */
  readonly resolve: (address: string) => string;
  /** Whether somebody is known to listen at a host's port. */
  readonly listens: (host: string, port: PortName) => boolean;
  readonly ages: AlarmAges;
  /** First port that is a client's where nobody is known to listen. */
  readonly firstEphemeral: number;
}
