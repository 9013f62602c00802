/** One objects.cache on disk. Nagios writes it in place when it starts, so that half of it can be seen for a while. */
import { type ObjectCache, ObjectCacheScan } from "../../nagios/object-cache.ts";
import type { ScanWindow } from "../../nagios/scan-window.ts";
import { type FileFault, fileFault } from "./file-fault.ts";
import { type FileIdentity, fileIdentity, readThrough, sameFile } from "./file-snapshot.ts";

/** What one look gave; `unsettled` is to be looked at again soon. */
export type ObjectsLook =
  | { readonly kind: "unchanged" }
  | { readonly kind: "unsettled" }
  | { readonly kind: "read"; readonly cache: ObjectCache }
  | { readonly kind: "fault"; readonly fault: FileFault };

/** A file written less than this ago may be being written, in seconds. */
export const SETTLE_SECONDS = 0.5;

const NANOSECONDS = 1e9;

/** The file. */
export class ObjectsFile {
  readonly #path: string;
  readonly #window: ScanWindow;
  readonly #now: () => number;
  #identity: FileIdentity | undefined;

  constructor(path: string, window: ScanWindow, now: () => number) {
    this.#path = path;
    this.#window = window;
    this.#now = now;
  }

  /** Looks once. Never rejects. */
  async look(): Promise<ObjectsLook> {
    try {
      const identity = await fileIdentity(this.#path);
      if (sameFile(identity, this.#identity)) {
        return { kind: "unchanged" };
      }
      if (identity !== undefined && this.#identity !== undefined && this.#isFresh(identity)) {
        return { kind: "unsettled" };
      }
      return await this.#read();
    } catch (error) {
      return { kind: "fault", fault: await fileFault(this.#path, "object_cache_file", error) };
    }
  }

  async #read(): Promise<ObjectsLook> {
    const scan = new ObjectCacheScan();
    const identity = await readThrough(this.#path, this.#window, scan);
    const cache = scan.finish();
    if (identity === undefined) {
      return { kind: "unsettled" };
    }
    if (!cache.complete) {
      const next = "Wait until Nagios has written it; if it stays so, restart Nagios.";
      return { kind: "fault", fault: { reason: "cut", cause: `${this.#path} is incomplete`, next } };
    }
    this.#identity = identity;
    return { kind: "read", cache };
  }

  #isFresh({ mtimeNs }: FileIdentity): boolean {
    const age = this.#now() - Number(mtimeNs) / NANOSECONDS;
    return age >= 0 && age < SETTLE_SECONDS;
  }
}
