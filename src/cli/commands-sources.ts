/** The commands about what the monitoring tells: `event`. */
import type { Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import type { EventOptions } from "./commands/event.ts";

/** Adds them. */
export function addSourceCommands(program: Command, { terminal, exit }: CommandDeps): void {
  program
    .command("event")
    .summary("tell the daemon of a change of state at once; for event handlers")
    .description(
      "Tell the daemon on this machine of a change of state at once, for global_host_event_handler and " +
        "global_service_event_handler of Nagios. It never waits: where nobody reads the pipe it fails at once.",
    )
    .requiredOption("--host <name>", "$HOSTNAME$")
    .option("--check <name>", "$SERVICEDESC$; without it the host itself", "")
    .requiredOption("--state <state>", "$SERVICESTATE$ or $SERVICESTATEID$, of a host $HOSTSTATE$ or $HOSTSTATEID$")
    .requiredOption("--type <SOFT|HARD>", "$SERVICESTATETYPE$ or $HOSTSTATETYPE$")
    .option("--attempt <number>", "$SERVICEATTEMPT$ or $HOSTATTEMPT$", "1")
    .option("--time <seconds>", "$TIMET$, Unix seconds; default: now")
    .option("--pipe <path>", "the event_pipe of the source in dotm.yaml", "/run/dotm/events.fifo")
    .action(async (options: EventOptions) => {
      const { event } = await import("./commands/event.ts");
      exit(event(options, terminal));
    });
}
