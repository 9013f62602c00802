/** The world of a command: where it writes, what it knows of the process, how it is interrupted. A value, so that tests can be it. */
import type { Surroundings } from "../config/search.ts";

/** One stream of text. */
export interface Output {
  write(text: string): void;
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
}

/** The window of a person at a terminal. */
export interface Screen {
  readonly rows: number;
  /** Shows a text with a pager, given as a shell takes it; false where that could not be started. */
  page(pager: string, text: string): Promise<boolean>;
}

/** How a long-running command was asked to end. */
export type Interruption = "SIGINT" | "SIGTERM";

/** What a command may use of the world. */
export interface Terminal {
  /** Data. */
  readonly out: Output;
  /** Where data is shown; null where nobody looks. */
  readonly screen: Screen | null;
  /** Everything else. */
  readonly err: Output;
  /** Everything on stdin. */
  readonly input: () => Promise<Buffer>;
  readonly around: Surroundings;
  /** Unix seconds. */
  readonly now: () => number;
  /** Resolves when the process is asked to end; asked a second time, the process ends at once. */
  readonly interrupted: () => Promise<Interruption>;
  /** Resolves when the process is next asked to read its configuration again (SIGHUP). */
  readonly reloadAsked: () => Promise<"SIGHUP">;
  /** What a person types to start this program. */
  readonly program: string;
}
