/** `dotm map accept`: takes proposals of `dotm map suggest` into the user's rules. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { DotmError } from "../../errors.ts";
import { askProposals } from "../../mapping/ask-proposals.ts";
import type { RuleSuggestion } from "../../mapping/suggest-rules.ts";
import { nearest } from "../../nearest.ts";
import { EXIT } from "../exit-code.ts";
import type { OpenReader } from "../open-store.ts";
import { withOpenStore } from "../store-access.ts";
import { harmless } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";

/** Options of the command. */
export interface MapAcceptOptions extends StoreFlags {
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

/**
 * Adds the chosen proposals to the setting `service_mapping`; `chosen` are their numbers or check expressions.
 * @throws DotmError DOTM_NOT_FOUND where there is no such proposal, DOTM_USAGE where nothing is chosen; then none is taken
 */
export async function mapAccept(
  chosen: readonly string[],
  options: MapAcceptOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const { program } = terminal;
  if ((chosen.length === 0) === (options.all !== true)) {
    const usage = `Try: ${program} map accept 1, or ${program} map accept --all`;
    throw new DotmError("DOTM_USAGE", "Say which proposals to take, or --all, and not both.", usage);
  }
  await withOpenStore(options, terminal, open, async ({ reader, settings }) => {
    const { suggestions } = await askProposals(reader);
    const taken =
      options.all === true ? suggestions : [...new Set(chosen.map((text) => pick(text, suggestions, program)))];
    for (const suggestion of taken) {
      if (options.dryRun !== true) {
        await settings.add("service_mapping", suggestion.rule.process, suggestion.rule.check);
      }
      terminal.out.write(`${takenText(suggestion, options.dryRun === true)}\n`);
    }
    terminal.err.write(`${after(taken.length, options.dryRun === true)}\n`);
  });
  return EXIT.done;
}

function pick(text: string, suggestions: readonly RuleSuggestion[], program: string): RuleSuggestion {
  const found = /^\d+$/.test(text)
    ? suggestions[Number(text) - 1]
    : suggestions.find(({ rule }) => rule.check === text);
  if (found !== undefined) {
    return found;
  }
  const near = nearest(
    text,
    suggestions.map(({ rule }) => rule.check),
  )[0];
  const meant = near === undefined ? "" : ` Did you mean ${shellWord(near)}?`;
  const count = suggestions.length === 1 ? "There is 1 proposal." : `There are ${suggestions.length} proposals.`;
  throw new DotmError("DOTM_NOT_FOUND", `No proposal ${text}. ${count}${meant}`, `See: ${program} map suggest`);
}

function takenText({ rule, checks, hosts }: RuleSuggestion, dry: boolean): string {
  const where = hosts.length === 1 ? "1 host" : `${hosts.length} hosts`;
  const what = `${checks === 1 ? "1 check" : `${checks} checks`} on ${where}`;
  return harmless(`${dry ? "would add" : "added"} ${rule.check} -> ${rule.process}: maps ${what}`);
}

function after(taken: number, dry: boolean): string {
  if (taken === 0) {
    return "There is nothing to take.";
  }
  return dry ? "Nothing was changed." : "service_mapping is changed; a running DOTM goes by it within 2 s.";
}
