/** Writes down what is done before it is done, and what was refused, as far as that is not a flood. */
import { DotmError, messageOf } from "../errors.ts";
import type { Act, Actor, Result } from "./audit-entry.ts";
import { appendAudit } from "./audit-file.ts";

/** Refusals written down in a minute; the rest is counted. */
const MOST_REFUSALS = 30;

/** The audit log of one process. */
export class AuditTrail {
  readonly file: string;
  /** Unix seconds. */
  readonly #now: () => number;
  #minute = 0;
  #refusals = 0;
  #leftOut = 0;

  constructor(file: string, now: () => number) {
    this.file = file;
    this.#now = now;
  }

  /**
   * Does something that changes DOTM; a line tells of it first, and a second one where it fails.
   * @throws DotmError DOTM_AUDIT_FAILED where the line cannot be written, and then nothing is done; what `change` throws
   */
  async around<T>(by: Actor, act: Act, change: () => T | Promise<T>): Promise<T> {
    this.done(by, act);
    try {
      return await change();
    } catch (error) {
      this.failed(by, act, reasonOf(error));
      throw error;
    }
  }

  /** Tells of something that is done. @throws DotmError DOTM_AUDIT_FAILED */
  done(by: Actor, act: Act): void {
    this.#append(by, act, "done", null);
  }

  /** Tells of something that failed. @throws DotmError DOTM_AUDIT_FAILED */
  failed(by: Actor, act: Act, reason: string): void {
    this.#append(by, act, "failed", reason);
  }

  /** Tells of something that was refused. Of too many in a minute the number is told. @throws DotmError DOTM_AUDIT_FAILED */
  refused(by: Actor, act: Pick<Act, "action" | "object">, reason: string): void {
    const minute = Math.floor(this.#now() / 60);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#refusals = 0;
    }
    this.#refusals += 1;
    if (this.#refusals > MOST_REFUSALS) {
      this.#leftOut += 1;
      return;
    }
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    this.#append(by, { ...act, old: null, new: null }, "refused", reason, leftOut);
  }

  #append(by: Actor, act: Act, result: Result, reason: string | null, leftOut = 0): void {
    const at = new Date(this.#now() * 1000).toISOString();
    const { who, role, how, from } = by;
    appendAudit(this.file, { at, result, who, role, how, from, ...act, reason, leftOut });
  }
}

/** What was given is not repeated: it may be a secret in the wrong place. */
function reasonOf(error: unknown): string {
  const isGiven = error instanceof DotmError && error.code === "DOTM_USAGE";
  return isGiven ? "what was given cannot stand there" : messageOf(error);
}
