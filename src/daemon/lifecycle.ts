/** Named cleanups, run last in first out; one that fails keeps none of the others from running. */
import type { Logger } from "../logger.ts";

/** What must be undone at the end. */
export class Lifecycle {
  private readonly logger: Logger;
  private readonly cleanups: { readonly name: string; readonly undo: () => Promise<void> | void }[] = [];
  private stopping: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** Notes how to undo what was just done. */
  onStop(name: string, undo: () => Promise<void> | void): void {
    this.cleanups.push({ name, undo });
  }

  /** Undoes everything; calling it twice is the same as once. */
  stop(): Promise<void> {
    this.stopping ??= this.unwind();
    return this.stopping;
  }

  private async unwind(): Promise<void> {
    for (let next = this.cleanups.pop(); next !== undefined; next = this.cleanups.pop()) {
      try {
        await next.undo();
      } catch (error) {
        this.logger.error({ part: next.name, error }, "could not stop a part");
      }
    }
  }
}
