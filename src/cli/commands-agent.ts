/** The commands about agents: `agent token HOST`, `agent parse [FILE]`. */
import type { Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { outputOption, withTable } from "./command-options.ts";
import type { ParseOptions } from "./commands/agent-parse.ts";

/** Adds them. */
export function addAgentCommands(program: Command, { terminal, exit }: CommandDeps): void {
  const agent = program.command("agent").description("Let agents report");
  agent
    .command("token")
    .description("Make a token that speaks for one host; it is shown once, only its hash is kept")
    .argument("<host>", "the host's name, as its agent will report it")
    .option("--config <file>", "configuration file; default: $DOTM_CONFIG, ./dotm.yaml, /etc/dotm/dotm.yaml")
    .option("--data-dir <folder>", "data folder of the daemon, instead of the configuration's")
    .action(async (host: string, flags: { readonly config?: string; readonly dataDir?: string }) => {
      const { agentToken } = await import("./commands/agent.ts");
      exit(await agentToken(host, flags, terminal));
    });
  const parse = agent
    .command("parse")
    .description("Print the report that a captured text becomes: netstat or ss with ip addr, or a report")
    .argument("[file]", "the text; stdin without it")
    .option("--host <name>", "the host it is of, where the text does not tell")
    .addOption(outputOption(["json", "table"], "json"));
  withTable(parse).action(async (file: string | undefined, options: ParseOptions) => {
    const { agentParse } = await import("./commands/agent-parse.ts");
    exit(await agentParse(file, options, terminal));
  });
}
