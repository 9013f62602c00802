/**
 * A redis-server or valkey-server of our own: a private child on a Unix socket, with an append-only file in our data
 * folder. `flock` keeps two servers off one folder (the later one would silently lose everything it was told), and
 * `boundTo` ends the child when we die, however we die. The signal follows the thread that started the child, so this
 * runs on the main thread.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { boundTo } from "./bound-to.ts";
import { endChild } from "./end-child.ts";
import { lockHolder } from "./lock-holder.ts";
import { managedConfiguration } from "./managed-configuration.ts";
import { askPlainly } from "./plain-question.ts";
import { RestartPolicy } from "./restart-policy.ts";
import type { ServerProgram } from "./server-program.ts";

/** Exit code of `flock` where somebody else holds the lock. */
const LOCKED = 75;

/** Bytes a Unix socket's path may have on Linux, 108 with the final zero. */
const LONGEST_SOCKET_PATH = 107;

/** Milliseconds. The lock of a daemon that was just killed is free only when its child has ended. */
const LOCK_PATIENCE = 3_000;
const LOCK_RETRY = 100;
/** A server still loading after this long is left to it; clients wait by themselves. */
const READY_PATIENCE = 1_500;
const STOP_PATIENCE = 20_000;

/** Last lines of the server's log, for errors. */
const LINES_KEPT = 20;

/** One managed server. `start` begins, `stop` ends it cleanly; in between it is started again when it crashes. */
export class ManagedRedis {
  private readonly program: ServerProgram;
  private readonly folder: string;
  private readonly logger: Logger;
  private readonly policy = new RestartPolicy();
  private readonly lines: string[] = [];
  private child: ChildProcess | undefined;
  private restart: NodeJS.Timeout | undefined;
  private socketFolder: string | undefined;
  private stopping = false;
  private path = "";
  private damage: DotmError | undefined;
  private readonly repairLook: number;

  /**
   * `folder` is where the data lies; it is made where missing. `repairLook` is how many milliseconds lie between two looks
   * whether damaged data was repaired.
   */
  constructor(program: ServerProgram, folder: string, logger: Logger, { repairLook = 30_000 } = {}) {
    this.program = program;
    this.folder = folder;
    this.logger = logger;
    this.repairLook = repairLook;
  }

  /** What keeps it from being used, with what to do; null where nothing does. */
  get fault(): string | null {
    return this.damage === undefined ? null : `${this.damage.message} ${this.damage.next}`;
  }

  /** Path of the Unix socket; known after `start`. */
  get socket(): string {
    return this.path;
  }

  /**
   * Starts the server and resolves when it answers. Where its data is damaged it resolves, too: nobody but people may repair
   * that, `fault` says how, and the server is started when it is done.
   * @throws DotmError DOTM_LOCKED where another server has the folder, DOTM_STORE_FAILED where it does not start
   */
  async start(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await chmod(this.folder, 0o700);
      this.path = await this.socketPath();
      await this.launchUnlocked();
    } catch (error) {
      if (error instanceof DotmError && this.isDamaged()) {
        this.awaitRepair(error);
        return;
      }
      await this.removeSocketFolder();
      const message = `The store's folder ${this.folder} cannot be used (${messageOf(error)}).`;
      throw error instanceof DotmError ? error : new DotmError("DOTM_STORE_FAILED", message, "", { cause: error });
    }
  }

  /** Ends the server after it has written what it holds. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    if (this.child !== undefined) {
      await endChild(this.child, STOP_PATIENCE);
    }
    await this.removeSocketFolder();
  }

  private async launchUnlocked(): Promise<void> {
    const deadline = performance.now() + LOCK_PATIENCE;
    while ((await this.launch()) === LOCKED) {
      if (performance.now() > deadline) {
        throw await this.locked();
      }
      await delay(LOCK_RETRY);
    }
  }

  /** Starts once; resolves to undefined when it answers, to the exit code `LOCKED` where the folder is taken. */
  private async launch(): Promise<number | undefined> {
    const lock = join(this.folder, ".lock");
    // The configuration comes by standard input: nothing to find on disk or in the list of processes.
    const command = ["-nF", "-E", String(LOCKED), lock, ...boundTo(process.pid), this.program, "-"];
    this.lines.length = 0;
    const child = spawn("flock", command, {
      stdio: ["pipe", "pipe", "pipe"],
      // Ctrl-C in a terminal goes to the whole group; the child must outlive our last write.
      detached: true,
    });
    this.child = child;
    const ended = new Promise<number>((resolve) => {
      child.once("error", (error) => {
        this.lines.push(error.message);
        resolve(-1);
      });
      child.once("exit", (code) => resolve(code ?? -1));
    });
    this.readLog(child);
    this.tell(child, managedConfiguration(this.folder, this.path));
    const code = await Promise.race([this.answers(child), ended]);
    if (code === undefined) {
      void ended.then((exit) => this.crashed(exit));
      return undefined;
    }
    if (code !== LOCKED) {
      throw this.failed(code);
    }
    return code;
  }

  /** Where no file descriptor is left there are neither pipes nor a child. */
  private tell(child: ChildProcess, configuration: string): void {
    child.stdin?.on("error", () => {
      // ended before it read its configuration; the exit code tells why
    });
    child.stdin?.end(configuration);
  }

  private readLog(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) {
        createInterface({ input: stream }).on("line", (line) => {
          this.lines.push(line.slice(0, 500));
          this.lines.splice(0, this.lines.length - LINES_KEPT);
          this.logger.debug({ program: this.program, line }, "store says");
        });
      }
    }
  }

  /** Resolves when the server answers, or is seen loading for long. */
  private async answers(child: ChildProcess): Promise<undefined> {
    const deadline = performance.now() + READY_PATIENCE;
    while (child.exitCode === null && child.signalCode === null) {
      const answer = await askPlainly(this.path, "INFO");
      // The socket may still be that of a server that holds the lock.
      const ours = answer.includes(`process_id:${child.pid}\r`);
      if (ours && (answer.includes("\nloading:0\r") || performance.now() > deadline)) {
        return undefined;
      }
      await delay(20);
    }
    return new Promise<undefined>(() => {
      // the exit code is the answer
    });
  }

  private crashed(code: number): void {
    if (this.stopping) {
      return;
    }
    const wait = this.policy.afterCrash(performance.now());
    const fields = { program: this.program, code, lastLines: this.lines.slice(-3) };
    if (wait === undefined) {
      this.logger.error(fields, "The store crashes again and again; it is not started any more. See: dotm doctor");
      return;
    }
    this.logger.warn({ ...fields, wait }, "The store crashed; it is started again");
    this.restart = setTimeout(() => {
      this.launch().then(
        (locked) => (locked === undefined ? undefined : this.crashed(locked)),
        () => this.crashed(-1),
      );
    }, wait);
  }

  /** An empty store in its place would look as if nothing had ever been known. */
  private awaitRepair(damage: DotmError): void {
    if (this.stopping) {
      return;
    }
    if (this.damage === undefined) {
      this.logger.error({ error: damage, next: damage.next }, "The store is damaged; DOTM goes on without it");
    }
    this.damage = damage;
    this.restart = setTimeout(() => {
      this.launch().then(
        (locked) => (locked === undefined ? this.repaired() : this.awaitRepair(damage)),
        () => this.awaitRepair(damage),
      );
    }, this.repairLook);
  }

  private repaired(): void {
    this.damage = undefined;
    this.logger.info({ program: this.program }, "The store is used again");
  }

  private isDamaged(): boolean {
    return this.lines.some(
      (line) => /append[- ]only file|appendonly|AOF/i.test(line) && /format|fix|corrupt/i.test(line),
    );
  }

  private failed(code: number): DotmError {
    const said = this.lines.slice(-3).join(" | ") || `exit code ${code}`;
    const next = this.isDamaged()
      ? `Keep a copy of ${this.folder}, then repair it: redis-check-aof --fix ${join(this.folder, "appendonlydir")}/*.manifest`
      : "Set redis.url to use another Redis. See: dotm doctor";
    return new DotmError("DOTM_STORE_FAILED", `${this.program} did not start (${said}).`, next);
  }

  private async locked(): Promise<DotmError> {
    const holder = await lockHolder(join(this.folder, ".lock"));
    const who = holder === undefined ? "" : ` (pid ${holder})`;
    return new DotmError(
      "DOTM_LOCKED",
      `Another DOTM keeps its store in ${this.folder}; its ${this.program}${who} holds the lock.`,
      "Stop it, or give this one a data_dir of its own.",
    );
  }

  private async socketPath(): Promise<string> {
    const path = join(this.folder, "redis.sock");
    if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) {
      return path;
    }
    this.socketFolder = await mkdtemp(join(tmpdir(), "dotm-"));
    return join(this.socketFolder, "redis.sock");
  }

  private async removeSocketFolder(): Promise<void> {
    if (this.socketFolder !== undefined) {
      await rm(this.socketFolder, { recursive: true, force: true });
    }
  }
}
