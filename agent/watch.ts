/** Watching connections between two looks: a snapshot a minute misses what lives for milliseconds. */
import type { KnownProcess } from "./process.ts";
import type { ReportCapture } from "./report.ts";

/** A TCP connection that was opened, or several alike. */
export interface Opened {
  /** Undefined where the event does not tell who opened it. */
  readonly direction: "in" | "out" | undefined;
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  /** Both ends as Socket.ends has them. */
  readonly ends: string;
  /** Undefined where the event does not tell the process. */
  readonly owner: KnownProcess | undefined;
  readonly times: number;
}

/** What was watched since the look before. */
export interface Watched {
  readonly level: ReportCapture["level"];
  readonly opened: readonly Opened[];
  /** Connections that were opened and are not closed yet, by their ends: the look will find them. */
  readonly live: ReadonlyMap<string, Opened>;
  /** Whether nothing can have been missed. */
  readonly complete: boolean;
  /** Events known to be lost. */
  readonly lost: number;
  readonly notes: readonly string[];
}

/** A stream of events, taken from at each look. */
export interface Watch {
  /** What was seen since it was asked before. */
  take(): Watched;
  stop(): void;
}

/** Nobody watches: only what a look finds is told. */
export const UNWATCHED: Watched = Object.freeze({
  level: "proc",
  opened: [],
  live: new Map(),
  complete: false,
  lost: 0,
  notes: [],
});
