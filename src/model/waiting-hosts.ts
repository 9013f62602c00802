/** Hosts that wait to be looked at, those that waited longest first, and what is to be told of them once they are. */

/** The hosts. */
export class WaitingHosts {
  private readonly waiting = new Set<string>();
  /** Whether a host that is too large for a turn was passed over in the last one. */
  private passedOver = false;

  get size(): number {
    return this.waiting.size;
  }

  has(host: string): boolean {
    return this.waiting.has(host);
  }

  add(host: string): void {
    this.waiting.add(host);
  }

  /** Lets a host wait no more. */
  drop(host: string): void {
    this.waiting.delete(host);
  }

  /**
   * Takes the next hosts, at least one, with at most so many rows together. A host with more rows than that has every
   * second turn to itself, so that many of them do not hold up the others.
   */
  take(most: number, rowsOf: (host: string) => number): Set<string> {
    const taken = new Set<string>();
    let large: string | undefined;
    let rows = 0;
    for (const host of this.waiting) {
      const own = rowsOf(host);
      if (own > most) {
        large ??= host;
        continue;
      }
      rows += own;
      if (rows > most) {
        break;
      }
      taken.add(host);
    }
    const isItsTurn = large !== undefined && (taken.size === 0 || this.passedOver);
    this.passedOver = large !== undefined && !isItsTurn;
    const next = isItsTurn && large !== undefined ? new Set([large]) : taken;
    for (const host of next) {
      this.waiting.delete(host);
    }
    return next;
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
