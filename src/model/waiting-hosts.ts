/** Hosts that wait to be looked at, those that waited longest first, and what is to be told of them once they are. */

/** The hosts. */
export class WaitingHosts {
  private readonly waiting = new Set<string>();

  get size(): number {
    return this.waiting.size;
  }

  add(host: string): void {
    this.waiting.add(host);
  }

  /** Lets a host wait no more. */
  drop(host: string): void {
    this.waiting.delete(host);
  }

  /** Takes the next hosts, at least one, with at most so many rows together. */
  take(most: number, rowsOf: (host: string) => number): Set<string> {
    const taken = new Set<string>();
    let rows = 0;
    for (const host of this.waiting) {
      rows += rowsOf(host);
      if (rows > most && taken.size > 0) {
        break;
      }
      taken.add(host);
      this.waiting.delete(host);
    }
    return taken;
  }

  /** All that still wait. */
  rest(): ReadonlySet<string> {
    return new Set(this.waiting);
  }

  /** Takes those hosts out of `told` that do not wait. */
  takeDone(told: Set<string>): Set<string> {
    const done = new Set([...told].filter((host) => !this.waiting.has(host)));
    for (const host of done) {
      told.delete(host);
    }
    return done;
  }
}
