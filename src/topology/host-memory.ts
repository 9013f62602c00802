/** What is remembered of one host: its listeners and connections, those of the last report and older ones. */
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import type { FoldedReport } from "./fold-report.ts";

/** Memory of one host. Keys are internal; see `EdgeRecord` for what they hold. */
export class HostMemory {
  readonly edges = new Map<string, EdgeRecord>();
  /** By port name. */
  readonly listeners = new Map<string, ListenerRecord>();
  ips: readonly string[] = [];
  /** Unix seconds, 0 before the first report. */
  lastReport = 0;
  /** Seconds between two reports. */
  interval = 60;

  /**
   * Takes in a folded report; `aging` is the age in seconds from which an edge counts as gone.
   * True where something appeared, came back or moved, so that dependencies must be found anew.
   */
  apply(report: FoldedReport, aging: { readonly services: number; readonly connections: number }): boolean {
    const known = this.lastReport > 0;
    this.lastReport = Math.max(this.lastReport, report.receivedAt);
    this.interval = report.interval;
    this.ips = report.ips;
    const edges = merge(this.edges, report.edges, aging.connections, report.partial, sameEdge);
    const listeners = merge(this.listeners, report.listeners, aging.services, report.partial, sameListener);
    return edges || listeners || !known;
  }

  /** Forgets what was last seen before the given times (Unix seconds). */
  forget(edgesBefore: number, listenersBefore: number): void {
    drop(this.edges, edgesBefore);
    drop(this.listeners, listenersBefore);
  }
}

interface Seen {
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count?: number;
}

/**
 * Merges what a report shows into what is remembered; a record absent from a whole report only loses its count.
 * True where a record is new, back after `aging` seconds, or not the same as before.
 */
function merge<R extends Seen>(
  memory: Map<string, R>,
  shown: ReadonlyMap<string, R>,
  aging: number,
  partial: boolean,
  same: (a: R, b: R) => boolean,
): boolean {
  if (!partial) {
    vanish(memory, shown);
  }
  let structural = false;
  for (const [key, record] of shown) {
    const old = memory.get(key);
    const kept = old === undefined ? record : { ...record, firstSeen: old.firstSeen, lastSeen: later(old, record) };
    memory.set(key, kept);
    structural ||= old === undefined || record.lastSeen - old.lastSeen > aging || !same(old, record);
  }
  return structural;
}

/** Sets the count of what is no longer shown to 0. */
function vanish<R extends Seen>(memory: Map<string, R>, shown: ReadonlyMap<string, R>): void {
  for (const [key, record] of memory) {
    if ((record.count ?? 0) > 0 && !shown.has(key)) {
      memory.set(key, { ...record, count: 0 });
    }
  }
}

function sameEdge(a: EdgeRecord, b: EdgeRecord): boolean {
  return a.path === b.path;
}

function sameListener(a: ListenerRecord, b: ListenerRecord): boolean {
  return a.process === b.process && a.owner === b.owner && a.addresses.join() === b.addresses.join();
}

function later(a: Seen, b: Seen): number {
  return Math.max(a.lastSeen, b.lastSeen);
}

function drop<R extends Seen>(memory: Map<string, R>, before: number): void {
  for (const [key, record] of memory) {
    if (record.lastSeen < before) {
      memory.delete(key);
    }
  }
}
