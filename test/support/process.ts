/** Child processes of tests: started, watched for what they print, and stopped by their pid, whatever happens. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { findProgram } from "./real.ts";

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** How a process ended; `code` is null where a signal ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How a process is started. */
export interface StartOptions {
  readonly cwd?: string;
  /** Added to the test's own environment; undefined takes a name out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  /** For daemons that have children of their own: none of them outlives the test, however either side ends. */
  readonly daemon?: boolean;
  /** Whom a daemon runs as; only root can give another user than its own. */
  readonly user?: string | undefined;
}

/** What a finished program left behind. */
export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<TestProcess>();

// Vitest calls this at the end of each file that imports this one; a worker that dies otherwise is caught by `exit`,
// and so are the long forms of tests, which run without Vitest.
if (process.env["VITEST"] !== undefined) {
  afterAll(stopAll);
}
process.on("exit", () => {
  for (const child of running) {
    child.kill("SIGKILL");
  }
});

/** One running child with everything it has printed so far. */
export class TestProcess {
  readonly pid: number;
  /** Settles when the process has ended and its output is complete. */
  readonly ended: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #leadsGroup: boolean;
  #stdout = "";
  #stderr = "";
  #watchers: (() => void)[] = [];
  #exit: Exit | undefined;

  constructor(child: ChildProcess, name: string, leadsGroup = false) {
    this.#child = child;
    this.#name = name;
    this.#leadsGroup = leadsGroup;
    this.pid = child.pid ?? -1;
    this.ended = new Promise((settle) => {
      child.once("error", (error) => {
        this.#stderr += `${error.message}\n`;
        settle({ code: 127, signal: null });
      });
      child.once("exit", () => this.#endGroup());
      child.once("close", (code, signal) => settle({ code, signal }));
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#print(text, ""));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#print("", text));
    running.add(this);
    void this.ended.then((exit) => {
      this.#exit = exit;
      running.delete(this);
      this.#wake();
    });
  }

  /** Everything printed to standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Everything printed to standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Waits for `pattern` in what the process prints, on either stream; rejects where it ends or falls silent before. */
  async waitFor(pattern: RegExp, milliseconds = 20_000): Promise<RegExpExecArray> {
    const expired = AbortSignal.timeout(milliseconds);
    expired.addEventListener("abort", () => this.#wake());
    for (;;) {
      const match = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
      if (match !== null) {
        return match;
      }
      if (this.#exit !== undefined || expired.aborted) {
        throw new Error(this.#story(`printed no ${pattern}`));
      }
      await new Promise<void>((wake) => this.#watchers.push(wake));
    }
  }

  /** Reads no more of what it prints, as a terminal or a log that is gone. */
  hangUp(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  /** Sends a signal; the test goes on. A daemon that is asked to end sees to its children, all else is for them too. */
  kill(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) {
      // It could not be started: as a number of a process it has none, and what is sent there reaches others.
      return;
    }
    if (this.#leadsGroup && ["SIGKILL", "SIGSTOP", "SIGCONT"].includes(signal)) {
      this.#killGroup(signal);
    } else {
      this.#child.kill(signal);
    }
  }

  /** Ends the process with `signal`, with SIGKILL where it does not obey in time, and waits for its end. */
  async stop(signal: NodeJS.Signals = "SIGTERM", milliseconds = 20_000): Promise<Exit> {
    this.kill(signal);
    const late = Symbol("late");
    const patience = new AbortController();
    const first = await Promise.race([
      this.ended,
      delay(milliseconds, late, { signal: patience.signal }).catch(() => late),
    ]);
    patience.abort();
    if (typeof first === "object") {
      return first;
    }
    this.kill("SIGKILL");
    await this.ended;
    throw new Error(this.#story(`did not end within ${milliseconds} ms of ${signal}`));
  }

  #endGroup(): void {
    if (this.#leadsGroup) {
      this.#killGroup("SIGKILL");
    }
  }

  #killGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // Nobody is left.
    }
  }

  #print(stdout: string, stderr: string): void {
    this.#stdout += stdout;
    this.#stderr += stderr;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#watchers;
    this.#watchers = [];
    for (const wake of waiting) {
      wake();
    }
  }

  #story(what: string): string {
    const exit = this.#exit === undefined ? "still running" : `ended: ${this.#exit.signal ?? this.#exit.code}`;
    return `${this.#name} ${what} (${exit})\n--- stdout\n${this.#stdout.slice(-4000)}\n--- stderr\n${this.#stderr.slice(-4000)}`;
  }
}

/** Starts a program; it is stopped at the end of the test file at the latest. */
export function startProgram(program: string, args: readonly string[], options: StartOptions = {}): TestProcess {
  const daemon = options.daemon === true;
  const [file, words] = daemon ? boundToUs(program, args, options.user) : [program, args];
  const child = spawn(file, [...words], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    detached: daemon,
  });
  child.stdin?.end(options.stdin);
  return new TestProcess(child, [program, ...args].join(" "), daemon);
}

/** The command that runs a program which the kernel ends with us, should this worker be killed. */
function boundToUs(program: string, args: readonly string[], user: string | undefined): [string, readonly string[]] {
  const setpriv = findProgram("setpriv");
  if (setpriv === undefined) {
    return [program, args];
  }
  const identity = user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, "--init-groups"];
  return [setpriv, ["--pdeathsig=SIGTERM", ...identity, "--", program, ...args]];
}

/** Starts one of our own scripts (`bin/dotm.js`) under the Node the tests run on. */
export function startScript(script: string, args: readonly string[], options: StartOptions = {}): TestProcess {
  return startProgram(process.execPath, [resolve(ROOT, script), ...args], options);
}

/** Runs one of our own scripts to its end. */
export async function runScript(
  script: string,
  args: readonly string[],
  options: StartOptions = {},
): Promise<Finished> {
  const child = startScript(script, args, options);
  const exit = await child.ended;
  return { ...exit, stdout: child.stdout, stderr: child.stderr };
}

/**
 * A TCP port of loopback that was free a moment ago. It lies below those the kernel gives to clients: otherwise a
 * client that retries while its server is away may take the port itself, or even connect to itself.
 */
export async function freePort(): Promise<number> {
  const [lowest, highest] = [20_000, 32_000];
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error("found no free TCP port");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.once("error", () => answer(false));
    server.listen(port, "127.0.0.1", () => server.close(() => answer(true)));
  });
}

/** Asks again every `every` milliseconds until the answer is there; rejects with what was seen last. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  milliseconds = 30_000,
  every = 100,
): Promise<T> {
  const end = Date.now() + milliseconds;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) {
        return answer;
      }
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${milliseconds} ms: ${what}`, { cause: last });
    }
    await delay(every);
  }
}

async function stopAll(): Promise<void> {
  await Promise.allSettled([...running].map((child) => child.stop("SIGTERM", 5000)));
}
