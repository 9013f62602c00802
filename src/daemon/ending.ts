/** Why a process cannot go on, told to whoever runs it. */
export class Ending {
  /** Rejects with the reason. */
  readonly told: Promise<never>;
  #reject: (reason: Error) => void = () => undefined;

  constructor() {
    this.told = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Who stops it before never asks.
    this.told.catch(() => undefined);
  }

  /** Tells it; the first reason counts. */
  tell(reason: Error): void {
    this.#reject(reason);
  }
}
