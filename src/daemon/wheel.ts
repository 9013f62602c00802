/** Turns the engine: soon after something was seen, and now and then because things grow old. */
import { setImmediate as nextRound } from "node:timers/promises";
import type { Engine } from "../compute.ts";
import type { Logger } from "../logger.ts";
import type { Changes } from "../model/changes.ts";
import { ChangesSum } from "../model/changes-sum.ts";

/** What a turn needs of the world. */
export interface WheelDeps {
  readonly engine: Pick<Engine, "settle" | "unsettled" | "renew" | "isNew">;
  readonly publish: (changes: Changes) => void;
  /** Told of a turn that failed: what it would have handed on is known to nobody, so everything must be handed on again. */
  readonly onFailed?: () => void;
  readonly now: () => number;
  /** Whether the clock can be trusted so far that what has expired is forgotten for good; it can unless said otherwise. */
  readonly isTrusted?: () => boolean;
  readonly logger: Logger;
  /** Milliseconds between two turns without news. */
  readonly every: number;
}

/** Milliseconds that news waits at least, so that a burst of reports is one turn. */
const GATHER = 10;
/** Milliseconds that news waits at most, however long turns take. */
const GATHER_AT_MOST = 2_000;
/** Milliseconds of turning that may follow each other without a rest. */
const ALLOWANCE = 250;
/** Milliseconds of rest that are ever due: a clock that is put forward during a turn has not turned for a day. */
const LONGEST_REST = 60_000;

/** The wheel; turns until stopped. */
export class Wheel {
  private readonly deps: WheelDeps;
  private soon: NodeJS.Timeout | undefined;
  private regular: NodeJS.Timeout | undefined;
  /** Unix seconds of the last turn, 0 before the first. */
  lastTurn = 0;
  /** Milliseconds of rest that the turns so far still need, and when that was so, Unix seconds. */
  private debt = 0;
  private debtAt = 0;
  /** While everything is gathered, what turns bring belongs to that. */
  private gathering = false;

  constructor(deps: WheelDeps) {
    this.deps = deps;
  }

  /** Begins to turn. */
  start(): void {
    this.regular = setInterval(() => this.turn(), this.deps.every);
  }

  /**
   * Something was seen: turn soon. Where turns have followed each other for a while, news waits as long as they took, so
   * that half the time is left for taking in more of it: a whole site that reports for the first time is a few long turns,
   * not thousands. A single change waits for nothing.
   */
  touch(): void {
    const rest = this.rested(this.deps.now()) - ALLOWANCE;
    this.soon ??= setTimeout(() => this.turn(), Math.min(GATHER_AT_MOST, Math.max(GATHER, rest)));
  }

  /** The debt as it is now: a millisecond that passes pays one back. */
  private rested(now: number): number {
    this.debt = Math.max(0, this.debt - Math.max(0, now - this.debtAt) * 1000);
    this.debtAt = now;
    return this.debt;
  }

  /** Turns now. */
  turn(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    if (this.gathering) {
      return;
    }
    try {
      const now = this.deps.now();
      this.deps.publish(this.settle(now));
      this.lastTurn = now;
      this.rested(now);
      this.debtAt = this.deps.now();
      this.debt = Math.min(LONGEST_REST, this.debt + Math.max(0, this.debtAt - now) * 1000);
      if (this.deps.engine.unsettled) {
        this.touch();
      }
    } catch (error) {
      this.deps.logger.error(
        { error },
        "a turn of the engine failed; it is tried again, and everything handed on anew",
      );
      this.deps.onFailed?.();
    }
  }

  private settle(now: number): Changes {
    return this.deps.engine.settle(now, this.deps.isTrusted?.() ?? true);
  }

  /** Everything there is, gathered in many turns between which others have theirs. */
  async everything(): Promise<ChangesSum> {
    const { engine, now } = this.deps;
    const sum = new ChangesSum(now());
    const { isNew } = engine;
    this.gathering = true;
    try {
      await this.gather((turn) => sum.add(turn));
      if (!isNew) {
        engine.renew();
        await this.gather((turn) => sum.add({ ...turn, events: turn.events.filter(({ kind }) => kind === "state") }));
      }
      return sum;
    } finally {
      this.gathering = false;
      if (this.regular !== undefined) {
        this.touch();
      }
    }
  }

  private async gather(add: (turn: Changes) => void): Promise<void> {
    do {
      this.lastTurn = this.deps.now();
      add(this.settle(this.lastTurn));
      await nextRound();
    } while (this.deps.engine.unsettled);
  }

  /** Ends turning. */
  stop(): void {
    clearTimeout(this.soon);
    clearInterval(this.regular);
    this.regular = undefined;
  }
}
