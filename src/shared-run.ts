/** Work that is done once for all who ask for it before it begins: one run after the other, never two at once. */
export class SharedRun<T> {
  readonly #act: () => Promise<T>;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<T> | undefined;

  constructor(act: () => Promise<T>) {
    this.#act = act;
  }

  /** What the next run gives, which begins once the one under way has ended, however it ends. */
  run(): Promise<T> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#act();
    });
    this.#running = this.#next.catch(() => undefined);
    return this.#next;
  }
}
