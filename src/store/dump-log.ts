/**
 * What the embedded Valkey keeps on disk: a log of the last value of each changed key, written anew now and then.
 *
 * The file begins with a line that names its format; records follow: length of the payload and its CRC-32, both 32 bit
 * big endian, then the payload (dump-record.ts). A record cut off at the end is what a crash leaves; it is set aside.
 */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import type { Logger } from "../logger.ts";
import { type DumpRecord, decodeRecord, encodeRecord } from "./dump-record.ts";

const HEADER = Buffer.from("dotm-dump 1\n");
const HEAD_BYTES = 8;

/** The log of one data folder. One writer; `open` before anything else, `close` at the end. */
export class DumpLog {
  private readonly path: string;
  private readonly logger: Logger;
  private file: FileHandle | undefined;
  /** Bytes written, and bytes it had when last written anew. */
  private bytes = 0;
  private baseBytes = 0;

  constructor(path: string, logger: Logger) {
    this.path = path;
    this.logger = logger;
  }

  /** Bytes of the log. */
  get size(): number {
    return this.bytes;
  }

  /** Bytes it had when it was last written anew. */
  get baseSize(): number {
    return this.baseBytes;
  }

  /** Reads all records in order; afterwards the log can be appended to. */
  async *load(): AsyncGenerator<DumpRecord, void, void> {
    this.file = await open(this.path, "a+", 0o600);
    const { size } = await this.file.stat();
    if (size === 0) {
      await this.file.write(HEADER);
      this.bytes = HEADER.length;
      return;
    }
    const reader = new ChunkReader(this.file, size);
    const header = await reader.take(HEADER.length);
    let good = 0;
    if (header?.equals(HEADER) === true) {
      good = reader.position;
      for (let record = await nextRecord(reader); record !== undefined; record = await nextRecord(reader)) {
        good = reader.position;
        yield record;
      }
    }
    this.bytes = good;
    this.baseBytes = good;
    if (good < size) {
      await this.setAside(good, size);
    }
  }

  /** Writes records at the end and returns when they are on disk. */
  async append(records: readonly DumpRecord[]): Promise<void> {
    const bytes = Buffer.concat(records.map(framed));
    // All of it or an error: what follows a piece would never be read again.
    await this.opened().appendFile(bytes);
    await this.opened().datasync();
    this.bytes += bytes.length;
  }

  /** Writes the log anew from batches of records that say everything; the old one stays until that is on disk. */
  async rewrite(batches: AsyncIterable<readonly DumpRecord[]>): Promise<void> {
    const temporary = `${this.path}.tmp`;
    await rm(temporary, { force: true });
    const file = await open(temporary, "ax+", 0o600);
    let bytes = HEADER.length;
    try {
      await file.write(HEADER);
      for await (const batch of batches) {
        const part = Buffer.concat(batch.map(framed));
        await file.appendFile(part);
        bytes += part.length;
      }
      await file.sync();
      await rename(temporary, this.path);
      await syncFolder(dirname(this.path));
    } catch (error) {
      await file.close();
      throw error;
    }
    await this.file?.close();
    this.file = file;
    this.bytes = bytes;
    this.baseBytes = bytes;
  }

  /** Ends; what was appended is on disk already. */
  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  private opened(): FileHandle {
    if (this.file === undefined) {
      throw new Error("the dump log is not open");
    }
    return this.file;
  }

  private async setAside(good: number, size: number): Promise<void> {
    const torn = Buffer.alloc(Math.min(size - good, MOST_TORN));
    await this.opened().read(torn, 0, torn.length, good);
    const aside = await open(`${this.path}.torn`, "w", 0o600);
    await aside.write(torn);
    await aside.close();
    await this.opened().truncate(good);
    if (good === 0) {
      await this.opened().write(HEADER);
      this.bytes = HEADER.length;
    }
    this.logger.warn(
      { file: this.path, good, cut: size - good },
      "The end of the dump is torn; it is set aside in *.torn",
    );
  }
}

/** Bytes of a torn end that are kept. */
const MOST_TORN = 64 * 1024 * 1024;

function framed(record: DumpRecord): Buffer {
  const payload = encodeRecord(record);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(payload.length, 0);
  head.writeUInt32BE(crc32(payload), 4);
  return Buffer.concat([head, payload]);
}

async function nextRecord(reader: ChunkReader): Promise<DumpRecord | undefined> {
  const head = await reader.take(HEAD_BYTES);
  const payload = head === undefined ? undefined : await reader.take(head.readUInt32BE(0));
  if (head === undefined || payload === undefined || crc32(payload) !== head.readUInt32BE(4)) {
    return undefined;
  }
  return decodeRecord(payload);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync();
  await folder.close();
}

/** Reads a file in order by pieces of any length, a megabyte at a time. */
class ChunkReader {
  position = 0;
  private readonly file: FileHandle;
  private readonly size: number;
  private chunk = Buffer.alloc(0);
  private chunkStart = 0;

  constructor(file: FileHandle, size: number) {
    this.file = file;
    this.size = size;
  }

  /** The next bytes; undefined where the file has not that many. */
  async take(length: number): Promise<Buffer | undefined> {
    const end = this.position + length;
    if (end > this.size) {
      return undefined;
    }
    if (end > this.chunkStart + this.chunk.length) {
      const bytes = Buffer.alloc(Math.min(Math.max(length, 1024 * 1024), this.size - this.position));
      await this.file.read(bytes, 0, bytes.length, this.position);
      this.chunk = bytes;
      this.chunkStart = this.position;
    }
    const piece = this.chunk.subarray(this.position - this.chunkStart, end - this.chunkStart);
    this.position = end;
    return piece;
  }
}
