/** Reads a file that somebody else replaces or rewrites, and tells whether it stayed the same meanwhile. */

import { constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { ScanWindow, WindowScanner } from "../../nagios/scan-window.ts";
import { isMissing } from "../errors.ts";

/**
 * Which file it is, and which state of it. The inode alone does not tell: a file that is deleted and written anew can
 * get the inode back.
 */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** Larger files are refused, in bytes. */
const LARGEST = 4n * 1024n * 1024n * 1024n;

/** Whether both are the same state of the same file. */
export function sameFile(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.ino === b.ino &&
    a.dev === b.dev &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs
  );
}

/** The identity of the file at `path` now; undefined where there is none. Rejects where it cannot be told. */
export async function fileIdentity(path: string): Promise<FileIdentity | undefined> {
  try {
    return identityOf(await stat(path, { bigint: true }));
  } catch (error) {
    if (isMissing(error)) {
      return;
    }
    throw error;
  }
}

/**
 * Reads the file at `path` through `window`; `scanner` must be new. Returns the identity of what was read, undefined
 * where the file was changed in the meantime: what the scanner says is then worth nothing. A file that is replaced
 * meanwhile is read to its end all the same.
 * @throws the errors of `open` and `read`, and ENOTFILE or EFBIG for what is no file or too large
 */
export async function readThrough(
  path: string,
  window: ScanWindow,
  scanner: WindowScanner,
): Promise<FileIdentity | undefined> {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) {
      throw Object.assign(new Error(`${path} is not a file`), { code: "ENOTFILE" });
    }
    if (before.size > LARGEST) {
      throw Object.assign(new Error(`${path} is larger than 4 GiB`), { code: "EFBIG" });
    }
    window.clear();
    for (let at = 0; at < Number(before.size); ) {
      const free = window.free();
      const { bytesRead } = await file.read(free, 0, free.length, at);
      if (bytesRead === 0) {
        break;
      }
      at += bytesRead;
      window.filled(bytesRead, scanner);
    }
    window.end(scanner);
    const after = identityOf(await file.stat({ bigint: true }));
    return sameFile(identityOf(before), after) ? after : undefined;
  } finally {
    await file.close();
  }
}

function identityOf(stats: FileIdentity): FileIdentity {
  const { dev, ino, size, mtimeNs } = stats;
  return { dev, ino, size, mtimeNs };
}
