/** How commands get at the stored picture. */
import type { SettingsEditor } from "../audit/audited.ts";
import type { StoreHint } from "../config/store-hint.ts";
import type { AgentClock } from "../store/agent-clocks.ts";
import type { BrokenValue } from "../store/broken-values.ts";
import type { ForeignKey } from "../store/foreign-keys.ts";
import type { History } from "../store/history-reader.ts";
import type { MapReader } from "../store/map-reader.ts";
import type { TeamReader } from "../store/team.ts";

/** An open store. */
export interface OpenStore {
  readonly reader: MapReader;
  readonly settings: SettingsEditor;
  /** The past; its code is loaded only where it is asked for. */
  readonly history: () => Promise<History>;
  readonly team: TeamReader;
  /** Keys under our names that are of another type than DOTM writes. */
  readonly foreign: () => AsyncIterable<ForeignKey>;
  /** Values of ours that cannot be read, as far as can be looked within some seconds. */
  readonly broken: () => AsyncIterable<BrokenValue>;
  /** How far the clocks of these hosts' agents were from ours at their last report. */
  readonly clocks: (hosts: readonly string[]) => AsyncIterable<AgentClock>;
  /** Which store it is and why this one, for people. */
  readonly about: string;
  close(): Promise<void> | void;
}

/** Opens the store a hint leads to. @throws DotmError DOTM_STORE_UNREACHABLE */
export type OpenReader = (hint: StoreHint) => Promise<OpenStore>;
