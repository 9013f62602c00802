/** The commands that read the stored picture: `report`, `graph`, `get`, `wait`. */
import { Argument, type Command, Option } from "commander";
import { ALARM_KINDS } from "../model/alarm.ts";
import type { CommandDeps } from "./command-deps.ts";
import { outputOption, wholeNumber, withStore, withTable } from "./command-options.ts";
import type { GetOptions } from "./commands/get.ts";
import type { GraphOptions } from "./commands/graph.ts";
import type { ReportOptions } from "./commands/report.ts";
import { REPORT_PARTS } from "./commands/report-parts.ts";
import type { WaitOptions } from "./commands/wait.ts";
import { inTime, type TimeOption, withTime } from "./in-time.ts";
import { LIST_FORMATS } from "./listing.ts";
import { RESOURCES, type Resource } from "./resources/resource.ts";
import type { Terminal } from "./terminal.ts";
import { type WatchOption, watching, withWatch } from "./watch.ts";

/** Adds them. */
export function addReadingCommands(program: Command, deps: CommandDeps): void {
  addReport(program, deps);
  addGraph(program, deps);
  addGet(program, deps);
  addWait(program, deps);
}

function addReport(program: Command, deps: CommandDeps): void {
  const kinds = new Option("--kind <kind...>", "only these kinds").choices(ALARM_KINDS).default([]);
  const command = program
    .command("report")
    .summary("what DOTM itself finds wrong, and where the site is weak")
    .description(
      "What DOTM itself finds wrong: services without a check, checks mapped to nothing, unused services, connections " +
        "suddenly gone, silent agents, stale sources, hosts missing in the monitoring. Then what the site hangs on: " +
        "single points of failure, and services nobody watches, both by the number of services that need them.",
    )
    .argument("[host...]", "only of these hosts; of a connection either end")
    .addOption(kinds)
    .addOption(new Option("--part <part...>", "only these parts").choices(REPORT_PARTS).default([]))
    .addOption(outputOption(LIST_FORMATS, "table"))
    .option("--exit-code", "exit as a Nagios plugin: 0 nothing grave, 1 WARNING, 2 CRITICAL, 3 no answer", false);
  withWatch(withTable(withTime(withStore(command)))).action(
    async (hosts: string[], options: ReportOptions & TimeOption & WatchOption) => {
      const { report } = await import("./commands/report.ts");
      const { terminal, open } = inTime(options, deps);
      const run = (how: ReportOptions, where: Terminal) => report(hosts, how, where, open);
      deps.exit(await watching(options, terminal, { output: "ndjson" }, run));
    },
  );
}

function addGraph(program: Command, deps: CommandDeps): void {
  const hops = wholeNumber(0, 20);
  const command = program
    .command("graph")
    .description("Draw a problem, a host or the whole site")
    .argument("[host]", "host as the monitoring names it; without it the whole site")
    .argument("[check]", "service check as the monitoring names it")
    .addOption(outputOption(["svg", "dot", "mermaid", "json"], "svg"))
    .option("--dependents <hops>", "how far towards those who need it", hops, 3)
    .option("--dependencies <hops>", "how far towards what it needs", hops, 1);
  withTime(withStore(command)).action(async (host, check, options: GraphOptions & TimeOption) => {
    const { graph } = await import("./commands/graph.ts");
    const { terminal, open } = inTime(options, deps);
    deps.exit(await graph(host, check, options, terminal, open));
  });
}

function addGet(program: Command, deps: CommandDeps): void {
  const command = program
    .command("get")
    .description("List what DOTM knows")
    .addArgument(new Argument("<resource>", "what to list").choices(RESOURCES))
    .argument("[host...]", "only of these hosts")
    .addOption(outputOption(LIST_FORMATS, "table"));
  withWatch(withTable(withTime(withStore(command)))).action(
    async (resource: Resource, hosts: string[], options: GetOptions & TimeOption & WatchOption) => {
      const { get } = await import("./commands/get.ts");
      const { terminal, open } = inTime(options, deps);
      const run = (how: GetOptions, where: Terminal) => get(resource, hosts, how, where, open);
      deps.exit(await watching(options, terminal, { output: "ndjson" }, run));
    },
  );
}

function addWait(program: Command, { terminal, exit }: CommandDeps): void {
  program
    .command("wait")
    .description("Wait until the daemon serves")
    .requiredOption("--ready", "wait for /readyz to say yes")
    .option("--timeout <seconds>", "give up after so long", wholeNumber(0, 86_400), 30)
    .option("--web <url>", "address of its pages; default: what the configuration says")
    .option("--config <file>", "configuration file")
    .action(async (options: WaitOptions) => {
      const { wait } = await import("./commands/wait.ts");
      exit(await wait(options, terminal));
    });
}
