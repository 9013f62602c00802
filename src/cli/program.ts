/** The command line: the tree of commands, and what becomes of errors. Each command's code is loaded only when it runs. */
import { Command, CommanderError } from "commander";
import { messageOf } from "../errors.ts";
import type { CommandDeps } from "./command-deps.ts";
import { addAgentCommands } from "./commands-agent.ts";
import { addAskingCommands } from "./commands-asking.ts";
import { addConfigCommands } from "./commands-config.ts";
import { addExportCommands } from "./commands-export.ts";
import { addHistoryCommands } from "./commands-history.ts";
import { addReadingCommands } from "./commands-reading.ts";
import { addRunningCommands } from "./commands-running.ts";
import { addSetupCommands } from "./commands-setup.ts";
import { addShellCommands } from "./commands-shell.ts";
import { addSourceCommands } from "./commands-sources.ts";
import { addAuditCommand, addTokenCommands } from "./commands-token.ts";
import { addTuningCommands } from "./commands-tuning.ts";
import { EXIT, exitCodeOf, PLUGIN_UNKNOWN, toldError } from "./exit-code.ts";
import type { OpenReader } from "./open-store.ts";
import { type PagedOutput, pagedOutput } from "./pager.ts";
import type { Root } from "./root.ts";
import { openReader } from "./store-access.ts";
import type { Terminal } from "./terminal.ts";
import { Verbosity, withVerbosity } from "./verbosity.ts";
import { versionText } from "./version.ts";

/** The world a command line runs in. */
export interface MainOptions {
  readonly terminal: Terminal;
  /** How the store is opened; tests open a picture that is a value. */
  readonly open?: OpenReader;
}

/**
 * Runs one command line (`argv` without node and script) and returns its exit code; never rejects.
 * Data goes to stdout, everything else to stderr.
 */
export async function main(argv: readonly string[], root: Root, options: MainOptions): Promise<number> {
  const { terminal, open = openReader } = options;
  let code: number = EXIT.done;
  const exit = (value: number) => {
    code = value;
  };
  const out = pagedOutput(terminal);
  const verbosity = new Verbosity(terminal);
  try {
    const spoken = { ...terminal, out, err: verbosity.err };
    const program = commandTree({ terminal: spoken, root, open: verbosity.naming(open), exit });
    program.hook("preAction", (_, command) => {
      verbosity.follow(command);
      keepForPager(command, out);
    });
    await program.parseAsync(argv, { from: "user" });
    await out.end();
    verbosity.end();
    return code;
  } catch (error) {
    await out.end();
    const failure = exitCodeFor(error, terminal);
    verbosity.explain(error);
    return failure !== EXIT.done && argv.includes("--exit-code") ? PLUGIN_UNKNOWN : failure;
  }
}

/** Commands that print tables go through a pager, unless they are told not to, or watched. */
function keepForPager(command: Command, out: PagedOutput): void {
  const { pager = false, watch } = command.opts<{ pager?: boolean; watch?: number }>();
  if (pager && watch === undefined) {
    out.keep();
  }
}

/** The tree of all commands. */
function commandTree(deps: CommandDeps): Command {
  const { terminal } = deps;
  const program = new Command("dotm")
    .description('DevOps Trouble Map: "Nagios says X is broken. What else is hit, and what broke first?"')
    .version(versionText(), "-V, --version", "print the versions of DOTM and Node, and the commit it was built from")
    .helpOption("-h, --help", "explain a command")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    });
  addAskingCommands(program, deps);
  addReadingCommands(program, deps);
  addHistoryCommands(program, deps);
  addExportCommands(program, deps);
  addRunningCommands(program, deps);
  addSetupCommands(program, deps);
  addTuningCommands(program, deps);
  addAgentCommands(program, deps);
  addTokenCommands(program, deps);
  addAuditCommand(program, deps);
  addSourceCommands(program, deps);
  addConfigCommands(program, deps);
  addShellCommands(program, deps);
  withVerbosity(program);
  pointToHelp(program, terminal.program);
  return program;
}

/** After a wrong option a command points to its own help, not to the list of all commands. */
function pointToHelp(command: Command, name: string): void {
  command.showHelpAfterError(`See: ${name} --help`);
  for (const each of command.commands) {
    pointToHelp(each, `${name} ${each.name()}`);
  }
}

/** Writes what went wrong and what to do next; commander has written its own complaints already. */
function exitCodeFor(error: unknown, { err }: Terminal): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  const told = toldError(error);
  err.write(`error: ${messageOf(error).trimEnd()}${told === undefined || told.next === "" ? "" : `\n${told.next}`}\n`);
  if (told === undefined && error instanceof Error) {
    err.write(`This is a fault of DOTM; please report it with these lines.\n${error.stack ?? ""}\n`);
  }
  return exitCodeOf(error);
}
