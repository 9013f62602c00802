/** What is remembered of one host: its listeners and connections, those of the last report and older ones. */
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import { nextRhythm, type Rhythm } from "../model/rhythm.ts";
import { isFuture, laterTime } from "../model/set-back.ts";
import { edgeKey, type FoldedReport, lasting, type RunningProcess } from "./fold-report.ts";
import type { ShownAgain } from "./known-rows.ts";
import { type nameBounds, RoomForNew, shortenNames } from "./new-rows.ts";
import { type LeavingOut, SetAside } from "./set-aside.ts";

/** What of an edge may differ when it is seen again. */
type ShownEdge = Pick<EdgeRecord, "lastSeen" | "count" | "path" | "passing">;

const NOTHING_AGAIN: ShownAgain = { keys: [], counts: [], lastSeen: [] };

/**
 * Connections and listeners that are remembered of one host at most: more than a report can hold, so that what is open
 * is always among them. An agent that makes up others each time must not fill the memory.
 */
const MOST_REMEMBERED = { edges: 30_000, listeners: 8_192 } as const;

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
  readonly room = new RoomForNew();
  private readonly aside = new SetAside();
  /** By what it was sorted last; undefined where something was recalled since. */
  private sortedBy: LeavingOut | undefined;

  /** Whether all edges are remembered that are shown again. */
  remembers({ keys, lastSeen }: ShownAgain): boolean {
    return keys.every((key, at) => (lastSeen[at] as number) < 0 || this.edges.has(key));
  }

  /**
   * Takes in a folded report; `aging` is the age in seconds from which an edge counts as gone, `repeated` tells of edges
   * beside those of the report, all of them remembered.
   * True where something appeared, came back or moved, so that dependencies must be found anew.
   */
  apply(
    report: FoldedReport,
    aging: { readonly services: number; readonly connections: number },
    repeated: ShownAgain = NOTHING_AGAIN,
  ): boolean {
    const known = this.lastReport > 0;
    this.lastReport = laterTime(this.lastReport, report.receivedAt);
    this.interval = report.interval;
    this.ips = report.ips;
    this.running = steadied(this.running, report.running);
    // What was silent while nobody looked was not silent; at the first look after a restart nothing can be told.
    const unseen = this.lastLook === 0 ? Number.POSITIVE_INFINITY : report.seenAt - this.lastLook - report.interval;
    const again = (old: EdgeRecord, shown: ShownEdge): EdgeRecord => {
      const silence = shown.lastSeen - old.lastSeen - Math.max(0, unseen);
      return seenAgain(old, shown, nextRhythm(old.rhythm, shown.lastSeen, silence, aging.connections));
    };
    if (!report.partial) {
      this.vanishEdges(report.edges, repeated);
    }
    const back = showAgain(this.edges, repeated, aging.connections, again);
    const edges = merge(this.edges, report.edges, aging.connections, sameEdge, again);
    const lastLook = isFuture(this.lastLook, report.receivedAt) ? 0 : this.lastLook;
    this.lastLook = report.partial ? lastLook : Math.max(lastLook, report.seenAt);
    const listeners = merge(this.listeners, report.listeners, aging.services, sameListener);
    return back || edges || listeners || !known;
  }

  /** Forgets the oldest where there is too much, or too many names; returns how many. */
  shorten(names: ReturnType<typeof nameBounds>): number {
    const { edges, listeners } = this;
    const forgotten = names.reduce((sum, bound) => sum + shortenNames(edges, bound), 0);
    return forgotten + shorten(edges, MOST_REMEMBERED.edges) + shorten(listeners, MOST_REMEMBERED.listeners);
  }

  private vanishEdges(shown: ReadonlyMap<string, EdgeRecord>, { keys, lastSeen }: ShownAgain): void {
    const again = keys.filter((_, at) => (lastSeen[at] as number) >= 0);
    const isThere = (key: string) => (this.edges.get(key)?.count ?? 0) > 0;
    let gone = 0;
    for (const { count } of this.edges.values()) {
      gone += count > 0 ? 1 : 0;
    }
    gone -= count(again, isThere) + count(shown.keys(), isThere);
    // Nearly always nothing is gone, and nobody needs a set of what is there.
    if (gone > 0) {
      vanish(this.edges, new Set([...again, ...shown.keys()]));
    }
  }

  /** Sets aside what is left out by now: reports bring no more of it, but it was seen before. */
  leaveOut(rules: LeavingOut): void {
    if (this.sortedBy !== rules) {
      this.aside.sort(this, rules);
      this.sortedBy = rules;
    }
  }

  /** Takes back what was remembered earlier; what was reported since then is kept. */
  recall(edges: Iterable<EdgeRecord>, listeners: Iterable<readonly [string, ListenerRecord]>): void {
    this.sortedBy = undefined;
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

  /** Forgets what was last seen before the given times (Unix seconds); true where there was something. */
  forget(edgesBefore: number, listenersBefore: number): boolean {
    const before = this.edges.size + this.listeners.size;
    drop(this.edges, edgesBefore);
    drop(this.listeners, listenersBefore);
    return this.edges.size + this.listeners.size < before;
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
 * Merges what a report shows into what is remembered.
 * True where a record is new, back after `aging` seconds, or not the same as before. `again` makes one of what is
 * remembered and what is shown.
 */
function merge<R extends Seen>(
  memory: Map<string, R>,
  shown: ReadonlyMap<string, R>,
  aging: number,
  same: (a: R, b: R) => boolean,
  again: (old: R, shown: R) => R = later,
): boolean {
  let structural = false;
  for (const [key, record] of shown) {
    const old = memory.get(key);
    memory.set(key, old === undefined ? record : again(old, record));
    structural ||= old === undefined || record.lastSeen - old.lastSeen > aging || !same(old, record);
  }
  return structural;
}

/** Shows edges again that are remembered, as `merge` does. */
function showAgain(
  memory: Map<string, EdgeRecord>,
  { keys, counts, lastSeen }: ShownAgain,
  aging: number,
  again: (old: EdgeRecord, shown: ShownEdge) => EdgeRecord,
): boolean {
  let structural = false;
  for (let at = 0; at < keys.length; at += 1) {
    const [key, count, seen] = [keys[at] as string, counts[at] as number, lastSeen[at] as number];
    const old = seen < 0 ? undefined : memory.get(key);
    if (old === undefined) {
      continue;
    }
    const isBack = seen - old.lastSeen > aging;
    if (!isBack && count > 0 && count === old.count && old.passing !== true) {
      moveOn(old, seen);
      continue;
    }
    const shown =
      count === 0
        ? ({ count, lastSeen: seen, path: null, passing: true } as const)
        : { count, lastSeen: seen, path: null };
    memory.set(key, again(old, shown));
    structural ||= isBack || (old.passing === true && count > 0);
  }
  return structural;
}

/**
 * Moves the time of an edge on that is otherwise as it was. Nearly all edges of nearly all reports are: a record for each
 * would be most of what is ever made. Whoever holds this one holds what was last known of the edge.
 */
function moveOn(edge: { -readonly [K in keyof EdgeRecord]: EdgeRecord[K] }, seen: number): void {
  edge.lastSeen = Math.max(edge.lastSeen, seen);
}

function count(keys: Iterable<string>, is: (key: string) => boolean): number {
  let number = 0;
  for (const key of keys) {
    number += is(key) ? 1 : 0;
  }
  return number;
}

/** Sets the count of what is no longer shown to 0: a record absent from a whole report only loses its count. */
function vanish<R extends Seen>(memory: Map<string, R>, shown: { readonly has: (key: string) => boolean }): void {
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
function seenAgain(old: EdgeRecord, shown: ShownEdge, rhythm: Rhythm): EdgeRecord {
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

/** Forgets what was seen longest ago where there is too much, a tenth more so that it is not done each time; returns how many. */
function shorten<R extends Seen>(memory: Map<string, R>, most: number): number {
  const over = memory.size - most;
  if (over <= 0) {
    return 0;
  }
  const oldestFirst = [...memory].sort(([, a], [, b]) => a.lastSeen - b.lastSeen);
  const left = oldestFirst.slice(0, over + Math.floor(most / 10));
  for (const [key] of left) {
    memory.delete(key);
  }
  return left.length;
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
