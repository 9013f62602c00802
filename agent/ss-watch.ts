/** Watches the end of TCP connections through `ss -E`, which asks for no right; it knows no processes. */
import { type ChildProcess, spawn } from "node:child_process";
import type { Opened, Watch, Watched } from "./watch.ts";

/** What watching needs. */
export interface SsWatchDeps {
  /** Starts the stream. */
  readonly spawn: () => ChildProcess;
  readonly parse: (line: string) => Opened | undefined;
  /** What every report says of this way of watching. */
  readonly remark: string;
}

/** Connections kept between two looks; beyond them they are counted as lost. */
const MOST_KEPT = 32_768;

/** Starts `ss`, line by line where `stdbuf` is there: else it keeps the last 4 KiB to itself. */
export function spawnSs(): ChildProcess {
  const PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin";
  const script = "command -v stdbuf > /dev/null && exec stdbuf -oL ss -tnEHO; exec ss -tnEHO";
  return spawn("sh", ["-c", script], { env: { PATH, LC_ALL: "C" }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Keeps what ended since the last look. A stream that ends is started again at the next look, which covers the gap. */
export class SsWatch implements Watch {
  readonly #deps: SsWatchDeps;
  #child: ChildProcess | undefined;
  #ended: Opened[] = [];
  #lost = 0;
  #whole = false;
  #lastWords = "";
  #broken = false;

  constructor(deps: SsWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    const child = this.#deps.spawn();
    this.#child = child;
    this.#broken = false;
    child.on("error", (error) => this.#break(child, error.message));
    child.on("exit", (code, signal) => this.#break(child, `it ended with ${code ?? signal}`));
    let rest = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = `${rest}${text}`.split("\n");
      // A line that was cut would name another port; without its end it is not taken.
      rest = lines.pop() ?? "";
      for (const line of lines) {
        this.#take(line);
      }
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = `${this.#lastWords}${text}`.slice(-200);
    });
  }

  take(): Watched {
    const opened = this.#ended;
    const lost = this.#lost;
    const notes = [this.#broken ? `ss -E broke off (${this.#lastWords.trim()})` : this.#deps.remark];
    const level = this.#broken ? "proc" : "ss";
    const complete = this.#whole && !this.#broken && lost === 0;
    this.#ended = [];
    this.#lost = 0;
    if (this.#broken) {
      this.#lastWords = "";
      this.start();
    }
    this.#whole = true;
    return { level, opened, live: new Map(), complete, lost, notes };
  }

  stop(): void {
    const child = this.#child;
    this.#child = undefined;
    // A program that could not be started has no pid yet still a handle, and what is sent there reaches our whole process group.
    if (child?.pid !== undefined) {
      child.kill("SIGTERM");
    }
  }

  #take(line: string): void {
    const opened = this.#deps.parse(line);
    if (opened !== undefined && this.#ended.length < MOST_KEPT) {
      this.#ended.push(opened);
    } else if (opened !== undefined) {
      this.#lost++;
    }
  }

  #break(child: ChildProcess, reason: string): void {
    if (this.#child === child) {
      this.#broken = true;
      this.#lastWords ||= reason;
    }
  }
}
