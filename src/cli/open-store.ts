/** How commands get at the stored picture. */
import type { StoreHint } from "../config/store-hint.ts";
import type { MapReader } from "../store/map-reader.ts";

/** An open store. */
export interface OpenStore {
  readonly reader: MapReader;
  close(): Promise<void> | void;
}

/** Opens the store a hint leads to. @throws DotmError DOTM_STORE_UNREACHABLE */
export type OpenReader = (hint: StoreHint) => Promise<OpenStore>;
