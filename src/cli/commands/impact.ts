/** `dotm impact HOST [CHECK]`: what else is hit, and what broke first. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { DotmError } from "../../errors.ts";
import { withSummaryAt } from "../../impact/summary.ts";
import { ASSUMED_VERBS, type Assumption, parseAssumption } from "../../model/assumption.ts";
import { HOST_CHECK, parseId } from "../../model/ids.ts";
import type { Impact } from "../../model/impact.ts";
import type { State } from "../../model/state.ts";
import type { MapReader } from "../../store/map-reader.ts";
import type { PictureFormat } from "../draw.ts";
import { EXIT, pluginCode } from "../exit-code.ts";
import { type Freshness, impactTable, impactTree } from "../impact-text.ts";
import { expectKnown, unknownProblem } from "../not-found.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { printableJson } from "../printable-json.ts";
import { withReader } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";

/** Ways to print an impact. */
export const IMPACT_FORMATS = ["table", "json", "tree", "dot", "svg", "mermaid"] as const;
export type ImpactFormat = (typeof IMPACT_FORMATS)[number];

/** Options of the command. */
export interface ImpactOptions extends StoreFlags {
  readonly output: ImpactFormat;
  readonly whatIf: readonly string[];
  readonly all: boolean;
  readonly exitCode: boolean;
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** Prints the impact of one problem, or of all with `--all`. */
export async function impact(
  host: string | undefined,
  check: string | undefined,
  options: ImpactOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  if (options.all) {
    return allImpacts(host, options, terminal, open);
  }
  const assumed = options.whatIf.map((text) => assumption(text, terminal));
  const asked = host ?? hostOf(assumed);
  if (asked === undefined) {
    const next = `Try: ${terminal.program} impact HOST [CHECK], or ${terminal.program} impact --all`;
    throw new DotmError("DOTM_USAGE", "Which problem? Name a host, and the check that failed.", next);
  }
  const name = check === undefined || check === "" || check === HOST_CHECK ? null : check;
  return withReader(options, terminal, open, async (reader) => {
    const found = await askedImpact(reader, asked, name, assumed, terminal);
    if (found === undefined) {
      throw await unknownProblem(reader, asked, name, terminal.program);
    }
    await printImpact(found, reader, options, terminal);
    return options.exitCode ? pluginCode(statesOf(found, assumed.length > 0)) : EXIT.done;
  });
}

/** A stored answer is printed as it stands; only what is not stored loads the code that computes. */
async function askedImpact(
  reader: MapReader,
  host: string,
  check: string | null,
  assumed: readonly Assumption[],
  terminal: Terminal,
): Promise<Impact | undefined> {
  const now = terminal.now();
  const current = assumed.length > 0 ? undefined : await reader.impact(host, check);
  if (current !== undefined) {
    return withSummaryAt(current, now);
  }
  await expectKnown(reader, assumed, terminal.program);
  const { askImpact } = await import("../../impact/ask.ts");
  return askImpact(reader, { host, check, assumed, now });
}

async function printImpact(
  found: Impact,
  reader: MapReader,
  options: ImpactOptions,
  terminal: Terminal,
): Promise<void> {
  const { output, headers } = options;
  if (output === "json") {
    terminal.out.write(`${printableJson(found, 2)}\n`);
  } else if (output === "table" || output === "tree") {
    const print = output === "table" ? impactTable : impactTree;
    const paint = paintFor(terminal, options.color);
    terminal.out.write(print(found, await freshnessOf(reader, terminal), { headers, paint }));
  } else {
    terminal.out.write(await drawn(found, reader, output));
  }
}

async function drawn(found: Impact, reader: MapReader, format: PictureFormat): Promise<string> {
  const [{ drawing }, { loadNeighbourhood }] = await Promise.all([import("../draw.ts"), import("../neighbourhood.ts")]);
  const hosts = [...new Set([found.problem.host, ...found.failed.map((row) => row.host)])];
  const graphs = await loadNeighbourhood(reader, hosts, { dependents: 3, dependencies: 1 });
  return drawing(graphs, { impact: found }, format);
}

async function freshnessOf(reader: MapReader, terminal: Terminal): Promise<Freshness> {
  const [sources, revision] = await Promise.all([reader.sources(), reader.revision()]);
  return { sources, revision, now: terminal.now() };
}

/** Nothing is wrong now where the answer is only what would be; a person who assumes something asks for that state. */
function statesOf(found: Impact, assumed: boolean): State[] {
  if (found.hypothetical && !assumed) {
    return [];
  }
  const own = found.hypothetical ? [] : [found.problem.state];
  return [...own, ...found.affected.map((row) => row.propagatedState)];
}

async function allImpacts(
  host: string | undefined,
  options: ImpactOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  if (host !== undefined || options.whatIf.length > 0) {
    throw new DotmError(
      "DOTM_USAGE",
      "--all takes neither a host nor --what-if.",
      `Try: ${terminal.program} impact --all`,
    );
  }
  const { output, headers } = options;
  if (output !== "table" && output !== "json") {
    throw new DotmError(
      "DOTM_USAGE",
      `--all prints a table or json, not ${output}.`,
      `Try: ${terminal.program} graph -o ${output}`,
    );
  }
  const { currentImpacts, impactListing } = await import("../resources/problems.ts");
  const { printListing } = await import("../listing.ts");
  const impacts = await withReader(options, terminal, open, (reader) => currentImpacts(reader, terminal.now()));
  const paint = paintFor(terminal, options.color);
  await printListing(impactListing(impacts), { format: output, headers, paint }, terminal);
  return options.exitCode ? pluginCode(impacts.map(({ problem }) => problem.state)) : EXIT.done;
}

/** `VERB:HOST`, `VERB:HOST:PORT` or `VERB:HOST/PROCESS`; without a verb it is taken to be down. */
function assumption(text: string, { program }: Terminal): Assumption {
  const read = parseAssumption(text) ?? parseAssumption(`down:${text}`);
  if (read === undefined || ASSUMED_VERBS.some((verb) => text === `${verb}:`)) {
    throw new DotmError(
      "DOTM_USAGE",
      `"${text}" is not understood: it must be down:, up: or maintenance: and a HOST, HOST:PORT or HOST/PROCESS.`,
      `Try: ${program} what-if down:HOST:PORT`,
    );
  }
  return read;
}

/** The host of the first assumption. */
function hostOf(assumed: readonly Assumption[]): string | undefined {
  const first = assumed[0]?.id;
  return first === undefined ? undefined : (parseId(first)?.host ?? first);
}
