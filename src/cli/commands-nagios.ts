/** The commands that put DOTM into a Nagios: `nagios install`. */
import { type Command, Option } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import type { NagiosInstallOptions } from "./commands/nagios-install.ts";

/** Adds them. */
export function addNagiosCommands(program: Command, { terminal, exit }: CommandDeps): void {
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
