/** Files of the journal: segments named by the position of their first byte, and the cursor of what was released. */
import { fstatSync } from "node:fs";
import {
  constants,
  copyFile,
  type FileHandle,
  open,
  readdir,
  readFile,
  rename,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "../errors.ts";
import { readRecords } from "./journal-record.ts";

/** One file of records. */
export interface Segment {
  /** Position of its first byte. */
  readonly base: number;
  /** Bytes of whole, acknowledged records. */
  bytes: number;
}

const CURSOR = "released";

/** New and empty; what is written is on the disk when the write returns, so that nothing waits for two turns of a busy process. */
const SYNCED = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_DSYNC;

/** Path of the segment that begins at a position. */
export function segmentPath(folder: string, base: number): string {
  return join(folder, `${String(base).padStart(16, "0")}.journal`);
}

/** The segments of a folder, oldest first. One never reaches into the next, whatever a failed write left at its end. */
export async function findSegments(folder: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const base = /^(\d{16})\.journal$/.exec(name)?.[1];
    if (base !== undefined) {
      segments.push({ base: Number(base), bytes: (await stat(join(folder, name))).size });
    }
  }
  for (const [i, segment] of segments.entries()) {
    const next = segments[i + 1];
    segment.bytes = Math.min(segment.bytes, next === undefined ? segment.bytes : next.base - segment.base);
  }
  return segments;
}

/** Takes what is no whole record off the end of a segment and keeps it as `*.torn`; returns how many bytes that were. */
export async function cutTornTail(folder: string, segment: Segment): Promise<number> {
  const path = segmentPath(folder, segment.base);
  const content = await readFile(path);
  let good = 0;
  for (const { end } of readRecords(content)) {
    good = end;
  }
  if (good < content.length) {
    await writeFile(`${path}.torn`, content.subarray(good), { mode: 0o600 });
    await truncate(path, good);
  }
  segment.bytes = good;
  return content.length - good;
}

/** The bytes of a segment, none where it cannot be read; undefined where it was released and deleted meanwhile. */
export async function readSegment(folder: string, base: number): Promise<Buffer | undefined> {
  try {
    return await readFile(segmentPath(folder, base));
  } catch (error) {
    return isMissing(error) ? undefined : Buffer.alloc(0);
  }
}

/**
 * Keeps a segment that cannot be read as a whole beside itself, as it is deleted when what could be read of it is stored
 * elsewhere. One that cannot even be copied is moved. False where that was done before.
 */
export async function keepDamaged(folder: string, base: number): Promise<boolean> {
  const path = segmentPath(folder, base);
  try {
    await copyFile(path, `${path}.damaged`, constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      return false;
    }
    await rename(path, `${path}.damaged`);
  }
  return true;
}

/** A new, empty segment, on the disk with its name. */
export async function createSegment(folder: string, base: number): Promise<FileHandle> {
  const file = await open(segmentPath(folder, base), SYNCED, 0o600);
  try {
    await syncFolder(folder);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Writes all of it at a place in a file of ours, and returns when it is on the disk. A file that somebody deleted meanwhile
 * takes everything, and nobody finds it again.
 */
export async function writeSynced(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
  // Asked of a disk that answered this moment; through the threads it would take longer than all the rest.
  if (fstatSync(file.fd).nlink === 0) {
    throw new Error("somebody deleted its file");
  }
}

/** The position up to which all was released; 0 where nobody knows, as reading too much again does no harm. */
export async function readCursor(folder: string): Promise<number> {
  const text = await readFile(join(folder, CURSOR), "utf8").catch(() => "0");
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : 0;
}

/** Keeps the position; the old one stays until the new one is on the disk. */
export async function writeCursor(folder: string, position: number): Promise<void> {
  const path = join(folder, CURSOR);
  const file = await open(`${path}.tmp`, SYNCED, 0o600);
  try {
    await writeSynced(file, Buffer.from(`${position}\n`), 0);
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
  await syncFolder(folder);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
