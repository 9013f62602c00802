/** `dotm map suggest`: rules for the checks of which nothing is known, with what speaks for each. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { askProposals, type RuleProposals } from "../../mapping/ask-proposals.ts";
import { coverageText } from "../coverage-text.ts";
import { EXIT } from "../exit-code.ts";
import { type ListFormat, type Listing, printListing } from "../listing.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { withReader } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";

/** Options of the command. */
export interface MapSuggestOptions extends StoreFlags {
  readonly output: ListFormat;
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** Prints the proposals with the numbers by which `dotm map accept` takes them. */
export async function mapSuggest(options: MapSuggestOptions, terminal: Terminal, open: OpenReader): Promise<number> {
  const { program } = terminal;
  const proposals = await withReader(options, terminal, open, (reader) => askProposals(reader));
  const { output: format, headers, color } = options;
  await printListing(listingOf(proposals, program), { format, headers, paint: paintFor(terminal, color) }, terminal);
  return EXIT.done;
}

function listingOf({ suggestions, coverage }: RuleProposals, program: string): Listing {
  return {
    kind: "RuleSuggestionList",
    items: suggestions.map(({ rule, ...rest }, at) => ({ number: at + 1, ...rule, ...rest })),
    columns: [
      ...[{ head: "NO" }, { head: "CHECK" }, { head: "PROCESS" }, { head: "CHECKS" }, { head: "HOSTS" }],
      ...[{ head: "SURE" }, { head: "EVIDENCE" }],
    ],
    rows: suggestions.map(({ rule, checks, hosts, confidence, reason }, at) => [
      ...[`${at + 1}`, rule.check, rule.process, `${checks}`, `${hosts.length}`],
      ...[confidence.toFixed(2), reason],
    ]),
    names: suggestions.map(({ rule }) => rule.check),
    summary: {
      text: `${coverageText(coverage)}\n${nextStep(suggestions.length, coverage.unmapped, program)}`,
      fields: { coverage },
    },
  };
}

function nextStep(suggestions: number, unmapped: number, program: string): string {
  if (suggestions > 0) {
    return `Take one with: ${program} map accept NUMBER (--dry-run shows what it would do)`;
  }
  return unmapped === 0
    ? "Nothing to propose."
    : `Nothing to propose: no process goes with the rest. A rule of your own: ${program} settings add service_mapping CHECK-REGEX PROCESS-REGEX`;
}
