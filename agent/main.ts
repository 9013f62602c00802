/** The program `dotm-agent`. */
import { mkdirSync, renameSync, statSync } from "node:fs";
import { endianness, networkInterfaces } from "node:os";
import { join } from "node:path";
import { isSea } from "node:sea";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Collector, type Machine } from "./collect.ts";
import { encodeReport } from "./encode.ts";
import { install, type Program } from "./install.ts";
import { type OnceOptions, type RunOptions, readOptions, type ServeOptions } from "./options.ts";
import { createProcFiles } from "./proc-files.ts";
import { createAddressDecoder } from "./proc-net.ts";
import { ProcessTable } from "./process.ts";
import { pushReport } from "./push.ts";
import type { Report } from "./report.ts";
import { ReportCount, readBootId } from "./report-count.ts";
import { runAgent } from "./run.ts";
import { Sender } from "./sender.ts";
import { serveAgent } from "./serve.ts";
import { listSocketGroups } from "./socket-groups.ts";
import { SocketLister } from "./socket-lister.ts";
import { ReportSpool, writeSynced } from "./spool.ts";
import { startWatch } from "./start-watch.ts";
import { listUnixSockets } from "./unix-peers.ts";
import { USAGE, UsageError } from "./usage.ts";

/** Put in by the bundler; absent where the sources run as they are. */
declare const DOTM_AGENT_VERSION: string | undefined;

const VERSION = typeof DOTM_AGENT_VERSION === "string" ? DOTM_AGENT_VERSION : "0.0.0-dev";
const AGENT = `dotm-agent/${VERSION}`;

/** Runs the program with its arguments; resolves with the exit code: 0 done, 1 failed, 2 called wrongly. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = readOptions(argv, process.env);
    switch (options.command) {
      case "once":
        return await once(options);
      case "run":
        return await run(options);
      case "serve":
        return await serve(options);
      case "install":
        return await print(install(options, thisProgram()));
      case "version":
        return await print(`${AGENT}\n`);
      case "help":
        return await print(`${USAGE}\n`);
    }
  } catch (error) {
    const usage = error instanceof UsageError;
    log(error instanceof Error ? error.message : String(error));
    if (usage) {
      console.error('run "dotm-agent --help" for all options');
    }
    return usage ? 2 : 1;
  }
}

async function once({ host, interval, out, print: wanted }: OnceOptions): Promise<number> {
  const machine = thisMachine();
  const count = new ReportCount(undefined, readBootId(machine.files.read));
  const report = await new Collector(machine).collect({ host, agent: AGENT, interval, ...count.next() });
  if (out !== undefined) {
    writeReport(report, out);
  }
  return wanted ? await print(`${JSON.stringify(report, null, 2)}\n`) : 0;
}

async function run({ host, interval, server, spool: folder }: RunOptions): Promise<number> {
  // What it is called in its own reports, in place of "node".
  process.title = "dotm-agent";
  const machine = thisMachine();
  const spool = openSpool(folder);
  const stop = endAtSignals();
  const now = machine.now;
  const push = (body: Buffer, signal: AbortSignal) => pushReport(body, server, now, signal);
  const sender = new Sender({ spool, push, sleep, random: Math.random, log });
  const count = new ReportCount(join(folder, "sequence.json"), readBootId(machine.files.read));
  log(`reporting as ${host} to ${server.url.href} every ${interval} s; ${spool.size} reports waiting in ${folder}`);
  const processes = new ProcessTable(machine.files);
  const watch = startWatch(machine, processes);
  const deps = {
    collector: new Collector(machine, watch, processes),
    count,
    spool,
    sender,
    host,
    agent: AGENT,
    interval,
  };
  await runAgent({ ...deps, sleep, random: Math.random, steady, log }, stop);
  watch.stop();
  return 0;
}

async function serve(options: ServeOptions): Promise<number> {
  process.title = "dotm-agent";
  const machine = thisMachine();
  const processes = new ProcessTable(machine.files);
  const watch = startWatch(machine, processes);
  const collector = new Collector(machine, watch, processes);
  const lister = new SocketLister(machine);
  const count = new ReportCount(undefined, readBootId(machine.files.read));
  const { host, interval } = options;
  const report = async () => encodeReport(await collector.collect({ host, agent: AGENT, interval, ...count.next() }));
  const deps = { report, sockets: () => lister.list(), interfaces: machine.interfaces, steady, log };
  try {
    await serveAgent(options, deps, endAtSignals());
  } finally {
    watch.stop();
  }
  return 0;
}

/** Aborted when the program is told to end; told again, it ends at once. */
function endAtSignals(): AbortSignal {
  const stop = new AbortController();
  const end = () => {
    process.off("SIGTERM", end).off("SIGINT", end);
    stop.abort();
  };
  process.on("SIGTERM", end).on("SIGINT", end);
  return stop.signal;
}

function thisProgram(): Program {
  const script = isSea() ? undefined : fileURLToPath(import.meta.url);
  if (script?.endsWith(".ts") === true) {
    throw new UsageError(
      "only the bundled agent can be installed; run npm run build, then dist/dotm-agent.mjs install",
    );
  }
  return { executable: process.execPath, script };
}

function steady(): number {
  return performance.now() / 1000;
}

function thisMachine(): Machine {
  return {
    files: createProcFiles(),
    decodeAddress: createAddressDecoder(endianness()),
    interfaces: networkInterfaces,
    unixSockets: listUnixSockets,
    socketGroups: listSocketGroups,
    now: () => Date.now() / 1000,
  };
}

function openSpool(folder: string): ReportSpool {
  const spool = new ReportSpool(folder);
  try {
    spool.open();
  } catch (error) {
    throw new UsageError(
      `--spool ${folder} cannot be used: ${(error as NodeJS.ErrnoException).code}; give another folder`,
    );
  }
  return spool;
}

/** Written beside and renamed, so that whoever watches the folder never reads half a report. */
function writeReport(report: Report, out: string): void {
  const folder = out.endsWith("/") || statSync(out, { throwIfNoEntry: false })?.isDirectory() === true;
  if (folder) {
    mkdirSync(out, { recursive: true });
  }
  const name = `${encodeURIComponent(report.host)}-${report.time.replaceAll(/[-:]/g, "")}-${report.boot.slice(-6)}.json`;
  const path = folder ? join(out, name) : out;
  writeSynced(`${path}.tmp`, encodeReport(report), 0o644);
  renameSync(`${path}.tmp`, path);
}

/** Prints and waits until it is gone; a reader that has seen enough (`| head`) is no error. */
function print(text: string): Promise<number> {
  return new Promise((resolve) => {
    process.stdout.once("error", () => resolve(0));
    process.stdout.write(text, () => resolve(0));
  });
}

async function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(seconds * 1000, undefined, { signal }).catch(() => undefined);
}

function log(line: string): void {
  console.error(`dotm-agent: ${line}`);
}
