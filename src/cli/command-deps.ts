/** What every command is given. */
import type { OpenReader } from "./open-store.ts";
import type { Root } from "./root.ts";
import type { Terminal } from "./terminal.ts";

/** What the commands are given. */
export interface CommandDeps {
  readonly terminal: Terminal;
  readonly root: Root;
  readonly open: OpenReader;
  /** Takes the exit code of a command that ran. */
  readonly exit: (code: number) => void;
}
