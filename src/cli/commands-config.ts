/** The commands about whether DOTM is set up well: `config check|show|default|path`, `doctor`. */
import { type Command, Option } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { outputOption, withStore } from "./command-options.ts";
import type { DoctorOptions } from "./commands/doctor.ts";
import { COLOR_CHOICES } from "./paint.ts";

interface FileFlag {
  readonly config?: string;
}

/** Adds them. */
export function addConfigCommands(program: Command, deps: CommandDeps): void {
  addConfig(program, deps);
  addDoctor(program, deps);
}

function addDoctor(program: Command, { terminal, open, exit }: CommandDeps): void {
  const command = program
    .command("doctor")
    .description("Walk the whole chain from configuration to web and tell the fix of each fault; exit 1 where one is")
    .option("--web <url>", "address of the pages; default: what the configuration says")
    .addOption(outputOption(["table", "json"], "table"))
    .addOption(new Option("--color <when>", "colour verdicts").choices(COLOR_CHOICES).default("auto"));
  withStore(command).action(async (options: DoctorOptions) => {
    const { doctor } = await import("./commands/doctor.ts");
    exit(await doctor(options, terminal, open));
  });
}

function addConfig(program: Command, { terminal, exit }: CommandDeps): void {
  const config = program.command("config").description("Check, show and explain the configuration");
  const file = [
    "--config <file>",
    "configuration file; default: $DOTM_CONFIG, ./dotm.yaml, /etc/dotm/dotm.yaml",
  ] as const;
  config
    .command("check")
    .description("Say everything that is wrong, with file, line and column; exit 1 where something is")
    .option(...file)
    .action(async (flags: FileFlag) => {
      const { configCheck } = await import("./commands/config.ts");
      exit(configCheck({ file: flags.config }, terminal));
    });
  config
    .command("show")
    .description("Print the effective configuration")
    .option("--origin", "tell for each value where it was written", false)
    .option(...file)
    .action(async (flags: FileFlag & { origin: boolean }) => {
      const { configShow } = await import("./commands/config.ts");
      exit(configShow({ file: flags.config }, flags.origin, terminal));
    });
  config
    .command("default")
    .description("Print a commented configuration with all defaults")
    .action(async () => {
      const { configDefault } = await import("./commands/config.ts");
      exit(await configDefault(terminal));
    });
  config
    .command("path")
    .description("Print the configuration files that are read")
    .option(...file)
    .action(async (flags: FileFlag) => {
      const { configPath } = await import("./commands/config.ts");
      exit(configPath({ file: flags.config }, terminal));
    });
}
