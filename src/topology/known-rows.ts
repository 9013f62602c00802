/** How the connections of hosts' last whole reports were folded, so that of one that repeats them little is to be done. */
import type { RepeatedReport, Roster } from "../model/host-report.ts";

interface Folded {
  readonly roster: Roster;
  readonly folding: number;
  /** Keys of edges, each once. */
  readonly keys: readonly string[];
  /** For each connection the place of its edge among the keys; -1 where it is left out, however many there are. */
  readonly edges: Int32Array;
}

/** What a repeated report shows of edges. */
export interface ShownAgain {
  readonly keys: readonly string[];
  /** By the place of their keys. */
  readonly counts: readonly number[];
  /** Unix seconds; -1 where an edge is not shown, as nobody answered. */
  readonly lastSeen: readonly number[];
}

/** Edges of connections, by host. */
export class KnownRows {
  readonly #ofHost = new Map<string, Folded>();
  /** Counts the times that rows came to be folded otherwise. */
  #folding = 0;

  /** From now on rows are folded otherwise. */
  foldOtherwise(): void {
    this.#folding += 1;
  }

  /** The next reports of these hosts must be whole ones. */
  forget(hosts: readonly string[]): void {
    for (const host of hosts) {
      this.#ofHost.delete(host);
    }
  }

  /** Notes the edges of a whole report: for each of its connections the key, empty where it is left out. */
  note(host: string, roster: Roster | undefined, keyOf: readonly string[]): void {
    if (roster === undefined) {
      this.#ofHost.delete(host);
      return;
    }
    const places = new Map<string, number>();
    for (const key of keyOf) {
      if (key !== "" && !places.has(key)) {
        places.set(key, places.size);
      }
    }
    const edges = Int32Array.from(keyOf, (key) => places.get(key) ?? -1);
    this.#ofHost.set(host, { roster, folding: this.#folding, keys: [...places.keys()], edges });
  }

  /** Keys of the edges of a host's last whole report, as they were then; none where that is not known. */
  keysOf(host: string): readonly string[] {
    return this.#ofHost.get(host)?.keys ?? [];
  }

  /** What a report shows that repeats the last whole one; undefined where it repeats another, or edges would be others now. */
  shownBy({ roster, counts, opened, lastSeen }: RepeatedReport, host: string): ShownAgain | undefined {
    const known = this.#ofHost.get(host);
    if (known?.roster !== roster || known.folding !== this.#folding) {
      return undefined;
    }
    const { keys, edges } = known;
    const shown = {
      keys,
      counts: new Array<number>(keys.length).fill(0),
      lastSeen: new Array<number>(keys.length).fill(-1),
    };
    for (let at = 0; at < edges.length; at += 1) {
      const edge = edges[at] as number;
      const count = counts[at] as number;
      if (edge >= 0 && count + (opened[at] as number) > 0) {
        shown.counts[edge] = (shown.counts[edge] as number) + count;
        shown.lastSeen[edge] = Math.max(shown.lastSeen[edge] as number, lastSeen[at] as number);
      }
    }
    return shown;
  }
}
