/**
 * A real Nagios 4 of a test's own: its configuration, state and logs in a temporary folder, no port, no CGIs.
 * The daemon runs in the foreground as our child. Started by root it drops to the user `nagios`.
 */
import { constants, existsSync, mkdtempSync, rmSync, watch } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { writeState } from "./monitored-objects.ts";
import { layOut, type NagiosOptions } from "./nagios-config.ts";
import { eventually, startProgram, type TestProcess } from "./process.ts";
import { findProgram } from "./real.ts";

/** One `key=value` block of status.dat as Nagios wrote it. */
export type StatusFields = ReadonlyMap<string, string>;

/** A running Nagios. */
export interface RunningNagios {
  readonly folder: string;
  /** nagios.cfg */
  readonly config: string;
  readonly statusFile: string;
  readonly objectsCache: string;
  readonly logFile: string;
  readonly commandFile: string;
  /** The daemon as it runs now; SIGSTOP and SIGCONT reach all of its processes. */
  readonly process: TestProcess;
  /** Sets what `check_state!FILE` answers from now on: exit code and output. */
  setState(file: string, code: number, output: string): void;
  /** Writes one external command, without its time, to the command pipe. */
  command(line: string): Promise<void>;
  /** The block of a host (`check` null) or service check in the present status.dat. */
  status(host: string, check: string | null): Promise<StatusFields | undefined>;
  /** Waits until status.dat shows what is asked for; rejects with the last block seen. */
  waitFor(
    host: string,
    check: string | null,
    is: (fields: StatusFields) => boolean,
    milliseconds?: number,
  ): Promise<StatusFields>;
  /** Ends the daemon, which deletes its status.dat; `startAgain` brings it back. */
  shutDown(signal?: NodeJS.Signals): Promise<void>;
  startAgain(): Promise<void>;
  /** Ends the daemon and removes the folder. */
  stop(): Promise<void>;
}

/** Starts a Nagios and waits until its first status.dat and its command pipe are there. */
export async function startNagios(options: NagiosOptions): Promise<RunningNagios> {
  const program = findProgram("nagios4");
  if (program === undefined) {
    throw new Error("nagios4 is not installed; run test/real/install.sh");
  }
  const folder = mkdtempSync(join(tmpdir(), "dotm-nagios-"));
  const user = process.getuid?.() === 0 ? "nagios" : userInfo().username;
  layOut(folder, user, options);
  const nagios = new Instance(program, folder);
  instances.add(nagios);
  await nagios.startAgain();
  return nagios;
}

const instances = new Set<Instance>();

// Vitest calls this at the end of each file that imports this one.
afterAll(async () => {
  await Promise.allSettled([...instances].map((instance) => instance.stop()));
});

class Instance implements RunningNagios {
  readonly folder: string;
  readonly config: string;
  readonly statusFile: string;
  readonly objectsCache: string;
  readonly logFile: string;
  readonly commandFile: string;
  readonly #program: string;
  #process: TestProcess | undefined;

  constructor(program: string, folder: string) {
    this.#program = program;
    this.folder = folder;
    this.config = join(folder, "etc/nagios.cfg");
    this.statusFile = join(folder, "var/status.dat");
    this.objectsCache = join(folder, "var/objects.cache");
    this.logFile = join(folder, "var/nagios.log");
    this.commandFile = join(folder, "var/rw/nagios.cmd");
  }

  get process(): TestProcess {
    if (this.#process === undefined) {
      throw new Error("Nagios does not run");
    }
    return this.#process;
  }

  async startAgain(): Promise<void> {
    // One that was killed left its files behind.
    rmSync(this.statusFile, { force: true });
    rmSync(this.commandFile, { force: true });
    this.#process = startProgram(this.#program, [this.config], { cwd: this.folder, daemon: true });
    await this.#whenever(async () => {
      const text = await readFile(this.statusFile, "latin1").catch(() => "");
      return text !== "" && existsSync(this.commandFile) ? true : undefined;
    }, 30_000);
    // A process of its own reads the pipe, and Nagios does not wait for it.
    await eventually("somebody reads the command pipe", () => this.#isPipeRead(), 30_000, 10);
  }

  async #isPipeRead(): Promise<true> {
    const pipe = await open(this.commandFile, constants.O_WRONLY | constants.O_NONBLOCK);
    await pipe.close();
    return true;
  }

  async shutDown(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    await running?.stop(signal);
  }

  setState(file: string, code: number, output: string): void {
    writeState(this.folder, file, code, output);
  }

  async command(line: string): Promise<void> {
    // Opening waits for a reader otherwise: where Nagios is gone this fails at once instead.
    const pipe = await open(this.commandFile, "r+");
    await pipe.write(`[${Math.floor(Date.now() / 1000)}] ${line}\n`);
    await pipe.close();
  }

  async status(host: string, check: string | null): Promise<StatusFields | undefined> {
    const text = await readFile(this.statusFile, "utf8").catch(() => "");
    return findBlock(text, host, check);
  }

  async waitFor(
    host: string,
    check: string | null,
    is: (fields: StatusFields) => boolean,
    milliseconds = 30_000,
  ): Promise<StatusFields> {
    let last: StatusFields | undefined;
    try {
      return await this.#whenever(async () => {
        last = await this.status(host, check);
        return last !== undefined && is(last) ? last : undefined;
      }, milliseconds);
    } catch (error) {
      const seen = last === undefined ? "nothing" : JSON.stringify(Object.fromEntries(last));
      throw new Error(`${host} / ${check}: waited in vain, last seen ${seen}`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    instances.delete(this);
    try {
      await this.shutDown();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  /** Asks now and after each rename in the folder of status.dat, until there is an answer. */
  async #whenever<T>(ask: () => Promise<T | undefined>, milliseconds: number): Promise<T> {
    const expired = AbortSignal.timeout(milliseconds);
    let wake = (): void => undefined;
    const watcher = watch(join(this.folder, "var"), () => wake());
    expired.addEventListener("abort", () => wake());
    let gone = false;
    void this.process.ended.then(() => {
      gone = true;
      wake();
    });
    try {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const answer = await ask();
        if (answer !== undefined) {
          return answer;
        }
        if (gone || expired.aborted) {
          const log = await readFile(this.logFile, "utf8").catch(() => "");
          throw new Error(
            `Nagios ${gone ? "ended" : "took too long"}\n${this.process.stdout.slice(-2000)}\n${log.slice(-2000)}`,
          );
        }
        await changed;
      }
    } finally {
      watcher.close();
    }
  }
}

function findBlock(text: string, host: string, check: string | null): StatusFields | undefined {
  const head = check === null ? "hoststatus {" : "servicestatus {";
  for (const block of text.split("\n\t}\n")) {
    const start = block.indexOf(head);
    if (start < 0) {
      continue;
    }
    const fields = new Map<string, string>();
    for (const line of block.slice(start + head.length + 1).split("\n")) {
      const equals = line.indexOf("=");
      fields.set(line.slice(1, equals), line.slice(equals + 1));
    }
    if (fields.get("host_name") === host && (check === null || fields.get("service_description") === check)) {
      return fields;
    }
  }
  return undefined;
}
