/**
 * How much a command says beside its data: with `-q` nothing but the error it ends with, with `-v` also what it read and
 * how long it took, with `-vv` also where an error came from.
 */
import { type Command, Option } from "commander";
import { configFiles } from "../config/search.ts";
import { messageOf } from "../errors.ts";
import type { OpenReader } from "./open-store.ts";
import type { Output, Terminal } from "./terminal.ts";

/** What the two options say. */
export interface VerbosityFlags {
  /** How often `-v` was given. */
  readonly verbose?: number;
  readonly quiet?: boolean;
}

/** Adds the options to every command that does something. */
export function withVerbosity(command: Command): void {
  for (const each of command.commands) {
    withVerbosity(each);
  }
  if (command.commands.length === 0) {
    const more = "say also what was read and how long it took; -vv: where an error came from";
    command
      .option("-v, --verbose", more, (_, before) => before + 1, 0)
      .addOption(new Option("-q, --quiet", "say nothing beside data and errors").conflicts("verbose"));
  }
}

/** Says, or does not say. */
export class Verbosity {
  readonly #terminal: Pick<Terminal, "err" | "around" | "now">;
  readonly #begun: number;
  #level = 0;

  constructor(terminal: Pick<Terminal, "err" | "around" | "now">) {
    this.#terminal = terminal;
    this.#begun = terminal.now();
  }

  /** Stderr of the commands. */
  get err(): Output {
    const { err } = this.#terminal;
    return {
      isTerminal: err.isTerminal,
      write: (text) => {
        if (this.#level >= 0) {
          err.write(text);
        }
      },
    };
  }

  /** Goes by the options of the command that is about to run. */
  follow(command: Command): void {
    const { verbose = 0, quiet = false, config } = command.opts<VerbosityFlags & { readonly config?: string }>();
    this.#level = quiet ? -1 : verbose;
    if (command.options.some(({ long }) => long === "--config")) {
      this.#say(() => {
        const files = configFiles(config, this.#terminal.around);
        return `configuration: ${files.length === 0 ? "no file, the defaults hold" : files.join(", ")}`;
      });
    }
  }

  /** The same store, named where that is wanted. */
  naming(open: OpenReader): OpenReader {
    return async (hint) => {
      const store = await open(hint);
      this.#say(() => `store: ${store.about}`);
      return store;
    };
  }

  /** The end of a command. */
  end(): void {
    this.#say(() => `took ${(this.#terminal.now() - this.#begun).toFixed(2)} s`);
  }

  /** Tells more of the error that a command ended with. */
  explain(error: unknown): void {
    for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
      this.#say(() => `because: ${messageOf(cause)}`);
    }
    if (this.#level > 1 && error instanceof Error) {
      this.#terminal.err.write(`${error.stack ?? ""}\n`);
    }
  }

  #say(text: () => string): void {
    if (this.#level > 0) {
      this.#terminal.err.write(`${text()}\n`);
    }
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
