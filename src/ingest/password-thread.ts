/** Checks passwords in a thread of its own: hashes are made to be dear, and strangers may have any number of them checked. */
import { JobThread, type StartThread } from "../job-thread.ts";
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

/** Does the work itself where no thread can be had, or where one died of it. */
export class PasswordThread {
  readonly #thread: JobThread<Omit<PasswordJob, "id">, PasswordAnswer>;

  /** `program` is the thread's, `start` starts it. */
  constructor(program = new URL("./password-worker.js", import.meta.url), start?: StartThread) {
    this.#thread = new JobThread(program, start);
  }

  /** Whether a password is the one of a hash; false for what we cannot check. */
  async check(password: string, hash: string): Promise<boolean> {
    const answer = await this.#thread.ask({ password, hash });
    return answer?.isRight ?? isPasswordOf(password, hash);
  }
}
