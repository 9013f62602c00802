/** `--watch`: the same command again and again; redrawn in place on a terminal, else one line of JSON for each change. */
import { setTimeout as delay } from "node:timers/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { messageOf } from "../errors.ts";
import { EXIT } from "./exit-code.ts";
import { harmless } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Options of a command that can be watched. */
export interface WatchOption {
  /** Seconds between two looks; absent where nobody watches. */
  readonly watch?: number;
}

/** Seconds between two looks, unless said otherwise. */
const EVERY = 2;

/** Clears the screen and goes to its beginning. */
const CLEAR = "\u001b[H\u001b[2J";

/** Adds the option. */
export function withWatch(command: Command): Command {
  const option = new Option(
    "-w, --watch [seconds]",
    "look again and again; on a terminal in place, else as lines of JSON",
  )
    .argParser(seconds)
    .preset(`${EVERY}`)
    .conflicts("at");
  return command.addOption(option);
}

/** Runs a command once, or until the process is asked to end; `lines` are the options that make it write JSON. */
export async function watching<Options extends WatchOption>(
  options: Options,
  terminal: Terminal,
  lines: Partial<Options>,
  run: (options: Options, terminal: Terminal) => Promise<number>,
): Promise<number> {
  const { watch } = options;
  if (watch === undefined) {
    return run(options, terminal);
  }
  const interrupted = terminal.interrupted().then((signal) => (signal === "SIGINT" ? EXIT.interrupted : EXIT.done));
  const chosen = terminal.out.isTerminal ? options : { ...options, ...lines };
  const show = terminal.out.isTerminal ? redraw(terminal, watch) : changesOnly(terminal);
  // A mistake in the command ends it as it does without watching; what goes wrong later may pass.
  show(await captured(chosen, terminal, run));
  for (;;) {
    const timer = new AbortController();
    const code = await Promise.race([interrupted, delay(watch * 1000, undefined, { signal: timer.signal })]);
    timer.abort();
    if (code !== undefined) {
      return code;
    }
    try {
      show(await captured(chosen, terminal, run));
    } catch (error) {
      terminal.err.write(`error: ${messageOf(error)}\n`);
    }
  }
}

/** What the command writes. */
async function captured<Options>(
  options: Options,
  terminal: Terminal,
  run: (options: Options, terminal: Terminal) => Promise<number>,
): Promise<string> {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const out = { write, isTerminal: terminal.out.isTerminal };
  // What a list says of itself (that it is empty) belongs to the picture where a person looks.
  const err = terminal.out.isTerminal ? out : terminal.err;
  await run(options, { ...terminal, out, err });
  return text;
}

function redraw({ out, now, screen }: Terminal, every: number): (text: string) => void {
  return (text) => {
    const time = new Date(now() * 1000).toISOString().slice(11, 19);
    const rows = text.trimEnd().split("\n");
    const room = Math.max(1, (screen?.rows ?? rows.length + 3) - 3);
    const more = rows.length > room ? `\n… ${rows.length - room} more lines` : "";
    out.write(`${CLEAR}Every ${every} s, ${time} UTC; Ctrl-C ends\n\n${rows.slice(0, room).join("\n")}${more}\n`);
  };
}

/** Each line that was not there the last time. */
function changesOnly({ out }: Terminal): (text: string) => void {
  let before: ReadonlySet<string> = new Set();
  return (text) => {
    const lines = linesOf(text);
    out.write(
      lines
        .filter((line) => !before.has(line))
        .map((line) => `${harmless(line)}\n`)
        .join(""),
    );
    before = new Set(lines);
  };
}

/** One document that is written over many lines becomes one. */
function linesOf(text: string): string[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return text.startsWith("{\n") ? [lines.map((line) => line.trimStart()).join("")] : lines;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || value < 0.1 || value > 86_400) {
    throw new InvalidArgumentError("It must be a number of seconds, at least 0.1.");
  }
  return value;
}
