/** The number of each report, so that the server sees gaps, repetitions and restarts. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { attempt } from "./proc-files.ts";
import { writeSynced } from "./spool.ts";

/** Where a report stands. */
export interface ReportNumber {
  readonly boot: string;
  readonly sequence: number;
}

/**
 * Counts reports. The count goes on after a restart of the agent as long as its file is there; where it was lost, or
 * the machine was booted anew, `boot` becomes a new one and the count begins again.
 */
export class ReportCount {
  #file: string | undefined;
  readonly #bootId: string;
  #last: ReportNumber;

  /** `file` keeps the count; without one it is kept in memory only. `bootId` is the kernel's. */
  constructor(file: string | undefined, bootId: string) {
    this.#file = file;
    this.#bootId = bootId;
    const kept = file === undefined ? undefined : readNumber(file);
    this.#last = kept?.boot.startsWith(`${bootId}-`) ? kept : this.#begin();
  }

  /**
   * The next number; it is on the disk before it is used, so that it is never used twice. Where the disk does not take
   * it, a new count begins in memory: the old one goes on unbroken when the file can be written again.
   */
  next(): ReportNumber {
    const number = { boot: this.#last.boot, sequence: this.#last.sequence + 1 };
    if (this.#file === undefined || keep(this.#file, number)) {
      this.#last = number;
    } else {
      this.#file = undefined;
      this.#last = { ...this.#begin(), sequence: 1 };
    }
    return this.#last;
  }

  #begin(): ReportNumber {
    return { boot: `${this.#bootId}-${randomBytes(6).toString("hex")}`, sequence: 0 };
  }
}

/** The kernel's id of this boot; empty where it tells none. */
export function readBootId(read: (path: string) => string): string {
  return attempt(() => read("sys/kernel/random/boot_id"))?.trim() ?? "";
}

function keep(file: string, number: ReportNumber): boolean {
  const kept = attempt(() => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeSynced(`${file}.tmp`, JSON.stringify(number));
    renameSync(`${file}.tmp`, file);
    return true;
  });
  return kept === true;
}

function readNumber(file: string): ReportNumber | undefined {
  return attempt(() => {
    const { boot, sequence } = JSON.parse(readFileSync(file, "utf8")) as Partial<ReportNumber>;
    return typeof boot === "string" && Number.isSafeInteger(sequence)
      ? { boot, sequence: Number(sequence) }
      : undefined;
  });
}
