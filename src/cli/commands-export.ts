/** The command that tells other programs of the dependencies: `export`. */
import { Argument, type Command, InvalidArgumentError } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { withStore } from "./command-options.ts";
import type { ExportOptions } from "./commands/export.ts";
import { EXPORT_KINDS, type ExportKind } from "./commands/export-kinds.ts";
import { inTime, type TimeOption, withTime } from "./in-time.ts";

function wholeSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 30 || seconds > 86_400) {
    throw new InvalidArgumentError("Write whole seconds, 30 to 86400.");
  }
  return seconds;
}

/** Adds it. */
export function addExportCommands(program: Command, deps: CommandDeps): void {
  const command = program
    .command("export")
    .summary("the dependencies, as Icinga, Nagios or Business Process are told of them, and DOTM's own services")
    .description(
      "Print which checks need which, found from what is connected, as objects of Icinga 2 or Nagios, as a business " +
        "process, or as parents of hosts, or the passive services that take DOTM's own results. Cycles are broken and named; services that stand in for each other stay together.",
    )
    .addArgument(new Argument("<kind>", "what to print").choices(EXPORT_KINDS))
    .option("--site <name>", "only hosts of this site; default: those of none")
    .option("--file <file>", "the last export: print what would change in it")
    .option("--write", "then write it", false)
    .option(
      "--ttl <seconds>",
      "of services that take DOTM's results: when they are stale; notify.ttl",
      wholeSeconds,
      300,
    );
  withTime(withStore(command)).action(async (kind: ExportKind, options: ExportOptions & TimeOption) => {
    const { exportNeeds } = await import("./commands/export.ts");
    const { terminal, open } = inTime(options, deps);
    deps.exit(await exportNeeds(kind, options, terminal, open));
  });
}
