/** Opens the stored picture for reading, by configuration or by the well-known folders. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AUDIT_FILE } from "../audit/audit-file.ts";
import { auditedSettings } from "../audit/audited.ts";
import { readStoreHint, type StoreFlags, type StoreHint } from "../config/store-hint.ts";
import { DotmError } from "../errors.ts";
import type { MapReader } from "../store/map-reader.ts";
import { commandAudit } from "./audit.ts";
import type { OpenReader, OpenStore } from "./open-store.ts";
import { withProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** The store itself; loads the Redis client only when it is needed. */
export const openReader: OpenReader = async (hint) => {
  const { openStoredMap } = await import("./stored-map.ts");
  return openStoredMap(hint);
};

/** File that a running daemon leaves in its data folder to tell where its store is. */
const STORE_FILE = "store.json";

/** Does something with the stored picture and closes it, whatever comes. */
export function withReader<T>(
  flags: StoreFlags,
  terminal: Terminal,
  open: OpenReader,
  use: (reader: MapReader) => Promise<T>,
): Promise<T> {
  return withOpenStore(flags, terminal, open, ({ reader }) => use(reader));
}

/** Does something with the whole store and closes it, whatever comes. */
export async function withOpenStore<T>(
  flags: StoreFlags,
  terminal: Terminal,
  open: OpenReader,
  use: (store: OpenStore) => Promise<T>,
): Promise<T> {
  const hint = locatedHint(await readStoreHint(flags, terminal.around), terminal);
  const store = await open(hint);
  const { trail, by } = commandAudit(hint.auditFile ?? join(hint.dataDir, AUDIT_FILE), terminal);
  const progress = withProgress(store.reader, terminal);
  try {
    return await use({ ...store, reader: progress.reader, settings: auditedSettings(store.settings, trail, by) });
  } finally {
    progress.done();
    await store.close();
  }
}

/**
 * Where nobody named a folder, the daemon of this machine may keep its data elsewhere than this user would.
 * @throws DotmError DOTM_STORE_UNREACHABLE where no daemon left word of its store
 */
export function locatedHint(hint: StoreHint, { around, program }: Terminal): StoreHint {
  if (hint.url !== null) {
    return hint;
  }
  const folders = hint.dataDirNamed ? [hint.dataDir] : [hint.dataDir, around.systemData];
  const dataDir = folders.find((folder) => existsSync(join(folder, STORE_FILE)));
  if (dataDir !== undefined) {
    return { ...hint, dataDir };
  }
  const looked = folders.map((folder) => join(folder, STORE_FILE)).join(" and ");
  throw new DotmError(
    "DOTM_STORE_UNREACHABLE",
    `No DOTM is running here that keeps its own store (looked for ${looked}).`,
    `Start one (${program} serve), or name its data folder (--data-dir DIR) or its Redis (--url redis://HOST:PORT).`,
  );
}
