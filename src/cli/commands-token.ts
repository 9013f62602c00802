/** The commands about who may and who did: `token add|list|remove`, `audit`. */
import { type Command, Option } from "commander";
import { TOKEN_ROLES, type TokenRole } from "../ingest/user-tokens.ts";
import type { CommandDeps } from "./command-deps.ts";
import { outputOption, wholeNumber, withTable } from "./command-options.ts";
import type { AuditOptions } from "./commands/audit.ts";
import { LIST_FORMATS } from "./listing.ts";

interface PlaceFlags {
  readonly config?: string;
  readonly dataDir?: string;
}

/** Adds them. */
export function addTokenCommands(program: Command, { terminal, exit }: CommandDeps): void {
  const token = program.command("token").description("Let people and programs look or write over HTTP");
  placed(token.command("add"))
    .description("Make a token, in place of the one of that name; it is shown once, only its hash is kept")
    .argument("<name>", "whose it is, for the log")
    .addOption(new Option("--role <role>", "what it allows").choices(TOKEN_ROLES).default("viewer"))
    .action(async (name: string, flags: PlaceFlags & { readonly role: TokenRole }) => {
      const { tokenAdd } = await import("./commands/token.ts");
      exit(await tokenAdd(name, flags.role, flags, terminal));
    });
  placed(token.command("list"))
    .description("List tokens: whose, what they allow, since when")
    .action(async (flags: PlaceFlags) => {
      const { tokenList } = await import("./commands/token.ts");
      exit(tokenList(flags, terminal));
    });
  placed(token.command("remove"))
    .description("Take a token back; it no longer works at once")
    .argument("<name>", "whose it is")
    .action(async (name: string, flags: PlaceFlags) => {
      const { tokenRemove } = await import("./commands/token.ts");
      exit(await tokenRemove(name, flags, terminal));
    });
}

/** Adds `audit`. */
export function addAuditCommand(program: Command, { terminal, exit }: CommandDeps): void {
  const command = placed(program.command("audit"))
    .description("Print the audit log: who changed settings, rules, tokens and hosts, and who was refused")
    .option("-n, --lines <count>", "so many of the last entries", wholeNumber(1, 100_000), 50)
    .addOption(outputOption(LIST_FORMATS, "table"));
  withTable(command).action(async (options: AuditOptions) => {
    const { audit } = await import("./commands/audit.ts");
    exit(await audit(options, terminal));
  });
}

function placed(command: Command): Command {
  return command
    .option("--config <file>", "configuration file; default: $DOTM_CONFIG, ./dotm.yaml, /etc/dotm/dotm.yaml")
    .option("--data-dir <folder>", "data folder of the daemon, instead of the configuration's");
}
