/** The commands about what the monitoring tells: `source read`, `event`. */
import type { Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { outputOption, wholeNumber, withTable } from "./command-options.ts";
import type { EventOptions } from "./commands/event.ts";
import type { SourceReadOptions } from "./commands/source-read.ts";

/** Adds them. */
export function addSourceCommands(program: Command, deps: CommandDeps): void {
  addRead(program.command("source").description("Look at what the monitoring tells"), deps);
  addEvent(program, deps);
}

function addRead(source: Command, { terminal, exit }: CommandDeps): void {
  const read = source
    .command("read")
    .summary("what a file or a server would say as a source")
    .description(
      "Print what a file or a server would say as a source, before it is configured. Files: status.dat, objects.cache, " +
        "nagios.log, answers of the CGIs or of Livestatus in JSON, nagios.cfg for all that it names. Servers: " +
        "https://HOST:5665 (Icinga 2), http://HOST/nagios4/cgi-bin (CGIs), unix:/PATH, tcp://HOST:PORT or " +
        "tls://HOST:PORT (Livestatus).",
    )
    .argument("<place>", "file or URL")
    .addOption(outputOption(["table", "json"], "table"))
    .option("--user <name>", "user to log in with")
    .option("--password-file <file>", "file whose first line is the password")
    .option("--ca-file <file>", "certificate authority of the server")
    .option("--servername <name>", "name in the server's certificate, where it is not the host in the URL")
    .option("--format <format>", "of CGIs: auto, nagios or classic")
    .option("--timezone <zone>", "time zone of dates without one; default: that of this machine")
    .option("--timeout <seconds>", "give up after so long", wholeNumber(1, 3600), 30);
  withTable(read).action(async (place: string, options: SourceReadOptions) => {
    const { sourceRead } = await import("./commands/source-read.ts");
    exit(await sourceRead(place, options, terminal));
  });
}

function addEvent(program: Command, { terminal, exit }: CommandDeps): void {
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
