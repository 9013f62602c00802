/** The commands for shells and packages: `completion SHELL`, `complete`, which its scripts ask, and `man PAGE`. */
import { Argument, type Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { SHELLS, type Shell } from "./completion/scripts.ts";
import { PAGES, type Page } from "./man/pages.ts";

/** Adds them. */
export function addShellCommands(program: Command, { terminal, open, exit }: CommandDeps): void {
  const shell = () => new Argument("<shell>", "bash, zsh or fish").choices(SHELLS);
  program
    .command("completion")
    .description("Print what makes a shell complete commands, hosts and checks; the first lines tell how to use it")
    .addArgument(shell())
    .action(async (name: Shell) => {
      const { completionScript } = await import("./completion/scripts.ts");
      terminal.out.write(completionScript(name));
    });
  program
    .command("complete", { hidden: true })
    .addArgument(shell())
    .argument("[words...]", "the words after the program's name up to the cursor; of bash the line")
    .action(async (name: Shell, words: string[]) => {
      const { complete } = await import("./commands/complete.ts");
      exit(await complete(program, name, words, terminal, open));
    });
  program
    .command("man", { hidden: true })
    .addArgument(new Argument("<page>", "the man page to print, for whoever packs DOTM").choices(PAGES))
    .action(async (page: Page) => {
      const { man } = await import("./commands/man.ts");
      terminal.out.write(await man(page, program, async () => (await terminal.input()).toString("utf8")));
    });
}
