/** Reads one status.dat or objects.cache once, to see what it would say as a source. */
import { readFile } from "node:fs/promises";
import { type ObjectCache, readObjectCache } from "../../nagios/object-cache.ts";
import { StatusReader } from "../../nagios/status-dat.ts";
import type { StatusRead, StatusReaderOptions } from "../../nagios/status-read.ts";
import { DotmError } from "../errors.ts";
import { fileFault, type NagiosFile } from "./file-fault.ts";

/**
 * Reads the status.dat at `path`; of a file that is not `complete` what its whole blocks say.
 * @throws DotmError DOTM_SOURCE_UNREADABLE where it cannot be read
 */
export async function readStatusFile(path: string, options: StatusReaderOptions = {}): Promise<StatusRead> {
  return new StatusReader(options).read(await contentOf(path, "status_file"));
}

/**
 * Reads the objects.cache at `path`.
 * @throws DotmError DOTM_SOURCE_UNREADABLE where it cannot be read
 */
export async function readObjectsFile(path: string): Promise<ObjectCache> {
  return readObjectCache(await contentOf(path, "object_cache_file"));
}

async function contentOf(path: string, setting: NagiosFile): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { cause, next } = await fileFault(path, setting, error);
    throw new DotmError("DOTM_SOURCE_UNREADABLE", cause, next, { cause: error });
  }
}
