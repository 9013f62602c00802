/** `dotm serve` and `dotm demo`: what runs until it is told to end. */
import { hostname } from "node:os";
import type { Config } from "../../config/config-value.ts";
import { placeText } from "../../config/place.ts";
import { type ConfigRequest, loadConfig, readConfig } from "../../config.ts";
import { messageOf } from "../../errors.ts";
import { commandAudit } from "../audit.ts";
import { EXIT } from "../exit-code.ts";
import { withPatience } from "../patience.ts";
import type { DemoOptions, Root, Running } from "../root.ts";
import type { Interruption, Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";

/** Runs the daemon in the foreground; 0 at SIGTERM, 130 at Ctrl-C. SIGHUP has it read its configuration again. */
export async function serve(request: ConfigRequest, terminal: Terminal, root: Root): Promise<number> {
  let config = loadConfig(request, terminal.around);
  let fault: string | null = null;
  const interruption = terminal.interrupted();
  const start = async (how: Config) => {
    const running = await root.startDaemon(how, () => fault);
    tell(running, request, terminal);
    return running;
  };
  let reload = terminal.reloadAsked();
  for (let running = await start(config); ; reload = terminal.reloadAsked()) {
    const word = await untilWord(running, interruption, reload);
    if (word !== "SIGHUP") {
      await running.stop();
      return word === "SIGINT" ? EXIT.interrupted : EXIT.done;
    }
    const read = readAgain(request, terminal);
    fault = read.fault;
    noteReload(config, fault, terminal);
    if (read.config !== undefined) {
      await running.stop();
      running = await startOr(start, read.config, config, terminal);
      config = read.config;
    }
  }
}

/** The configuration as it is written by now; where it is wrong, that is said, and what holds goes on. */
function readAgain(request: ConfigRequest, { around, err }: Terminal): { config?: Config; fault: string | null } {
  try {
    return { config: loadConfig(request, around), fault: null };
  } catch (error) {
    const fault = `what is written by now is wrong, so what was read before holds: ${messageOf(error)}`;
    err.write(`Not reloaded: ${fault}\n`);
    return { fault };
  }
}

/** Tells the audit log of it. Who sent the signal is not known; a log that cannot be written keeps nobody from reloading. */
function noteReload({ audit }: Config, fault: string | null, terminal: Terminal): void {
  const { trail, by } = commandAudit(audit.file, terminal, "signal");
  const act = { action: "reload", object: "configuration", old: null, new: null };
  try {
    fault === null ? trail.done(by, act) : trail.failed(by, act, fault);
  } catch (error) {
    terminal.err.write(`warning: ${messageOf(error)}\n`);
  }
}

/** Starts with the new configuration; where nothing can be started with it, again with the old one. */
async function startOr(
  start: (config: Config) => Promise<Running>,
  wanted: Config,
  before: Config,
  terminal: Terminal,
): Promise<Running> {
  try {
    return await start(wanted);
  } catch (error) {
    const fault = `DOTM cannot start so: ${messageOf(error)}`;
    terminal.err.write(`Not reloaded, as ${fault}\n`);
    noteReload(before, fault, terminal);
    return start(before);
  }
}

function tell(running: Running, request: ConfigRequest, { around, err }: Terminal): void {
  const warnings = readConfig(request, around).warnings.map(
    ({ place, text }) => `warning: ${placeText(place)}: ${text}`,
  );
  const notes = [...warnings, `DOTM serves ${running.url}`, running.store, `Data: ${running.dataDir}`];
  err.write(notes.map((note) => `${note}\n`).join(""));
}

/** Runs the demo; prints where its pages are and what to try. */
export async function demo(options: DemoOptions, terminal: Terminal, root: Root): Promise<number> {
  const interruption = terminal.interrupted();
  const running = await withPatience("starting the demo", root.startDemo(options), terminal);
  terminal.out.write(demoText(options, running, terminal.program));
  return untilEnded(running, interruption);
}

async function untilEnded(running: Running, interruption: Promise<Interruption>): Promise<number> {
  const signal = await untilWord(running, interruption);
  await running.stop();
  return signal === "SIGINT" ? EXIT.interrupted : EXIT.done;
}

/** The first word from outside; where what runs ends by itself it is put away, and its error told. */
async function untilWord<Word>(running: Running, ...words: readonly Promise<Word>[]): Promise<Word> {
  try {
    return await Promise.race([...words, ...(running.ended === undefined ? [] : [running.ended as Promise<never>])]);
  } catch (error) {
    await running.stop();
    throw error;
  }
}

const HEADLINES: Readonly<Record<DemoOptions["kind"], string>> = {
  site: "A small shop is running; in about ten seconds its database db01 gets into trouble, and recovers later.",
  local: "This is your own machine: who listens, and who talks to whom.",
  nagios: "This is your Nagios, read-only, with the connections of this machine.",
};

/** What the demo tells: the address, three commands that work when pasted into another terminal, and where data lies. */
function demoText({ kind }: DemoOptions, running: Running, program: string): string {
  const store = `--data-dir ${shellWord(running.dataDir)}`;
  const commands = commandsOf(kind).map((command) => `  ${program} ${command} ${store}\n`);
  return [
    `\n${HEADLINES[kind]}\n`,
    `\nOpen ${running.url}\n`,
    `\nTry in another terminal:\n${commands.join("")}`,
    `\nData: ${running.dataDir}\nStore: ${running.store}\nCtrl-C ends it.\n`,
  ].join("");
}

function commandsOf(kind: DemoOptions["kind"]): string[] {
  switch (kind) {
    case "site":
      return ["impact db01 MySQL", "impact cache01 Redis -o tree", "get alerts"];
    case "local":
      return ["get connections", "get services", `graph ${shellWord(hostname())} -o mermaid`];
    case "nagios":
      return ["get alerts", "impact --all", "get mappings"];
  }
}
