/** `dotm serve` and `dotm demo`: what runs until it is told to end. */
import { hostname } from "node:os";
import { placeText } from "../../config/place.ts";
import { type ConfigRequest, loadConfig, readConfig } from "../../config.ts";
import { EXIT } from "../exit-code.ts";
import type { DemoOptions, Root, Running } from "../root.ts";
import type { Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";

/** Runs the daemon in the foreground; 0 at SIGTERM, 130 at Ctrl-C. */
export async function serve(request: ConfigRequest, terminal: Terminal, root: Root): Promise<number> {
  const config = loadConfig(request, terminal.around);
  for (const { place, text } of readConfig(request, terminal.around).warnings) {
    terminal.err.write(`warning: ${placeText(place)}: ${text}\n`);
  }
  const interruption = terminal.interrupted();
  const running = await root.startDaemon(config);
  const notes = [`DOTM serves ${running.url}`, running.store, `Data: ${running.dataDir}`];
  terminal.err.write(notes.map((note) => `${note}\n`).join(""));
  return untilEnded(running, interruption);
}

/** Runs the demo; prints where its pages are and what to try. */
export async function demo(options: DemoOptions, terminal: Terminal, root: Root): Promise<number> {
  const interruption = terminal.interrupted();
  const running = await root.startDemo(options);
  terminal.out.write(demoText(options, running, terminal.program));
  return untilEnded(running, interruption);
}

async function untilEnded(running: Running, interruption: ReturnType<Terminal["interrupted"]>): Promise<number> {
  try {
    const signal = await Promise.race([interruption, ...(running.ended === undefined ? [] : [running.ended])]);
    return signal === "SIGINT" ? EXIT.interrupted : EXIT.done;
  } finally {
    await running.stop();
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
      return ["get services", `impact ${shellWord(hostname())} -o tree`, "get connections"];
    case "nagios":
      return ["get alerts", "impact --all", "get mappings"];
  }
}
