/** Checks passwords in a thread of its own: hashes are made to be dear, and strangers may have any number of them checked. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { isPasswordOf } from "./htpasswd-hash.ts";

/** What the thread is asked. */
export interface PasswordJob {
  readonly id: number;
  readonly password: string;
  readonly hash: string;
}

/** What it answers. */
export interface PasswordAnswer {
  readonly id: number;
  readonly isRight: boolean;
}

/** Begins with the first password; its thread ends with the process. */
export class PasswordThread {
  readonly #program: URL | undefined;
  readonly #start: (program: URL) => Worker;
  readonly #waiting = new Map<number, (isRight: boolean | undefined) => void>();
  #worker: Worker | undefined;
  #lastId = 0;

  /**
   * `program` is the thread's; where it is not there, the work is done by whoever asks. `start` starts it and may throw, where
   * the machine has no room for a thread.
   */
  constructor(
    program = new URL("./password-worker.js", import.meta.url),
    start = (file: URL): Worker => new Worker(file),
  ) {
    this.#program = existsSync(fileURLToPath(program)) ? program : undefined;
    this.#start = start;
  }

  /** Whether a password is the one of a hash; false for what we cannot check. */
  async check(password: string, hash: string): Promise<boolean> {
    if (this.#program === undefined) {
      return isPasswordOf(password, hash);
    }
    this.#worker ??= this.#begin(this.#program);
    const worker = this.#worker;
    if (worker === undefined) {
      return isPasswordOf(password, hash);
    }
    this.#lastId += 1;
    const job: PasswordJob = { id: this.#lastId, password, hash };
    worker.postMessage(job);
    const isRight = await new Promise<boolean | undefined>((done) => this.#waiting.set(job.id, done));
    return isRight ?? isPasswordOf(password, hash);
  }

  #begin(program: URL): Worker | undefined {
    let worker: Worker;
    try {
      worker = this.#start(program);
    } catch {
      return undefined;
    }
    worker.on("message", ({ id, isRight }: PasswordAnswer) => this.#settle(id, isRight));
    worker.on("error", () => this.#end(worker));
    worker.on("exit", () => this.#end(worker));
    worker.unref();
    return worker;
  }

  #settle(id: number, isRight: boolean | undefined): void {
    this.#waiting.get(id)?.(isRight);
    this.#waiting.delete(id);
  }

  /** What a dead thread was about is done by whoever asked; the next asker gets a new one. */
  #end(worker: Worker): void {
    if (this.#worker === worker) {
      this.#worker = undefined;
      for (const id of [...this.#waiting.keys()]) {
        this.#settle(id, undefined);
      }
    }
  }
}
