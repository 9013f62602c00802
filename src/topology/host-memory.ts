/** What is remembered of one host: its listeners and connections, those of the last report and older ones. */
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import { nextRhythm, type Rhythm } from "../model/rhythm.ts";
import { edgeKey, type FoldedReport, lasting, type RunningProcess } from "./fold-report.ts";

/** Memory of one host. Keys are internal; see `EdgeRecord` for what they hold. */
export class HostMemory {
  readonly edges = new Map<string, EdgeRecord>();
  /** By port name. */
  readonly listeners = new Map<string, ListenerRecord>();
  /** Processes of the last report. */
  running: readonly RunningProcess[] = [];
  ips: readonly string[] = [];
  /** Unix seconds, 0 before the first report. */
  lastReport = 0;
  /** Unix seconds when its agent last saw everything, 0 before the first time. */
  lastLook = 0;
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
    this.running = steadied(this.running, report.running);
    // What was silent while nobody looked was not silent; at the first look after a restart nothing can be told.
    const unseen = this.lastLook === 0 ? Number.POSITIVE_INFINITY : report.seenAt - this.lastLook - report.interval;
    const again = (old: EdgeRecord, shown: EdgeRecord): EdgeRecord => {
      const silence = shown.lastSeen - old.lastSeen - Math.max(0, unseen);
      return seenAgain(old, shown, nextRhythm(old.rhythm, shown.lastSeen, silence, aging.connections));
    };
    const edges = merge(this.edges, report.edges, aging.connections, report.partial, sameEdge, again);
    this.lastLook = report.partial ? this.lastLook : Math.max(this.lastLook, report.seenAt);
    const listeners = merge(this.listeners, report.listeners, aging.services, report.partial, sameListener);
    return edges || listeners || !known;
  }

  /** Takes back what was remembered earlier; what was reported since then is kept. */
  recall(edges: Iterable<EdgeRecord>, listeners: Iterable<readonly [string, ListenerRecord]>): void {
    for (const edge of edges) {
      const key = edgeKey(edge);
      const known = this.edges.get(key);
      const both = lasting(lasting(joined(known, edge), edge), known ?? edge);
      this.edges.set(key, { ...both, rhythm: edge.rhythm });
    }
    for (const [port, listener] of listeners) {
      this.listeners.set(port, joined(this.listeners.get(port), listener));
    }
  }

  /** Takes what is remembered of the same host under another name. */
  takeOver(other: HostMemory): void {
    this.recall(other.edges.values(), other.listeners);
    if (other.lastReport > this.lastReport) {
      const { running, ips, lastReport, lastLook, interval } = other;
      Object.assign(this, { running, ips, lastReport, lastLook, interval });
    }
  }

  /** Forgets what was last seen before the given times (Unix seconds). */
  forget(edgesBefore: number, listenersBefore: number): void {
    drop(this.edges, edgesBefore);
    drop(this.listeners, listenersBefore);
  }
}

/** Seconds by which the start of one process may differ from report to report: it is told in the agent's clock. */
const CLOCK_JITTER = 5;

/** What runs now, with starts as they were told first. */
function steadied(before: readonly RunningProcess[], now: readonly RunningProcess[]): RunningProcess[] {
  const known = new Map(before.map(({ process, owner, started }) => [`${process}|${owner}`, started]));
  return now.map((each) => {
    const told = known.get(`${each.process}|${each.owner}`);
    return told !== undefined && Math.abs(told - each.started) < CLOCK_JITTER ? { ...each, started: told } : each;
  });
}

interface Seen {
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count?: number;
}

/**
 * Merges what a report shows into what is remembered; a record absent from a whole report only loses its count.
 * True where a record is new, back after `aging` seconds, or not the same as before. `again` makes one of what is
 * remembered and what is shown.
 */
function merge<R extends Seen>(
  memory: Map<string, R>,
  shown: ReadonlyMap<string, R>,
  aging: number,
  partial: boolean,
  same: (a: R, b: R) => boolean,
  again: (old: R, shown: R) => R = later,
): boolean {
  if (!partial) {
    vanish(memory, shown);
  }
  let structural = false;
  for (const [key, record] of shown) {
    const old = memory.get(key);
    memory.set(key, old === undefined ? record : again(old, record));
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
  return a.path === b.path && (a.passing !== true || b.passing === true);
}

function sameListener(a: ListenerRecord, b: ListenerRecord): boolean {
  return a.process === b.process && a.owner === b.owner && a.addresses.join() === b.addresses.join();
}

function later<R extends Seen>(old: R, shown: R): R {
  return { ...shown, firstSeen: old.firstSeen, lastSeen: Math.max(old.lastSeen, shown.lastSeen) };
}

/**
 * A connection as it is seen again. Of one key all is the same but what is taken from `shown`, so that the texts of the
 * report can be let go. Written out, as spreading takes several times as long and there are many.
 */
function seenAgain(old: EdgeRecord, shown: EdgeRecord, rhythm: Rhythm): EdgeRecord {
  return {
    direction: old.direction,
    process: old.process,
    owner: old.owner,
    protocol: old.protocol,
    port: old.port,
    remote: old.remote,
    firstSeen: old.firstSeen,
    lastSeen: Math.max(old.lastSeen, shown.lastSeen),
    count: shown.count,
    ...(old.passing === true && shown.passing === true ? { passing: true } : {}),
    path: shown.path,
    rhythm,
  };
}

function drop<R extends Seen>(memory: Map<string, R>, before: number): void {
  for (const [key, record] of memory) {
    if (record.lastSeen < before) {
      memory.delete(key);
    }
  }
}

/** Of one thing remembered twice: what was seen last, since it was seen first. */
function joined<R extends Seen>(known: R | undefined, old: R): R {
  return known === undefined || known.lastSeen < old.lastSeen
    ? old
    : { ...known, firstSeen: Math.min(known.firstSeen, old.firstSeen) };
}
