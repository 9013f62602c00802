/** A wall clock that a test sets for some processes, by libfaketime; the one that nobody can set goes on as it does. */
import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The library that does it, wherever this machine's architecture has it. */
export const LIBFAKETIME =
  readdirSync("/usr/lib")
    .map((folder) => join("/usr/lib", folder, "faketime/libfaketimeMT.so.1"))
    .find((path) => existsSync(path)) ?? "/usr/lib/faketime/libfaketimeMT.so.1";

/** One clock; processes that are started with `env` go by it, and their children. */
export class SetClock {
  readonly #file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Seconds by which it is ahead of ours. */
  ahead: number;

  /** `folder`: where it keeps what it shows. */
  constructor(folder: string, ahead = 0) {
    this.#file = join(folder, "clock");
    this.ahead = ahead;
    this.set(ahead);
    this.env = {
      LD_PRELOAD: LIBFAKETIME,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_CACHE_DURATION: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
      NO_FAKE_STAT: "1",
    };
  }

  /** Sets it; processes notice within a second or two. */
  set(ahead: number): void {
    this.ahead = ahead;
    writeFileSync(`${this.#file}.new`, `${ahead < 0 ? "" : "+"}${Math.round(ahead)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** What it shows, Unix seconds. */
  get now(): number {
    return Date.now() / 1_000 + this.ahead;
  }
}
