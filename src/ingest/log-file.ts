/**
 * Reads what is added to a log, across rotation (renamed, a new file in its place), truncation and copying with
 * truncation. Which file it is and how far it was read is told by device, inode, place and the first bytes.
 */
import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { LogLines } from "./log-lines.ts";

/** Taken first from the end of a log, in bytes: what may be newer than the status file. Less than a chunk. */
const READ_BACK = 64 * 1024;

/** Read at a time, in bytes. */
const CHUNK = 256 * 1024;

/** First bytes by which a log is told from another one; the first line has a time. */
const HEAD = 256;

/** A log that is open. */
interface OpenLog {
  readonly handle: FileHandle;
  readonly dev: bigint;
  readonly ino: bigint;
  lines: LogLines;
  /** Where to read on. */
  at: number;
  head: Buffer;
  /** When it was written last as of the last look. */
  mtimeNs: bigint;
}

/** The log at one path. Not to be looked at twice at a time. */
export class LogFile {
  readonly #path: string;
  readonly #chunk = Buffer.alloc(CHUNK);
  #log: OpenLog | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Hands on the lines that were added; the first time, and after it could not be read, the whole lines in the last
   * 64 KiB. The lines are valid during the call only. A log that was renamed is read to its end before the new one.
   * @throws the errors of `stat`, `open` and `read`, and ENOTFILE for what is no file
   */
  async look(onLines: (lines: readonly Buffer[]) => void): Promise<void> {
    const named = await stat(this.#path, { bigint: true }).catch((error: NodeJS.ErrnoException) => error);
    if (this.#log !== undefined) {
      await this.#readOn(this.#log, onLines);
    }
    const isSame = !(named instanceof Error) && named.ino === this.#log?.ino && named.dev === this.#log.dev;
    if (isSame || (this.#log !== undefined && named instanceof Error && named.code === "ENOENT")) {
      return;
    }
    const isRotated = this.#log !== undefined && !(named instanceof Error);
    await this.close();
    this.#log = await this.#open(isRotated ? Number.POSITIVE_INFINITY : READ_BACK);
    await this.#readOn(this.#log, onLines);
  }

  /** Closes it; a later look is a first one. */
  async close(): Promise<void> {
    const log = this.#log;
    this.#log = undefined;
    await log?.handle.close();
  }

  /** Opens the log to read on `back` bytes before its end. */
  async #open(back: number): Promise<OpenLog> {
    // O_NONBLOCK: opening a FIFO must not wait for its writer.
    const handle = await open(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) {
        throw Object.assign(new Error(`${this.#path} is not a file`), { code: "ENOTFILE" });
      }
      const at = Math.max(0, Number(stats.size) - back);
      const head = await bytesAt(handle, 0, Math.min(HEAD, at));
      return { handle, dev: stats.dev, ino: stats.ino, lines: new LogLines(at > 0), at, head, mtimeNs: 0n };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async #readOn(log: OpenLog, onLines: (lines: readonly Buffer[]) => void): Promise<void> {
    const { size, mtimeNs } = await log.handle.stat({ bigint: true });
    if (Number(size) === log.at && mtimeNs === log.mtimeNs) {
      return;
    }
    const head = await bytesAt(log.handle, 0, log.head.length);
    if (Number(size) < log.at || !head.equals(log.head)) {
      log.lines = new LogLines(false);
      log.at = 0;
      log.head = Buffer.alloc(0);
    }
    for (;;) {
      const { bytesRead } = await log.handle.read(this.#chunk, 0, CHUNK, log.at);
      if (bytesRead === 0) {
        break;
      }
      const chunk = this.#chunk.subarray(0, bytesRead);
      if (log.at === log.head.length && log.at < HEAD) {
        log.head = Buffer.concat([log.head, chunk.subarray(0, HEAD - log.at)]);
      }
      log.at += bytesRead;
      onLines(log.lines.take(chunk));
    }
    log.mtimeNs = mtimeNs;
  }
}

async function bytesAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
