/** `--at TIME`: the same commands over the picture as it was. */
import type { Command } from "commander";
import { DotmError } from "../errors.ts";
import { MOMENT_FORMS, parseMoment } from "../model/moment.ts";
import type { Past } from "../store/history-reader.ts";
import type { CommandDeps } from "./command-deps.ts";
import type { Terminal } from "./terminal.ts";

/** Options of a command that can look back. */
export interface TimeOption {
  readonly at?: string;
}

/** Adds the option. */
export function withTime(command: Command): Command {
  return command.option("--at <time>", "as it was then: -2h, 03:00, yesterday 03:00, 2026-11-25T03:00Z, Unix seconds");
}

/** The world of a command: with `--at` that of the past, in which it is then. Says on stderr that it shows the past. */
export function inTime({ at }: TimeOption, { terminal, open }: CommandDeps): Pick<CommandDeps, "terminal" | "open"> {
  if (at === undefined) {
    return { terminal, open };
  }
  const moment = momentAsked(at, terminal);
  let now = moment;
  return {
    terminal: { ...terminal, now: () => now },
    open: async (hint) => {
      const store = await open(hint);
      try {
        const past = await (await store.history()).at(moment);
        terminal.err.write(`${pastSentence(past)}\n`);
        now = past.asOf;
        return { ...store, reader: past.reader };
      } catch (error) {
        await store.close();
        throw error;
      }
    },
  };
}

/** The moment a person means, Unix seconds. @throws DotmError DOTM_USAGE */
export function momentAsked(text: string, { now }: Pick<Terminal, "now">): number {
  const moment = parseMoment(text, now());
  if (moment === undefined) {
    throw new DotmError("DOTM_USAGE", `${JSON.stringify(text)} is not a time.`, MOMENT_FORMS);
  }
  return moment;
}

/** What is shown, in words. */
export function pastSentence({ at, asOf, exact }: Pick<Past, "at" | "asOf" | "exact">): string {
  return exact
    ? `As it was at ${isoSecond(at)}.`
    : `As it was at ${isoSecond(asOf)}: what changed from there to ${isoSecond(at)} is not known.`;
}

/** A time to the second, as lists print it. */
export function isoSecond(seconds: number): string {
  return new Date(Math.floor(seconds) * 1000).toISOString().replace(".000Z", "Z");
}
