/**
 * What one host may say that is new. An agent that makes up other connections for every report would have its host, and
 * all that it speaks of, looked at anew each time, and fill the memory with hosts that are none.
 */
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import type { FoldedReport } from "./fold-report.ts";

/** New rows at once, more than a report can hold, and then each second: those of a node whose containers come and go. */
const ROOM = 30_000;
const ROOM_PER_SECOND = 10;

/** Names of one kind that the connections of a host may speak of. */
interface NameBound {
  readonly most: number;
  /** Undefined where an edge has no such name. */
  readonly nameOf: (edge: EdgeRecord) => string | undefined;
}

/** What is remembered of a host. */
interface Remembered {
  readonly edges: ReadonlyMap<string, EdgeRecord>;
  readonly listeners: ReadonlyMap<string, ListenerRecord>;
}

/** A report of which only so much is new as may be. */
export interface Admitted<F extends FoldedReport> {
  readonly folded: F;
  /** New rows that are left out. */
  readonly leftOut: number;
}

/** Bounds the names that one host may make up. `isStranger`: whether an address is that of no host we know. */
export function nameBounds(isStranger: (address: string) => boolean): readonly NameBound[] {
  return [
    {
      most: 5_000,
      nameOf: ({ direction, remote }) => (direction !== "unix" && isStranger(remote) ? remote : undefined),
    },
    {
      most: 5_000,
      nameOf: ({ direction, process, owner, remote }) =>
        direction === "unix" ? `${process}|${owner}|${remote}` : `${process}|${owner}`,
    },
  ];
}

/** The room that one host has for what is new: full at the beginning, filled again with time. */
export class RoomForNew {
  #left = ROOM;
  /** Unix seconds. */
  #at = 0;

  /** Leaves out of a report what is new beyond the room and the bounds; what is remembered stays in it. */
  admit<F extends FoldedReport>(folded: F, memory: Remembered, bounds: readonly NameBound[]): Admitted<F> {
    this.#fill(folded.receivedAt);
    const fits = new NamesInReport(folded.edges, memory.edges, bounds);
    const edges = this.#some(folded.edges, (key, edge) => memory.edges.has(key) || this.#take(fits.add(edge)));
    const listeners = this.#some(folded.listeners, (port) => memory.listeners.has(port) || this.#take(true));
    const leftOut = folded.edges.size - edges.size + (folded.listeners.size - listeners.size);
    return { folded: leftOut === 0 ? folded : { ...folded, edges, listeners }, leftOut };
  }

  #fill(now: number): void {
    const passed = Math.max(0, now - this.#at);
    this.#left = Math.min(ROOM, this.#left + passed * ROOM_PER_SECOND);
    this.#at = now;
  }

  #take(fits: boolean): boolean {
    if (!fits || this.#left < 1) {
      return false;
    }
    this.#left -= 1;
    return true;
  }

  /** The entries to keep; the map itself where that are all. */
  #some<R>(rows: ReadonlyMap<string, R>, keep: (key: string, row: R) => boolean): ReadonlyMap<string, R> {
    const left = new Set<string>();
    for (const [key, row] of rows) {
      if (!keep(key, row)) {
        left.add(key);
      }
    }
    return left.size === 0 ? rows : new Map([...rows].filter(([key]) => !left.has(key)));
  }
}

/** Names that a report speaks of: those that are remembered, and then those that are added. */
class NamesInReport {
  readonly #bounds: readonly (NameBound & { readonly names: Set<string> })[];

  constructor(
    edges: ReadonlyMap<string, EdgeRecord>,
    known: ReadonlyMap<string, EdgeRecord>,
    bounds: readonly NameBound[],
  ) {
    // A report with fewer rows than that many names cannot have too many.
    this.#bounds = bounds
      .filter(({ most }) => edges.size > most)
      .map((bound) => ({ ...bound, names: namesOf(edges, known, bound) }));
  }

  /** Adds the names of an edge; false where one is too many. */
  add(edge: EdgeRecord): boolean {
    return this.#bounds.every(({ most, nameOf, names }) => {
      const name = nameOf(edge);
      const fits = name === undefined || names.has(name) || names.size < most;
      if (fits && name !== undefined) {
        names.add(name);
      }
      return fits;
    });
  }
}

/** Names of those edges that are known. */
function namesOf(
  edges: ReadonlyMap<string, EdgeRecord>,
  known: ReadonlyMap<string, EdgeRecord>,
  { nameOf }: NameBound,
): Set<string> {
  const names = new Set<string>();
  for (const [key, edge] of edges) {
    const name = known.has(key) ? nameOf(edge) : undefined;
    if (name !== undefined) {
      names.add(name);
    }
  }
  return names;
}

/** Forgets the edges of the names that were seen longest ago where there are too many names; returns how many edges. */
export function shortenNames(edges: Map<string, EdgeRecord>, { most, nameOf }: NameBound): number {
  if (edges.size <= most) {
    return 0;
  }
  const lastSeen = new Map<string, number>();
  for (const edge of edges.values()) {
    const name = nameOf(edge);
    if (name !== undefined) {
      lastSeen.set(name, Math.max(lastSeen.get(name) ?? 0, edge.lastSeen));
    }
  }
  const over = lastSeen.size - most;
  if (over <= 0) {
    return 0;
  }
  const oldestFirst = [...lastSeen].sort(([, a], [, b]) => a - b).map(([name]) => name);
  const gone = new Set(oldestFirst.slice(0, over));
  const before = edges.size;
  for (const [key, edge] of edges) {
    if (gone.has(nameOf(edge) ?? "")) {
      edges.delete(key);
    }
  }
  return before - edges.size;
}
