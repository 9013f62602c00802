/** Follows a log: looks when it is written, and once a second where nobody tells that it was. */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { fileFault } from "./file-fault.ts";
import { type FileWatch, watchFiles } from "./file-watch.ts";
import { LogFile } from "./log-file.ts";
import { QuietLog } from "./quiet-log.ts";

/** What is followed, and who is told. */
export interface LogTailOptions {
  /** Name of the source it belongs to. */
  readonly name: string;
  /** Path of the log; it need not exist. */
  readonly file: string;
  /** Takes whole lines without their line feeds, which are valid during the call only. Never throws. */
  readonly onLines: (lines: readonly Buffer[]) => void;
  readonly logger: Logger;
  /** Where what is wrong is counted and warned of; absent: one of its own. */
  readonly quiet?: QuietLog;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Network file systems do not tell of changes; looking costs two calls of `stat`. */
const LONGEST_UNTOLD = 1;

/** A log that is followed from `start` to `stop`. A log that cannot be read is warned of, and tried again. */
export class LogTail {
  readonly #name: string;
  readonly #path: string;
  readonly #file: LogFile;
  readonly #onLines: (lines: readonly Buffer[]) => void;
  readonly #logger: Logger;
  readonly #quiet: QuietLog;
  #watch: FileWatch | undefined;
  #net: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #isFollowed: boolean | undefined;
  #stopped = false;

  constructor({ name, file, onLines, logger, now, quiet = new QuietLog(logger, now) }: LogTailOptions) {
    this.#name = name;
    this.#path = file;
    this.#file = new LogFile(file);
    this.#onLines = onLines;
    this.#logger = logger;
    this.#quiet = quiet;
  }

  /** Begins to follow, and resolves after the first look, whether there is a log or not. */
  async start(): Promise<void> {
    const watch = await watchFiles(
      [this.#path],
      () => void this.#look(),
      (error) => this.#warn("cannot watch the folder of the log", "failed", { cause: messageOf(error) }),
    );
    if (this.#stopped) {
      await watch.close();
      return;
    }
    this.#watch = watch;
    this.#net = setInterval(() => void this.#look(), LONGEST_UNTOLD * 1000);
    await this.#look();
  }

  /** Ends; nobody is told anything after it was called. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#net);
    await this.#watch?.close();
    await this.#looking;
    await this.#file.close();
  }

  /** Looks at the log; a look that is under way is followed by another. */
  #look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#lookWhileNew().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookWhileNew(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#file.look((lines) => this.#tell(lines));
        this.#followed();
      } catch (error) {
        await this.#lost(error);
      }
    }
  }

  #tell(lines: readonly Buffer[]): void {
    if (!this.#stopped && lines.length > 0) {
      this.#onLines(lines);
    }
  }

  #followed(): void {
    if (!this.#stopped && this.#isFollowed === false) {
      this.#logger.info({ source: this.#name, file: this.#path }, "the log is followed again");
      // Its folder may be another one than the one that was watched.
      this.#watch?.renew();
    }
    this.#isFollowed = true;
  }

  async #lost(error: unknown): Promise<void> {
    this.#isFollowed = false;
    const { reason, ...fields } = await fileFault(this.#path, "log_file", error);
    this.#warn("the log cannot be followed; states come with the status file alone", reason, fields);
  }

  #warn(message: string, reason: string, fields: object): void {
    if (!this.#stopped) {
      this.#quiet.warn(message, reason, { source: this.#name, ...fields });
    }
  }
}
