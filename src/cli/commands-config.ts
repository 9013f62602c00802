/** The commands about the configuration: `config check|show|default|path`. */
import type { Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";

interface FileFlag {
  readonly config?: string;
}

/** Adds them. */
export function addConfigCommands(program: Command, { terminal, exit }: CommandDeps): void {
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
