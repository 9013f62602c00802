/**
 * What one turn of the engine changed: the only thing the store is given. Values are absolute and null means gone,
 * so that two changes merge by "the later one wins" and writing one twice does no harm.
 */
import type { Alarm } from "./alarm.ts";
import type { HostGraph } from "./host-graph.ts";
import type { HostNotes } from "./host-notes.ts";
import type { PortName } from "./ids.ts";
import type { Impact } from "./impact.ts";
import type { EvidenceKind } from "./mapping.ts";
import type { SourceHealth } from "./monitoring.ts";
import type { Rhythm } from "./rhythm.ts";
import type { CheckState, HostState } from "./state.ts";

/** Content of `dotm::nodes::<node>`. */
export interface NodeRecord {
  /** Unix seconds of the last report, 0 where none came. */
  readonly lastFetch: number;
  /** `OK`, or the error. */
  readonly fetchStatus: string;
  readonly ips: readonly string[];
  /** Service (port name) to the state of its worst mapped check that is not OK. */
  readonly serviceAlerts: Readonly<Record<string, CheckState>>;
}

/** Content of `dotm::services::<node>::<port>`. */
export interface ServiceRecord {
  readonly node: string;
  readonly port: PortName;
  readonly process: string;
  readonly lastSeen: number;
  /** Unix seconds, 0 where no client was ever seen. */
  readonly lastConnection: number;
  readonly age: "fresh" | "old";
  /** Worst state of the mapped checks, null where none is mapped. */
  readonly alertStatus: CheckState | null;
}

/** Content of `dotm::connections::<node>::<port>::<remote>`. */
export interface ConnectionRecord {
  readonly node: string;
  /** Local port for `in`, remote port for `out`. */
  readonly port: PortName;
  /** Host name, IP (IPv6 expanded) or `Internet`. */
  readonly remote: string;
  readonly process: string;
  readonly connections: number;
  readonly lastConnection: number;
  readonly lastSeen: number;
  readonly direction: "in" | "out";
  readonly remotePort: string;
  readonly localPort: string;
}

/** One remembered connection: value of a field of `dotm::edges::<node>`. */
export interface EdgeRecord {
  readonly direction: "in" | "out" | "unix";
  /** Process name as the kernel tells it, null where unknown. */
  readonly process: string | null;
  /** Container or systemd unit, null where unknown. */
  readonly owner: string | null;
  readonly protocol: "tcp" | "udp" | "unix";
  /** Service port; 0 for Unix sockets. */
  readonly port: number;
  /** IP, `Internet`, or for Unix sockets `NAME@OWNER` of the server process. */
  readonly remote: string;
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Connections in the last report that named it. */
  readonly count: number;
  /** True where never more than traces of closed connections was seen (TIME_WAIT). */
  readonly passing?: true;
  /** Path of the Unix socket, else null. */
  readonly path: string | null;
  readonly rhythm: Rhythm;
}

/** One remembered listener, kept beside the edges. */
export interface ListenerRecord {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly addresses: readonly string[];
  readonly process: string | null;
  readonly owner: string | null;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** Content of `dotm::checks::nodes::<node>`. */
export interface HostCheckRecord {
  readonly node: string;
  readonly status: HostState;
  readonly lastCheck: number;
  readonly lastStatusChange: number;
  readonly statusInformation: string;
  /** Mapped checks that are not OK: process name to state. */
  readonly servicesAlerts: Readonly<Record<string, CheckState>>;
  /** Checks that are not OK and map to no service. */
  readonly otherAlerts: Readonly<Record<string, CheckState>>;
}

/** One element of `dotm::checks::services::<node>`. */
export interface ServiceCheckRecord {
  readonly node: string;
  readonly service: string;
  readonly status: CheckState;
  readonly lastCheck: number;
  readonly lastStatusChange: number;
  readonly statusInformation: string;
  /** Process name of the service it is mapped to, null where it maps to none. */
  readonly mapping: string | null;
  /** Ids of the services it is mapped to. */
  readonly services: readonly string[];
  /** Evidence that decided so, also where it decided for no service; null where nothing is known of such a check. */
  readonly mappedBy: EvidenceKind | null;
  /** Whether several services fit and nothing tells which. */
  readonly ambiguous: boolean;
  readonly handled: boolean;
  readonly soft: boolean;
}

/** One entry of `dotm::changes`. */
export interface ChangeEvent {
  readonly kind: "state" | "topology" | "impact" | "source" | "alarm" | "notes";
  readonly host: string;
  /** Check name, service id or source name; null for the host itself. */
  readonly subject: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** Everything one turn changed. Map keys are stable names of the thing; values null where it is gone. */
export interface Changes {
  /** Unix seconds of the turn. */
  readonly at: number;
  readonly nodes: ReadonlyMap<string, NodeRecord | null>;
  /** By service id. */
  readonly services: ReadonlyMap<string, Change<ServiceRecord>>;
  /** By `node`, `port`, `remote` joined with `::`. */
  readonly connections: ReadonlyMap<string, Change<ConnectionRecord>>;
  /**
   * By host, then by `port`, `remote` joined with `::`: when connections were last seen (Unix seconds) that are otherwise as
   * they were handed on. Such a time is later than that of a record beside it.
   */
  readonly seen: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** By host, then by field `direction|process id|protocol|port|remote`. */
  readonly edges: ReadonlyMap<string, ReadonlyMap<string, EdgeRecord | null>>;
  /** By host, then by port name. */
  readonly listeners: ReadonlyMap<string, ReadonlyMap<string, ListenerRecord | null>>;
  readonly resolver: ReadonlyMap<string, string | null>;
  readonly hostChecks: ReadonlyMap<string, HostCheckRecord | null>;
  /** By host: all checks of the host. */
  readonly serviceChecks: ReadonlyMap<string, readonly ServiceCheckRecord[] | null>;
  /** By `checkKey(host, check)`. */
  readonly impacts: ReadonlyMap<string, Impact | null>;
  readonly graphs: ReadonlyMap<string, HostGraph | null>;
  /** By host, empty for what belongs to none: all alarms of it. */
  readonly alarms: ReadonlyMap<string, readonly Alarm[] | null>;
  readonly notes: ReadonlyMap<string, HostNotes | null>;
  readonly sources: ReadonlyMap<string, SourceHealth | null>;
  readonly events: readonly ChangeEvent[];
}

/** Where the thing is, and what it is now. */
export interface Change<T> {
  readonly node: string;
  readonly port: PortName;
  readonly remote?: string;
  readonly value: T | null;
}

/** Events kept while merging: enough for readers that follow, few enough for memory while the store is away. */
export const MOST_EVENTS = 10_000;

/** What one turn hands on, while it is being gathered; `Changes` in the making. */
export interface Draft {
  readonly nodes: Map<string, NodeRecord | null>;
  readonly services: Map<string, Change<ServiceRecord>>;
  readonly connections: Map<string, Change<ConnectionRecord>>;
  readonly seen: Map<string, Map<string, number>>;
  readonly edges: Map<string, Map<string, EdgeRecord | null>>;
  readonly listeners: Map<string, Map<string, ListenerRecord | null>>;
  readonly resolver: Map<string, string | null>;
  readonly hostChecks: Map<string, HostCheckRecord | null>;
  readonly serviceChecks: Map<string, readonly ServiceCheckRecord[] | null>;
  readonly impacts: Map<string, Impact | null>;
  readonly graphs: Map<string, HostGraph | null>;
  readonly alarms: Map<string, readonly Alarm[] | null>;
  readonly notes: Map<string, HostNotes | null>;
  readonly events: ChangeEvent[];
}

/** An empty draft. */
export function newDraft(): Draft {
  return {
    nodes: new Map(),
    services: new Map(),
    connections: new Map(),
    seen: new Map(),
    edges: new Map(),
    listeners: new Map(),
    resolver: new Map(),
    hostChecks: new Map(),
    serviceChecks: new Map(),
    impacts: new Map(),
    graphs: new Map(),
    alarms: new Map(),
    notes: new Map(),
    events: [],
  };
}

/** A turn that changed nothing. `at` in Unix seconds. */
export function emptyChanges(at: number): Changes {
  return { at, ...newDraft(), sources: new Map() };
}
