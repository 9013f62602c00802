/** The commands that answer a question about dependencies: `impact`, `what-if`, `causes`, `path`. */
import type { Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { collected, outputOption, withStore, withTable } from "./command-options.ts";
import type { CausesOptions } from "./commands/causes.ts";
import type { ImpactOptions } from "./commands/impact.ts";
import type { PathOptions } from "./commands/path.ts";
import { inTime, type TimeOption, withTime } from "./in-time.ts";
import type { Terminal } from "./terminal.ts";
import { type WatchOption, watching, withWatch } from "./watch.ts";

type Looks = TimeOption & WatchOption;

/** Adds them. */
export function addAskingCommands(program: Command, deps: CommandDeps): void {
  addImpact(program, deps);
  addWhatIf(program, deps);
  addCauses(program, deps);
  addPath(program, deps);
}

function addImpact(program: Command, deps: CommandDeps): void {
  const command = program
    .command("impact")
    .summary("what else is hit by a problem, and what broke first")
    .description(
      "What else is hit by a problem, and what broke first. HOST alone means the host itself, or all its problems; " +
        "where nothing is wrong, the answer tells what would be hit.",
    )
    .argument("[host]", "host as the monitoring names it")
    .argument("[check]", "service check as the monitoring names it")
    .addOption(outputOption(["table", "json", "tree", "dot", "svg", "mermaid"], "table"))
    .option(
      "--what-if <verb:ID>",
      "assume a HOST, HOST:PORT or HOST/PROCESS down:, up: or in maintenance:",
      collected,
      [],
    )
    .option("--all", "all current problems, ranked by what they take with them", false)
    .option("--exit-code", "exit as a Nagios plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN or no answer", false);
  withWatch(withTable(withTime(withStore(command)))).action(async (host, check, options: ImpactOptions & Looks) => {
    const { impact } = await import("./commands/impact.ts");
    const { terminal, open } = inTime(options, deps);
    const run = (how: ImpactOptions, where: Terminal) => impact(host, check, how, where, open);
    deps.exit(await watching(options, terminal, { output: "json" }, run));
  });
}

function addCauses(program: Command, deps: CommandDeps): void {
  const command = program
    .command("causes")
    .summary("what most likely broke first, with the sum that says so")
    .description(
      "What most likely caused a problem: all candidates among the current problems, ranked by a sum whose parts are " +
        "printed. HOST alone means the host itself, or each problem of its checks.",
    )
    .argument("<host>", "host as the monitoring names it")
    .argument("[check]", "service check as the monitoring names it")
    .addOption(outputOption(["table", "json"], "table"));
  withWatch(withTable(withTime(withStore(command)))).action(async (host, check, options: CausesOptions & Looks) => {
    const { causes } = await import("./commands/causes.ts");
    const { terminal, open } = inTime(options, deps);
    const run = (how: CausesOptions, where: Terminal) => causes(host, check, how, where, open);
    deps.exit(await watching(options, terminal, { output: "json" }, run));
  });
}

function addWhatIf(program: Command, deps: CommandDeps): void {
  const command = program
    .command("what-if")
    .summary("what would be hit, and whether something is safe to stop")
    .description(
      "What would be hit if things were down, in maintenance or up again, together with all that is wrong now; and " +
        "whether they are safe to stop. Nothing is stored.",
    )
    .argument("<verb:ID...>", "down:, up: or maintenance: and a HOST, HOST:PORT or HOST/PROCESS")
    .addOption(outputOption(["table", "json", "tree", "dot", "svg", "mermaid"], "table"))
    .option("--exit-code", "exit as a Nagios plugin would then: 0 OK, 1 WARNING, 2 CRITICAL, 3 no answer", false);
  withTable(withTime(withStore(command))).action(
    async (whatIf: string[], options: Omit<ImpactOptions, "whatIf" | "all"> & TimeOption) => {
      const { impact } = await import("./commands/impact.ts");
      const { terminal, open } = inTime(options, deps);
      deps.exit(await impact(undefined, undefined, { ...options, whatIf, all: false }, terminal, open));
    },
  );
}

function addPath(program: Command, deps: CommandDeps): void {
  const command = program
    .command("path")
    .summary("whether one thing depends on another, and over what")
    .description(
      "The shortest and surest way by which one of two things depends on the other, whichever it is. Exit code 3 where " +
        "neither does.",
    )
    .argument("<a>", "HOST, HOST:PORT or HOST/PROCESS")
    .argument("<b>", "the same")
    .addOption(outputOption(["table", "json"], "table"));
  withTime(withStore(command)).action(async (a: string, b: string, options: PathOptions & TimeOption) => {
    const { path } = await import("./commands/path.ts");
    const { terminal, open } = inTime(options, deps);
    deps.exit(await path(a, b, options, terminal, open));
  });
}
