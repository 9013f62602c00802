/** `dotm graph [HOST [CHECK]]`: the picture of a problem, a host or the whole site, as text. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { askImpact } from "../../impact/ask.ts";
import { HOST_CHECK } from "../../model/ids.ts";
import type { Impact } from "../../model/impact.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { drawing, type PictureFormat } from "../draw.ts";
import { EXIT } from "../exit-code.ts";
import { loadNeighbourhood } from "../neighbourhood.ts";
import { unknownHost, unknownProblem } from "../not-found.ts";
import type { OpenReader } from "../open-store.ts";
import { printableJson } from "../printable-json.ts";
import { withReader } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";

/** Ways to print a picture. */
export type GraphFormat = PictureFormat | "json";

/** Options of the command. */
export interface GraphOptions extends StoreFlags {
  readonly output: GraphFormat;
  readonly dependents: number;
  readonly dependencies: number;
}

/** Prints a picture. */
export async function graph(
  host: string | undefined,
  check: string | undefined,
  options: GraphOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const name = check === undefined || check === "" || check === HOST_CHECK ? null : check;
  const text = await withReader(options, terminal, open, (reader) =>
    host === undefined ? siteText(reader, options) : hostText(reader, host, name, options, terminal),
  );
  terminal.out.write(text);
  return EXIT.done;
}

async function siteText(reader: MapReader, { output }: GraphOptions): Promise<string> {
  const graphs = await reader.graphs(await reader.nodes());
  return output === "json" ? jsonText(graphs.values(), undefined) : drawing(graphs, {}, output);
}

async function hostText(
  reader: MapReader,
  host: string,
  check: string | null,
  options: GraphOptions,
  terminal: Terminal,
): Promise<string> {
  const { output, dependents, dependencies } = options;
  const impact = await impactOf(reader, host, check, terminal);
  const hosts = [...new Set([host, ...(impact?.failed.map((row) => row.host) ?? [])])];
  const graphs = await loadNeighbourhood(reader, hosts, { dependents, dependencies });
  if (!graphs.has(host)) {
    throw unknownHost(host, await reader.nodes(), terminal.program, (name) => `graph ${shellWord(name)}`);
  }
  return output === "json"
    ? jsonText(graphs.values(), impact)
    : drawing(graphs, { impact, host, dependents, dependencies }, output);
}

/** A check is drawn with its impact, current or not; a host alone only where something is wrong with it. */
async function impactOf(
  reader: MapReader,
  host: string,
  check: string | null,
  terminal: Terminal,
): Promise<Impact | undefined> {
  const impact = await askImpact(reader, { host, check, assumed: [], now: terminal.now() });
  if (impact === undefined) {
    throw await unknownProblem(reader, host, check, terminal.program);
  }
  return check === null && impact.hypothetical ? undefined : impact;
}

function jsonText(hosts: Iterable<object>, impact: Impact | undefined): string {
  const document = { apiVersion: "dotm/v1", kind: "Graph", hosts: [...hosts], impact: impact ?? null };
  return `${printableJson(document, 2)}\n`;
}
