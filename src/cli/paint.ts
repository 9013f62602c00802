/** Colour on terminals. States always carry their word; colour only repeats it. */
import type { Terminal } from "./terminal.ts";

/** When to colour: `auto` where a person looks. */
export const COLOR_CHOICES = ["auto", "always", "never"] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/** Colours words; the same text where colour is off. */
export type Paint = (word: string) => string;

const CODES: ReadonlyMap<string, number> = new Map([
  ["OK", 32],
  ["UP", 32],
  ["WARNING", 33],
  ["CRITICAL", 31],
  ["DOWN", 31],
  ["UNKNOWN", 35],
  ["UNREACHABLE", 35],
  ["PENDING", 36],
  ["STALE", 33],
  ["FAIL", 31],
  ["affected", 31],
  ["degraded", 33],
  ["potential", 35],
]);

/** The paint for what is written to stdout; NO_COLOR (no-color.org), FORCE_COLOR and TERM=dumb are honoured. */
export function paintFor(terminal: Terminal, choice: ColorChoice): Paint {
  return isColoured(terminal, choice) ? coloured : (word) => word;
}

function isColoured({ out, around: { env } }: Terminal, choice: ColorChoice): boolean {
  if (choice !== "auto") {
    return choice === "always";
  }
  const force = env["FORCE_COLOR"];
  if (force !== undefined && force !== "") {
    return force !== "0" && force !== "false";
  }
  return out.isTerminal && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

function coloured(word: string): string {
  const code = CODES.get(word);
  return code === undefined ? word : `\u001b[${code}m${word}\u001b[0m`;
}
