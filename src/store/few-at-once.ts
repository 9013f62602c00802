/** Does what takes much memory a few at a time; others wait for their turn, and too many of them are sent away. */
import { DotmError } from "../errors.ts";

/** A place with so many seats, and so much room to wait. */
export class FewAtOnce {
  private readonly atOnce: number;
  private readonly mostWaiting: number;
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(atOnce: number, mostWaiting: number) {
    this.atOnce = atOnce;
    this.mostWaiting = mostWaiting;
  }

  /** Does it once there is a seat. @throws DotmError DOTM_BUSY where too many wait already */
  async run<T>(act: () => Promise<T>): Promise<T> {
    if (this.running >= this.atOnce) {
      if (this.waiting.length >= this.mostWaiting) {
        throw new DotmError("DOTM_BUSY", "Too many ask for this at once.", "Ask again in some seconds.");
      }
      // Who ends hands its seat on.
      await new Promise<void>((turn) => this.waiting.push(turn));
    } else {
      this.running += 1;
    }
    try {
      return await act();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) {
        this.running -= 1;
      } else {
        next();
      }
    }
  }
}
