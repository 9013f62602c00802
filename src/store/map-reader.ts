/** What readers of the picture (web, command line) may ask of the store. */
import type { Alarm } from "../model/alarm.ts";
import type { HostCheckRecord, NodeRecord, ServiceCheckRecord } from "../model/changes.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { HostNotes } from "../model/host-notes.ts";
import type { Impact } from "../model/impact.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import type { Settings } from "../model/settings.ts";

/** One line of the ranking of current problems. */
export interface Ranked {
  readonly host: string;
  readonly check: string | null;
  /** Number of affected services. */
  readonly affected: number;
}

/** How fresh the stored picture is. */
export interface Revision {
  /** Grows with every written change; the id of the last entry of `dotm::changes`, `0-0` before the first. */
  readonly id: string;
  /** Unix seconds of the engine's last sign of life, 0 where none is known. */
  readonly at: number;
}

/** The stored picture. Every method rejects with DOTM_STORE_UNREACHABLE where Redis is away. */
export interface MapReader {
  /** All host names, sorted. */
  nodes(): Promise<string[]>;
  node(name: string): Promise<NodeRecord | undefined>;
  /** The records of many hosts at once, of those that have one. */
  nodesOf(hosts: readonly string[]): Promise<Map<string, NodeRecord>>;
  /** The graphs of those of the hosts that have one. */
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
  /** What is noted at those of the hosts at which something is. */
  notes(hosts: readonly string[]): Promise<Map<string, HostNotes>>;
  /** The impact of a current problem; `check` null is the host itself. Undefined where there is no such problem. */
  impact(host: string, check: string | null): Promise<Impact | undefined>;
  /** Current problems by number of affected services, largest first, then by name; at most `limit` from `offset`. */
  ranking(offset: number, limit: number): Promise<Ranked[]>;
  /** Number of current problems. */
  problems(): Promise<number>;
  hostCheck(host: string): Promise<HostCheckRecord | undefined>;
  /** Checks of many hosts themselves at once. */
  hostChecksOf(hosts: readonly string[]): Promise<Map<string, HostCheckRecord>>;
  serviceChecks(host: string): Promise<ServiceCheckRecord[]>;
  /** Service checks of many hosts at once. */
  checksOf(hosts: readonly string[]): Promise<Map<string, ServiceCheckRecord[]>>;
  sources(): Promise<SourceHealth[]>;
  /** What DOTM itself finds wrong, at these hosts or anywhere: gravest first, then by kind, host and object. */
  alarms(hosts?: readonly string[]): Promise<readonly Alarm[]>;
  settings(): Promise<Settings>;
  revision(): Promise<Revision>;
}
