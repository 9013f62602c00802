/** Why reports of hosts cannot be had, or not be believed. */

const LEFT_OUT = "it reports more that is new than is believed of one host; some connections are left out";

/** The faults, and of which hosts something else was told since the last turn. */
export class FetchFaults {
  private readonly faults = new Map<string, string>();
  private readonly told = new Set<string>();
  /** Hosts of whose reports some rows were left out. */
  private readonly overfull = new Set<string>();

  /** Notes whether rows of a host's report were left out, as too much was new. */
  noteLeftOut(host: string, is: boolean): void {
    if (this.overfull.has(host) === is) {
      return;
    }
    this.told.add(host);
    if (is) {
      this.overfull.add(host);
    } else {
      this.overfull.delete(host);
    }
  }

  /** Notes how getting a host's report went: null for well, else what went wrong. */
  note(host: string, fault: string | null): void {
    if ((this.faults.get(host) ?? null) === fault) {
      return;
    }
    this.told.add(host);
    if (fault === null) {
      this.faults.delete(host);
    } else {
      this.faults.set(host, fault);
    }
  }

  /** What is wrong with a host's report; undefined for nothing. */
  of(host: string): string | undefined {
    return this.faults.get(host) ?? (this.overfull.has(host) ? LEFT_OUT : undefined);
  }

  /** Hosts with a fault. */
  hosts(): Iterable<string> {
    return this.faults.keys();
  }

  /** Hosts of which something else is told since the last call. */
  takeTold(): Set<string> {
    const told = new Set(this.told);
    this.told.clear();
    return told;
  }
}
