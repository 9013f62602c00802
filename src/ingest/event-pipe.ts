/**
 * A named pipe into which event handlers write. Nobody waits for anybody: the pipe is open for reading and writing, so
 * that a writer always finds a reader, and a writer that opens it without blocking fails at once where DOTM is away.
 */
import { execFile } from "node:child_process";
import { close, constants, fstat, open } from "node:fs";
import { Socket } from "node:net";
import { promisify } from "node:util";
import { isMissing, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { LogLines } from "./log-lines.ts";
import { QuietLog } from "./quiet-log.ts";

/** Which pipe, and who is told. */
export interface EventPipeOptions {
  /** Name of the source it belongs to. */
  readonly name: string;
  /** Path of the pipe; made where it is not there. */
  readonly path: string;
  /** Takes whole lines without their line feeds. Never throws. */
  readonly onLines: (lines: readonly Buffer[]) => void;
  readonly logger: Logger;
  /** Where what is wrong is counted and warned of; absent: one of its own. */
  readonly quiet?: QuietLog;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Seconds between two attempts to open it. */
const RETRY = 10;

/** Whoever monitors belongs into the pipe's group; others have no business here. */
const MODE = "0660";

/** A pipe that is read from `start` to `stop`. One that cannot be opened is warned of, and tried again. */
export class EventPipe {
  readonly #options: EventPipeOptions;
  readonly #quiet: QuietLog;
  #socket: Socket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: EventPipeOptions) {
    this.#options = options;
    this.#quiet = options.quiet ?? new QuietLog(options.logger, options.now);
  }

  /** Begins to read; resolves after the first attempt to open the pipe. */
  async start(): Promise<void> {
    const { name, path } = this.#options;
    try {
      const descriptor = await openPipe(path);
      if (this.#stopped) {
        close(descriptor);
        return;
      }
      this.#read(descriptor);
    } catch (error) {
      if (this.#stopped) {
        return;
      }
      const next = `Remove what is there; DOTM makes the pipe itself where it may write the folder, or: mkfifo -m ${MODE} ${path}`;
      this.#quiet.warn("the event pipe cannot be read", "failed", { source: name, cause: messageOf(error), next });
      this.#tryAgain();
    }
  }

  /** Ends; nothing is told after it was called. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#socket?.destroy();
  }

  #read(descriptor: number): void {
    const cutter = new LogLines(false);
    const socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.#socket = socket;
    socket.on("data", (chunk) => {
      const lines = cutter.take(chunk);
      if (lines.length > 0 && !this.#stopped) {
        this.#options.onLines(lines);
      }
    });
    socket.on("error", () => undefined);
    socket.on("close", () => this.#tryAgain());
  }

  #tryAgain(): void {
    if (!this.#stopped) {
      this.#retry = setTimeout(() => void this.start(), RETRY * 1000);
    }
  }
}

/** Opens the pipe, made before where nothing is there; a file or a link in its place is refused, never written into. */
async function openPipe(path: string): Promise<number> {
  const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  try {
    return await openedPipe(path, flags);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
  }
  await promisify(execFile)("mkfifo", ["-m", MODE, "--", path]);
  return openedPipe(path, flags);
}

async function openedPipe(path: string, flags: number): Promise<number> {
  const descriptor = await promisify(open)(path, flags);
  const stats = await promisify(fstat)(descriptor);
  if (!stats.isFIFO()) {
    close(descriptor);
    throw new Error(`${path} is not a named pipe`);
  }
  return descriptor;
}
