/** Lets a few in at once; others wait for their turn, and too many, or for too long, are sent away. */

/** How many are let in. */
export interface TurnstileBounds {
  readonly atOnce: number;
  /** Who may wait, in all and of one asker. */
  readonly waiting: number;
  readonly ofOne: number;
  /** Milliseconds after which who waits is sent away. */
  readonly patience: number;
}

interface Guest {
  readonly asker: string;
  /** Told once whether they are in. */
  readonly go: (isIn: boolean) => void;
  readonly timer: NodeJS.Timeout;
}

/** A door with so many seats behind it. Those who wait are let in asker by asker, so that one crowd is not everybody's. */
export class Turnstile {
  /** Sent away since the start. */
  refused = 0;
  /** Those who wait now. */
  waiting = 0;
  private readonly bounds: TurnstileBounds;
  /** Who waits, by asker; the asker whose turn is next comes first. */
  private readonly queues = new Map<string, Guest[]>();
  private seated = 0;

  constructor(bounds: TurnstileBounds) {
    this.bounds = bounds;
  }

  /** Asks to be let in; returns how to leave, waiting or seated. Leaving twice does nothing. */
  enter(asker: string, go: (isIn: boolean) => void): () => void {
    if (this.seated < this.bounds.atOnce && this.waiting === 0) {
      this.seated += 1;
      go(true);
      return once(() => this.rise());
    }
    const queue = this.queues.get(asker) ?? [];
    if (this.waiting >= this.bounds.waiting || queue.length >= this.bounds.ofOne) {
      this.refused += 1;
      go(false);
      return () => undefined;
    }
    let isSeated = false;
    const guest: Guest = {
      asker,
      go: (isIn) => {
        isSeated = isIn;
        go(isIn);
      },
      timer: setTimeout(() => this.giveUp(guest), this.bounds.patience),
    };
    this.queues.set(asker, [...queue, guest]);
    this.waiting += 1;
    return once(() => (isSeated ? this.rise() : this.drop(guest)));
  }

  private giveUp(guest: Guest): void {
    this.drop(guest);
    this.refused += 1;
    guest.go(false);
  }

  /** Takes somebody out of their queue, where they are still in it. */
  private drop(guest: Guest): void {
    const queue = this.queues.get(guest.asker) ?? [];
    const others = queue.filter((other) => other !== guest);
    clearTimeout(guest.timer);
    this.waiting -= queue.length - others.length;
    this.queues.delete(guest.asker);
    if (others.length > 0) {
      this.queues.set(guest.asker, others);
    }
  }

  /** Hands a seat on, after whatever else waits for the process: the first pieces of many answers in a row would hold it. */
  private rise(): void {
    setImmediate(() => {
      this.seated -= 1;
      const guest = this.queues.values().next().value?.[0];
      if (guest !== undefined && this.seated < this.bounds.atOnce) {
        this.drop(guest);
        this.seated += 1;
        guest.go(true);
      }
    });
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) {
      isDone = true;
      act();
    }
  };
}
