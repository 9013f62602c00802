/** The commands that run until they are told to end: `serve`, `demo`. */
import { type Command, Option } from "commander";
import { listOf } from "../config/environment.ts";
import type { ConfigRequest } from "../config.ts";
import type { CommandDeps } from "./command-deps.ts";
import { wholeNumber } from "./command-options.ts";
import type { DemoKind } from "./root.ts";

interface ServeFlags {
  readonly config?: string;
  readonly dataDir?: string;
  readonly listen?: string;
  readonly url?: string;
  readonly logLevel?: string;
  readonly roles?: string;
  readonly verbose?: number;
  readonly quiet?: boolean;
}

interface DemoFlags {
  readonly local?: boolean;
  readonly nagios?: string | boolean;
  readonly port?: number;
  readonly dataDir?: string;
}

/** Adds them. */
export function addRunningCommands(program: Command, deps: CommandDeps): void {
  addServe(program, deps);
  addDemo(program, deps);
}

function addServe(program: Command, { terminal, root, exit }: CommandDeps): void {
  program
    .command("serve")
    .description("Run the daemon in the foreground")
    .option("--config <file>", "configuration file; default: $DOTM_CONFIG, ./dotm.yaml, /etc/dotm/dotm.yaml")
    .option("--data-dir <folder>", "folder for everything DOTM keeps")
    .option("--listen <address:port>", "where pages and reports are served")
    .option("--url <redis>", "Redis that holds the map; default: a store of DOTM's own in the data folder")
    .option("--roles <roles>", "what this process does: engine, collector, worker, web; default: all of it")
    .option("--log-level <level>", "debug, info, warn, error or silent")
    .action(async (flags: ServeFlags) => {
      const { serve } = await import("./commands/run.ts");
      exit(await serve(serveRequest(flags), terminal, root));
    });
}

/** Flags as the highest layer of the configuration. */
function serveRequest({ config, dataDir, listen, url, logLevel, roles, verbose, quiet }: ServeFlags): ConfigRequest {
  const spoken = quiet === true ? "warn" : undefined;
  const all = [
    { path: "data_dir", flag: "--data-dir", value: dataDir },
    { path: "web.listen", flag: "--listen", value: listen },
    { path: "redis.url", flag: "--url", value: url },
    { path: "roles", flag: "--roles", value: roles === undefined ? undefined : listOf(roles) },
    { path: "log.level", flag: "--log-level", value: logLevel ?? ((verbose ?? 0) > 0 ? "debug" : spoken) },
  ];
  return { file: config, flags: all.filter(({ value }) => value !== undefined) };
}

function addDemo(program: Command, { terminal, root, exit }: CommandDeps): void {
  program
    .command("demo")
    .description("Show DOTM at work: on a small shop, on this machine, or on a real Nagios")
    .addOption(new Option("--local", "map this machine: its own listeners and connections").conflicts("nagios"))
    .option("--nagios [nagios.cfg]", "read a real Nagios; without a path its configuration is searched")
    .option("--port <port>", "port of the pages; default 4880, or a free one", wholeNumber(0, 65_535))
    .option("--data-dir <folder>", "folder for its data; default: one of its own")
    .action(async (flags: DemoFlags) => {
      const { demo } = await import("./commands/run.ts");
      const nagiosConfig = typeof flags.nagios === "string" ? flags.nagios : null;
      const request = { kind: demoKind(flags), nagiosConfig, port: flags.port ?? null, dataDir: flags.dataDir ?? null };
      exit(await demo(request, terminal, root));
    });
}

function demoKind({ local, nagios }: DemoFlags): DemoKind {
  if (local === true) {
    return "local";
  }
  return nagios === undefined ? "site" : "nagios";
}
