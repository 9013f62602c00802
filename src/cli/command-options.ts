/** Options that several commands share. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { COLOR_CHOICES } from "./paint.ts";

/** Adds the options that say where the store is. */
export function withStore(command: Command): Command {
  return command
    .option("--config <file>", "configuration file; default: $DOTM_CONFIG, ./dotm.yaml, /etc/dotm/dotm.yaml")
    .option("--data-dir <folder>", "data folder of the DOTM whose store is read")
    .option("--url <redis>", "Redis that holds the map, such as redis://127.0.0.1:6379");
}

/** Adds what makes tables look different. */
export function withTable(command: Command): Command {
  return command
    .option("--no-headers", "print tables without their head")
    .option("--no-pager", "print long output as it is; else $DOTM_PAGER, $PAGER or less shows it page by page")
    .addOption(new Option("--color <when>", "colour states").choices(COLOR_CHOICES).default("auto"));
}

/** The option for the form of the output. */
export function outputOption(formats: readonly string[], preset: string): Option {
  return new Option("-o, --output <format>", "form of the output").choices(formats).default(preset);
}

/** Reads a whole number from `low` to `high`. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}

/** Collects an option that may be given several times. */
export function collected(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
