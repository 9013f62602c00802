/** Turns the engine: soon after something was seen, and now and then because things grow old. */
import type { Engine } from "../compute.ts";
import type { Logger } from "../logger.ts";
import type { Changes } from "../model/changes.ts";

/** What a turn needs of the world. */
export interface WheelDeps {
  readonly engine: Pick<Engine, "settle">;
  readonly publish: (changes: Changes) => void;
  readonly now: () => number;
  readonly logger: Logger;
  /** Milliseconds between two turns without news. */
  readonly every: number;
}

/** Milliseconds that news waits at least, so that a burst of reports is one turn. */
const GATHER = 10;
/** Milliseconds that news waits at most, however long turns take. */
const GATHER_AT_MOST = 2_000;

/** The wheel; turns until stopped. */
export class Wheel {
  private readonly deps: WheelDeps;
  private soon: NodeJS.Timeout | undefined;
  private regular: NodeJS.Timeout | undefined;
  /** Unix seconds of the last turn, 0 before the first. */
  lastTurn = 0;
  /** Milliseconds the last turn took. */
  private cost = 0;

  constructor(deps: WheelDeps) {
    this.deps = deps;
  }

  /** Begins to turn. */
  start(): void {
    this.regular = setInterval(() => this.turn(), this.deps.every);
  }

  /**
   * Something was seen: turn soon. News waits as long as the last turn took, so that half the time is left for taking in
   * more of it: a whole site that reports for the first time is a few long turns, not thousands.
   */
  touch(): void {
    this.soon ??= setTimeout(() => this.turn(), Math.min(GATHER_AT_MOST, Math.max(GATHER, this.cost)));
  }

  /** Turns now. */
  turn(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    try {
      const now = this.deps.now();
      this.deps.publish(this.deps.engine.settle(now));
      this.lastTurn = now;
      this.cost = (this.deps.now() - now) * 1000;
    } catch (error) {
      this.deps.logger.error({ error }, "a turn of the engine failed; the picture stays as it was");
    }
  }

  /** Ends turning. */
  stop(): void {
    clearTimeout(this.soon);
    clearInterval(this.regular);
  }
}
