/** The store of last resort: Valkey as WebAssembly in a thread of ours, its content kept on disk by us. */
import { randomBytes } from "node:crypto";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { DataLock } from "./data-lock.ts";
import { DumpKeeper } from "./dump-keeper.ts";
import { DumpLog } from "./dump-log.ts";
import { RestartPolicy } from "./restart-policy.ts";
import type { StoreOptions } from "./store-place.ts";
import { startValkeyWorker, type ValkeyWorker } from "./valkey-worker.ts";

/** Bytes of data at most; the engine addresses 32 bits, and a full one must answer OOM rather than end. */
const MAX_MEMORY = 2 * 1024 ** 3;

/** Milliseconds between two saves: what a crash may cost. */
const SAVE_INTERVAL = 2_000;

/** What the embedded store needs. */
export interface EmbeddedOptions {
  /** Where the data lies; made where missing. */
  readonly folder: string;
  readonly logger: Logger;
  /** Milliseconds between two saves, 2,000 unless said otherwise. */
  readonly interval?: number;
  /** Starts the engine's thread. */
  readonly startWorker?: typeof startValkeyWorker;
}

interface Running {
  readonly worker: ValkeyWorker;
  readonly keeper: DumpKeeper;
}

/** One embedded engine. `start` begins, `stop` saves and ends; in between it is started again when it crashes. */
export class EmbeddedValkey {
  private readonly folder: string;
  private readonly logger: Logger;
  private readonly interval: number;
  private readonly startWorker: typeof startValkeyWorker;
  private readonly password = newPassword();
  private readonly policy = new RestartPolicy();
  private lock: DataLock | undefined;
  private running: Running | undefined;
  private starting: Promise<void> | undefined;
  private restart: NodeJS.Timeout | undefined;
  private port = 0;
  private stopping = false;

  constructor({ folder, logger, interval = SAVE_INTERVAL, startWorker = startValkeyWorker }: EmbeddedOptions) {
    this.folder = folder;
    this.logger = logger;
    this.interval = interval;
    this.startWorker = startWorker;
  }

  /** How to connect; known after `start`. */
  get options(): StoreOptions {
    return { url: `redis://127.0.0.1:${this.port}`, password: this.password, keptByDaemon: true };
  }

  /**
   * Starts the engine with what was kept and resolves when it is all there.
   * @throws DotmError DOTM_LOCKED where another daemon has the folder, DOTM_STORE_FAILED where it does not start
   */
  async start(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await chmod(this.folder, 0o700);
      this.lock = await DataLock.take(join(this.folder, "lock"));
      await this.launch(this.lock);
    } catch (error) {
      await this.abandon();
      await this.lock?.release();
      const message = `The embedded store in ${this.folder} did not start (${messageOf(error)}).`;
      throw error instanceof DotmError ? error : new DotmError("DOTM_STORE_FAILED", message, "", { cause: error });
    }
  }

  /** Saves what changed since the last save; returns when it is on disk. */
  async save(): Promise<void> {
    await this.running?.keeper.save();
  }

  /** Saves and ends. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    await this.starting?.catch(() => undefined);
    try {
      await this.running?.keeper.stop(true);
    } finally {
      await this.running?.worker.stop();
      await this.lock?.release();
    }
  }

  private async launch(lock: DataLock): Promise<void> {
    const log = new DumpLog(join(this.folder, "dump"), this.logger);
    const { logger, interval } = this;
    // Clients that come back after a crash must not write before the old values are in: they get another password.
    const password = newPassword();
    let isReady = false;
    let ended: string | undefined;
    const worker = await this.startWorker({ port: this.port, password, maxMemory: MAX_MEMORY }, (reason) => {
      ended = reason;
      // Before, it is this beginning that fails: told twice, it would be started twice, and one ends the other.
      if (isReady) {
        void this.crashed(reason, lock);
      }
    });
    const keeper = new DumpKeeper({ port: worker.port, password, log, lock, logger, interval });
    this.running = { worker, keeper };
    await keeper.restore();
    await keeper.start();
    await keeper.open(this.password);
    if (ended !== undefined) {
      throw new Error(ended);
    }
    // Clients find it again after a crash only where it was.
    this.port = worker.port;
    isReady = true;
  }

  private async abandon(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    // What of it cannot be closed keeps nobody from starting another one.
    await running?.keeper.stop(false).catch(() => undefined);
    await running?.worker.stop();
  }

  private async crashed(reason: string, lock: DataLock): Promise<void> {
    const wait = this.policy.afterCrash(performance.now());
    await this.abandon();
    if (this.stopping) {
      return;
    }
    if (wait === undefined) {
      this.logger.error(
        { reason },
        "The embedded store crashes again and again; it is not started any more. See: dotm doctor",
      );
      return;
    }
    this.logger.warn({ reason, wait }, "The embedded store crashed; it is started again with what was saved");
    this.restart = setTimeout(() => {
      this.starting = this.launch(lock).catch((error: unknown) => this.crashed(messageOf(error), lock));
    }, wait);
  }
}

function newPassword(): string {
  return randomBytes(32).toString("base64url");
}
