/** The commands that set DOTM up: `init`, and `nagios install`, which puts it into a Nagios. */
import { type Command, Option } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import type { InitOptions } from "./commands/init.ts";
import type { NagiosInstallOptions } from "./commands/nagios-install.ts";

/** Adds them. */
export function addSetupCommands(program: Command, deps: CommandDeps): void {
  addInit(program, deps);
  addNagiosInstall(program, deps);
}

function addInit(program: Command, { terminal, exit }: CommandDeps): void {
  program
    .command("init")
    .summary("a first configuration, with what is found on this machine")
    .description(
      "Find the monitoring of this machine (Nagios, Naemon, Icinga 1 and 2, sites of OMD) and write a configuration that " +
        "reads it. Of one that is there already it only shows what is missing, unless --write is given.",
    )
    .option("--dry-run", "only show what would be written", false)
    .option("--write", "add what is missing to a configuration that is there", false)
    .option("--nagios <nagios.cfg>", "this Nagios alone, instead of what is found")
    .option(
      "--config <file>",
      "file to write; default: the one in effect, else /etc/dotm/dotm.yaml for root, ./dotm.yaml",
    )
    .action(async (options: InitOptions) => {
      const { init } = await import("./commands/init.ts");
      exit(await init(options, terminal));
    });
}

function addNagiosInstall(program: Command, { terminal, exit }: CommandDeps): void {
  program
    .command("nagios")
    .description("Put DOTM into the pages and the configuration of a Nagios on this machine")
    .command("install")
    .summary("links and hover in its pages, commands, plugin, proxy; or out again")
    .description(
      "Write what Nagios needs, and show it as a difference: a line in common-header.ssi that puts an icon with a " +
        "picture on hover into every row, templates with action_url, commands and the plugin check_dotm, and a proxy at " +
        "/dotm/ of its web server. What others wrote stays; where Nagios refuses the result, nothing is changed.",
    )
    .option("--dry-run", "only show what would change", false)
    .option("--uninstall", "take everything out again", false)
    .option("--event-handler", "also global event handlers that write to the event pipe of DOTM", false)
    .option("--nagios-cfg <file>", "configuration of Nagios; default: that of the one that runs or is installed here")
    .option("--html <folder>", "folder of its pages; default: physical_html_path of cgi.cfg")
    .option("--plugins <folder>", "folder of its plugins; default: $USER1$")
    .option("--no-plugins", "leave the plugin check_dotm out")
    .addOption(
      new Option("--web-server <kind>", "whose proxy leads to DOTM")
        .choices(["auto", "apache", "nginx", "none"])
        .default("auto"),
    )
    .option("--web-conf <file>", "file for the proxy; default: dotm.conf where the web server looks for such")
    .option("--url <url>", "address of DOTM as browsers reach it, where no proxy leads to it")
    .option("--config <file>", "configuration file of DOTM")
    .action(async (options: NagiosInstallOptions) => {
      const { nagiosInstall } = await import("./commands/nagios-install.ts");
      exit(nagiosInstall(options, terminal));
    });
}
