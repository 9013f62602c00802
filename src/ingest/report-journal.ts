/**
 * The journal of reports: what was acknowledged to an agent is on our disk first. Append only; segments are files
 * named by the position of their first byte, which grows for ever. Positions are numbers of bytes.
 */
import { type FileHandle, mkdir, rm, truncate } from "node:fs/promises";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import {
  createSegment,
  cutTornTail,
  findSegments,
  keepDamaged,
  readCursor,
  readSegment,
  type Segment,
  segmentPath,
  writeCursor,
  writeSynced,
} from "./journal-files.ts";
import { type JournalRecord, MAX_PAYLOAD, RECORD_HEAD, readRecords, recordHead } from "./journal-record.ts";
import { ReportRefused } from "./report-refused.ts";

/** A place in the journal: everything before it was written earlier. */
export type Position = number;

/** A record read back. */
export interface Replayed {
  readonly payload: Buffer;
  /** Where the record ends: what `append` had resolved with, and what `release` takes when it is done with. */
  readonly position: Position;
}

/** How a journal is kept. */
export interface JournalOptions {
  readonly folder: string;
  readonly log: Logger;
  /** Bytes after which a new segment begins; 16 MiB where absent. */
  readonly segmentBytes?: number;
  /** Bytes of all segments; at four fifths it warns, at the limit it refuses. 1 GiB where absent. */
  readonly limitBytes?: number;
}

interface Waiting {
  readonly payload: Buffer;
  readonly resolve: (position: Position) => void;
  readonly reject: (error: unknown) => void;
}

const SEGMENT_BYTES = 16 * 1024 * 1024;
const LIMIT_BYTES = 1024 * 1024 * 1024;
/** Bytes written at once; one report alone may be more. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Keeps reports until whoever stores them releases them. `start` recovers, `stop` writes what waits and closes. */
export class ReportJournal {
  readonly #folder: string;
  readonly #log: Logger;
  readonly #segmentBytes: number;
  readonly #limitBytes: number;
  #segments: Segment[] = [];
  #file: FileHandle | undefined;
  #released: Position = 0;
  #cursor: Position = 0;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #releasing: Promise<void> = Promise.resolve();
  #warned = false;
  #stopped = true;

  constructor({ folder, log, segmentBytes = SEGMENT_BYTES, limitBytes = LIMIT_BYTES }: JournalOptions) {
    this.#folder = folder;
    this.#log = log;
    this.#segmentBytes = segmentBytes;
    this.#limitBytes = limitBytes;
  }

  /** Opens the journal; a record cut by a crash is taken off the end and kept beside it as `*.torn`. */
  async start(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#segments = await findSegments(this.#folder);
    this.#cursor = await readCursor(this.#folder);
    this.#released = this.#cursor;
    const last = this.#segments.at(-1);
    const torn = last === undefined ? 0 : await cutTornTail(this.#folder, last);
    if (torn > 0) {
      this.#log.warn(
        { folder: this.#folder, bytes: torn },
        "journal of reports ended in a torn record, which was cut off",
      );
    }
    // After a cursor that lies beyond all segments (they were deleted by hand) positions must go on growing.
    await this.#begin(Math.max(last === undefined ? 0 : last.base + last.bytes, this.#released));
    await this.#drop(this.#released);
    this.#stopped = false;
  }

  /** Writes what waits and closes. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
    await this.#releasing;
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Bytes on the disk. */
  get bytes(): number {
    let sum = 0;
    for (const segment of this.#segments) {
      sum += segment.bytes;
    }
    return sum;
  }

  /** Where the next record will begin. */
  get end(): Position {
    const last = this.#segments.at(-1);
    return last === undefined ? this.#released : last.base + last.bytes;
  }

  /** Up to where everything was released. */
  get released(): Position {
    return this.#released;
  }

  /**
   * Keeps a payload. Resolves with the position behind it when it is on the disk; those that come meanwhile are
   * written together. Rejects with ReportRefused (503) where the journal is full or the disk takes no more.
   */
  append(payload: Buffer): Promise<Position> {
    if (payload.length === 0 || payload.length > MAX_PAYLOAD) {
      return Promise.reject(
        new ReportRefused(413, `a report of ${payload.length} bytes cannot be kept`, "Send a smaller one."),
      );
    }
    const refusal = this.#refusal(payload.length);
    if (refusal !== undefined) {
      return Promise.reject(refusal);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, resolve, reject });
      this.#waitingBytes += payload.length;
      this.#writing ??= this.#writeAll();
    });
  }

  /** Reads back what was kept, oldest first, from a position on; from where it was released where none is given. */
  async *replay(from: Position = this.#released): AsyncGenerator<Replayed> {
    const end = this.end;
    for (const segment of [...this.#segments]) {
      if (segment.base + segment.bytes <= from || segment.base >= end) {
        continue;
      }
      for await (const { payload, start, end } of this.#records(segment)) {
        if (segment.base + start >= from) {
          yield { payload, position: segment.base + end };
        }
      }
    }
  }

  /** What can be read of a segment; of what cannot be is told. */
  async *#records({ base, bytes }: Segment): AsyncGenerator<JournalRecord> {
    const content = await readSegment(this.#folder, base);
    if (content === undefined) {
      return;
    }
    let missing = bytes;
    for (const record of readRecords(content.subarray(0, bytes))) {
      missing -= record.end - record.start;
      yield record;
    }
    if (missing > 0) {
      await this.#tellDamaged(base, missing);
    }
  }

  async #tellDamaged(base: Position, bytes: number): Promise<void> {
    const file = segmentPath(this.#folder, base);
    const kept = await keepDamaged(this.#folder, base).catch(messageOf);
    if (kept !== false) {
      const aside = kept === true ? { kept: `${file}.damaged` } : { error: kept };
      this.#log.error({ file, bytes, ...aside }, "journal of reports is damaged; what can be read of it is taken");
    }
  }

  /** Says that everything before a position is stored elsewhere; segments that hold nothing else are deleted. */
  release(position: Position): Promise<void> {
    this.#released = Math.max(this.#released, Math.min(position, this.end));
    this.#releasing = this.#releasing.then(() => this.#forget(this.#released));
    return this.#releasing;
  }

  #refusal(bytes: number): ReportRefused | undefined {
    if (this.#stopped) {
      return new ReportRefused(503, "the server is stopping", "The agent will send the report again.");
    }
    const used = this.bytes + this.#waitingBytes + bytes;
    if (used <= this.#limitBytes) {
      this.#warn(used);
      return undefined;
    }
    const next = "Look why reports are not stored: is Redis there? The agents keep their reports meanwhile.";
    return new ReportRefused(503, `the journal of reports is full (${this.#limitBytes} bytes)`, next);
  }

  #warn(used: number): void {
    const high = used > this.#limitBytes * 0.8;
    if (high && !this.#warned) {
      this.#log.warn(
        { bytes: used, limit: this.#limitBytes, folder: this.#folder },
        "journal of reports is nearly full",
      );
    }
    this.#warned = high;
  }

  async #writeAll(): Promise<void> {
    // One turn of the event loop lets the reports that arrived together share one write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      await this.#writeBatch(this.#nextBatch());
    }
    this.#writing = undefined;
  }

  #nextBatch(): Waiting[] {
    let bytes = 0;
    const over = this.#waiting.findIndex(({ payload }, i) => {
      bytes += payload.length;
      return i > 0 && bytes > BATCH_BYTES;
    });
    const batch = this.#waiting.splice(0, over < 0 ? this.#waiting.length : over);
    for (const { payload } of batch) {
      this.#waitingBytes -= payload.length;
    }
    return batch;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const { file, segment } = await this.#writable();
      const pieces = batch.flatMap(({ payload }) => [recordHead(payload), payload]);
      await writeSynced(file, Buffer.concat(pieces), segment.bytes);
      for (const { payload, resolve } of batch) {
        segment.bytes += RECORD_HEAD + payload.length;
        resolve(segment.base + segment.bytes);
      }
    } catch (error) {
      await this.#fail(batch, error);
    }
  }

  async #writable(): Promise<{ file: FileHandle; segment: Segment }> {
    const last = this.#segments.at(-1);
    if (this.#file === undefined || last === undefined || last.bytes >= this.#segmentBytes) {
      await this.#begin(this.end);
    }
    const segment = this.#segments.at(-1);
    if (this.#file === undefined || segment === undefined) {
      throw new Error("no segment is open");
    }
    return { file: this.#file, segment };
  }

  /**
   * A write that failed: nobody was told that it is kept. What follows goes into a new segment, because after a failed
   * sync nobody knows what of the old one is on the disk; its end is cut to what was acknowledged.
   */
  async #fail(batch: readonly Waiting[], error: unknown): Promise<void> {
    this.#log.error({ folder: this.#folder, error: messageOf(error) }, "journal of reports cannot be written");
    const segment = this.#segments.at(-1);
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    if (segment !== undefined) {
      await truncate(segmentPath(this.#folder, segment.base), segment.bytes).catch(() => undefined);
    }
    const next = `Look at the disk of ${this.#folder}. The agents keep their reports meanwhile.`;
    for (const { reject } of batch) {
      reject(new ReportRefused(503, `the report cannot be kept: ${messageOf(error)}`, next, { cause: error }));
    }
  }

  /** Begins a segment; one of that name can only be empty of acknowledged records. */
  async #begin(base: Position): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    this.#file = await createSegment(this.#folder, base);
    this.#segments = [...this.#segments.filter((segment) => segment.base !== base), { base, bytes: 0 }];
  }

  /** The cursor is on the disk before any segment goes: the other way round a crash would leave a hole. */
  async #forget(position: Position): Promise<void> {
    if (position === this.#cursor) {
      return;
    }
    try {
      await writeCursor(this.#folder, position);
      this.#cursor = position;
      await this.#drop(position);
    } catch (error) {
      this.#log.error({ folder: this.#folder, error: messageOf(error) }, "journal of reports cannot be cleared");
    }
  }

  /** Deletes the segments that end before a position; the one that is written to stays. */
  async #drop(position: Position): Promise<void> {
    const gone = this.#segments.slice(0, -1).filter(({ base, bytes }) => base + bytes <= position);
    for (const { base } of gone) {
      await rm(segmentPath(this.#folder, base), { force: true });
    }
    this.#segments = this.#segments.filter((segment) => !gone.includes(segment));
  }
}
