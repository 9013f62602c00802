/** A thread of its own for work that would hold everybody up; may not be had, so whoever asks knows another way. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/** Starts a thread of that program; may throw where the machine has no room for one. */
export type StartThread = (program: URL) => Worker;

/** Asks the thread `Job` and an `id`, and awaits `Answer` with the same one. Begins with the first job, ends with the process. */
export class JobThread<Job extends object, Answer extends { readonly id: number }> {
  readonly #program: URL;
  readonly #start: StartThread;
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  #worker: Worker | undefined;
  #lastId = 0;
  /** Whether there is a program to run: in a source tree that was not built there is none. */
  readonly isBuilt: boolean;

  constructor(program: URL, start: StartThread = (file) => new Worker(file)) {
    this.#program = program;
    this.#start = start;
    this.isBuilt = existsSync(fileURLToPath(program));
  }

  /** Undefined where there is no thread, where it died of something, or took more than `limit` milliseconds, waiting included. */
  async ask(job: Job, limit?: number): Promise<Answer | undefined> {
    this.#worker ??= this.#begin();
    const worker = this.#worker;
    if (worker === undefined) {
      return undefined;
    }
    this.#lastId += 1;
    const id = this.#lastId;
    worker.postMessage({ id, ...job });
    // Work cannot be interrupted otherwise.
    const timer = limit === undefined ? undefined : setTimeout(() => this.#end(worker), limit);
    const answer = await new Promise<Answer | undefined>((done) => this.#waiting.set(id, done));
    clearTimeout(timer);
    return answer;
  }

  /** Undefined where no thread can be had: a crowded machine may have no room for one more. */
  #begin(): Worker | undefined {
    if (!this.isBuilt) {
      return undefined;
    }
    let worker: Worker;
    try {
      worker = this.#start(this.#program);
    } catch {
      return undefined;
    }
    worker.on("message", (answer: Answer) => this.#settle(answer.id, answer));
    worker.on("error", () => this.#end(worker));
    worker.on("exit", () => this.#end(worker));
    worker.unref();
    return worker;
  }

  #settle(id: number, answer: Answer | undefined): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  /** Gives a thread up, with all that waits for it. The next asker gets a new one. */
  #end(worker: Worker): void {
    if (this.#worker === worker) {
      this.#worker = undefined;
      void worker.terminate();
      for (const id of [...this.#waiting.keys()]) {
        this.#settle(id, undefined);
      }
    }
  }
}
