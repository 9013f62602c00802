/** What the composition root (bin/dotm.js) hands to the command line: the things that run on. */
import type { Config } from "../config/config-value.ts";

/** Something that runs until it is stopped. */
export interface Running {
  /** Where its pages are. */
  readonly url: string;
  readonly dataDir: string;
  /** Which store it uses and why, for people. */
  readonly store: string;
  /** Rejects where it ends by itself; absent where it cannot. */
  readonly ended?: Promise<void>;
  /** Ends it cleanly; resolves when all is put away. */
  stop(): Promise<void>;
}

/** What the demo shows: a generated site, this machine, or a real Nagios. */
export type DemoKind = "site" | "local" | "nagios";

/** What `dotm demo` was asked for. */
export interface DemoOptions {
  readonly kind: DemoKind;
  /** Path of nagios.cfg, null to search for it. */
  readonly nagiosConfig: string | null;
  /** Port to listen on; null for 4880, or a free one where that is taken. */
  readonly port: number | null;
  /** Folder for its data; null for one of its own. */
  readonly dataDir: string | null;
}

/** How long-running commands are started. Each part is loaded only when it is called. */
export interface Root {
  /** `fault` tells at any time what is wrong with the configuration as it is written by now, null for nothing. */
  startDaemon(config: Config, fault: () => string | null): Promise<Running>;
  startDemo(options: DemoOptions): Promise<Running>;
}
