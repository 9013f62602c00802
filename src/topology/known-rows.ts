/** How the connections of hosts' last whole reports were folded, so that of one that repeats them little is to be done. */
import type { Roster } from "../model/host-report.ts";

interface Folded {
  readonly roster: Roster;
  readonly keys: readonly string[];
  readonly folding: number;
}

/** Keys of edges, by host. */
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

  /** Notes the keys of a whole report, by the place of its connections. */
  note(host: string, roster: Roster | undefined, keys: readonly string[]): void {
    if (roster === undefined) {
      this.#ofHost.delete(host);
    } else {
      this.#ofHost.set(host, { roster, keys, folding: this.#folding });
    }
  }

  /** The keys of a report that repeats the last whole one; undefined where it repeats another, or they would be others now. */
  keysOf(host: string, roster: Roster): readonly string[] | undefined {
    const known = this.#ofHost.get(host);
    return known?.roster === roster && known.folding === this.#folding ? known.keys : undefined;
  }
}
