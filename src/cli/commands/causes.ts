/** `dotm causes HOST [CHECK]`: what most likely broke first, with the sum that says so. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { askCauses } from "../../impact/ask-causes.ts";
import type { CauseCandidate, CauseRanking } from "../../impact/rank-causes.ts";
import { HOST_CHECK, titleOf } from "../../model/ids.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { EXIT } from "../exit-code.ts";
import { unknownProblem } from "../not-found.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { printableJson } from "../printable-json.ts";
import { withReader } from "../store-access.ts";
import { harmless, tableText } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { pastCells } from "../words.ts";

/** Options of the command. */
export interface CausesOptions extends StoreFlags {
  readonly output: "table" | "json";
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** Candidates that the table shows; `-o json` has them all. */
const SHOWN = 5;

/** Prints the causes of a problem, most likely first; of all problems of a host where no check is named. */
export async function causes(
  host: string,
  check: string | undefined,
  options: CausesOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const name = check === undefined || check === "" || check === HOST_CHECK ? null : check;
  const rankings = await withReader(options, terminal, open, async (reader) => {
    const found = await askCauses(reader, host, name);
    if (found.length === 0 && !(await isKnown(reader, host, name))) {
      throw await unknownProblem(reader, host, name, terminal.program, "causes");
    }
    return found;
  });
  if (options.output === "json") {
    terminal.out.write(`${printableJson(asJson(rankings), 2)}\n`);
  } else {
    const text = rankings.map((ranking) => rankingText(ranking, options, terminal)).join("\n");
    terminal.out.write(text === "" ? `${harmless(titleOf({ host, check: name }))} is no problem now.\n` : text);
  }
  return EXIT.done;
}

async function isKnown(reader: MapReader, host: string, check: string | null): Promise<boolean> {
  if (check !== null) {
    return (await reader.serviceChecks(host)).some(({ service }) => service === check);
  }
  return (await reader.nodes()).includes(host);
}

/** One ranking as it is; several, or none, as a list. */
function asJson(rankings: readonly CauseRanking[]): unknown {
  return rankings.length === 1 ? rankings[0] : { apiVersion: "dotm/v1", kind: "CauseRankingList", items: rankings };
}

function rankingText({ problem, candidates }: CauseRanking, options: CausesOptions, terminal: Terminal): string {
  const paint = paintFor(terminal, options.color);
  const asked = `${harmless(titleOf(problem))} is ${paint(problem.state)}`;
  const first = candidates[0];
  if (first === undefined) {
    return `${asked}; no cause found: no other problem lies on what it depends on.\n`;
  }
  const blocks = candidates.slice(0, SHOWN).map((candidate, at) => {
    const title = `${at + 1}. ${harmless(titleOf(candidate))} is ${paint(candidate.state)}: ${candidate.score.toFixed(1)} of 100`;
    return `\n${title}\n${candidateText(candidate, options, terminal)}`;
  });
  const more = candidates.length - SHOWN;
  const rest = more > 0 ? `\nand ${more} less likely; -o json shows all\n` : "";
  return `${asked}; most likely cause: ${harmless(titleOf(first))}\n${blocks.join("")}${rest}`;
}

/** The sum: each part's points, of how many, and why; then the way. */
function candidateText(
  { parts, path, changesBefore }: CauseCandidate,
  { headers, color }: CausesOptions,
  terminal: Terminal,
): string {
  const rows = parts.map(({ name, weight, points, text }) => [
    "  ",
    points.toFixed(1).padStart(6),
    `${weight}`.padStart(2),
    name,
    text,
  ]);
  const heads = ["  ", "POINTS", "OF", "PART", "WHY"];
  const table = tableText(heads, rows, { headers, paint: paintFor(terminal, color) });
  const way = path.length < 2 ? [] : [`path: ${path.join(" > ")}`];
  const past = changesBefore.map((change) => `changed: ${pastCells(change).join(", ")}`);
  return `${table}${[...way, ...past].map((line) => `    ${harmless(line)}\n`).join("")}`;
}
