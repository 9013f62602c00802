/** `dotm map test CHECK [HOST]`: the decision of the mapping for a check, and why it is so. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { mapCheck } from "../../mapping/map-check.ts";
import { type CompiledRules, compileRules, rulesFor } from "../../mapping/user-rules.ts";
import type { HostGraph } from "../../model/host-graph.ts";
import { portNumber } from "../../model/ids.ts";
import type { MappableService, Mapping, MappingRule } from "../../model/mapping.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { EXIT } from "../exit-code.ts";
import { printListing } from "../listing.ts";
import { unknownHost } from "../not-found.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { printableJson } from "../printable-json.ts";
import { withReader } from "../store-access.ts";
import { harmless } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";

/** Options of the command. */
export interface MapTestOptions extends StoreFlags {
  readonly command?: string;
  readonly output: "table" | "json";
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** What is asked about. */
export interface MapQuestion {
  readonly check: string;
  readonly host: string | undefined;
}

/** A decision, and beside it what the daemon decided for the check of that name; undefined where there is none. */
interface Tested {
  readonly mapping: Mapping;
  readonly services: readonly MappableService[];
  readonly inEffect: readonly string[] | undefined;
}

/** Prints the decision for a check on a host, or without one the user's rules that match its name. */
export function mapTest(
  { check, host }: MapQuestion,
  options: MapTestOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  return withReader(options, terminal, open, async (reader) => {
    const { rules, errors } = compileRules((await reader.settings()).serviceMapping);
    for (const { rule, reason } of errors) {
      terminal.err.write(`warning: your rule ${harmless(ruleText(rule))} is left out: ${harmless(reason)}\n`);
    }
    if (host === undefined) {
      return printRules(check, rules, options, terminal);
    }
    const tested = await decide({ check, host }, rules, reader, options.command ?? null, terminal);
    const text =
      options.output === "json"
        ? `${printableJson({ apiVersion: "dotm/v1", kind: "Mapping", ...tested.mapping }, 2)}\n`
        : testedText(tested, options.command);
    terminal.out.write(text);
    return EXIT.done;
  });
}

async function decide(
  { check, host }: { readonly check: string; readonly host: string },
  rules: CompiledRules,
  reader: MapReader,
  command: string | null,
  { program }: Terminal,
): Promise<Tested> {
  const [hosts, graphs, node, checks] = await Promise.all([
    reader.nodes(),
    reader.graphs([host]),
    reader.node(host),
    reader.serviceChecks(host),
  ]);
  if (!hosts.includes(host)) {
    throw unknownHost(host, hosts, program, (name) => `map test ${shellWord(check)} ${shellWord(name)}`);
  }
  const services = servicesOf(graphs.get(host));
  const mapping = mapCheck({ host, check, command }, services, rules, node?.ips ?? []);
  return { mapping, services, inEffect: checks.find(({ service }) => service === check)?.services };
}

/** The host's services as mapping sees them. The addresses they listen at are not stored. */
function servicesOf(graph: HostGraph | undefined): MappableService[] {
  return (graph?.nodes ?? []).flatMap(({ id, kind, port, process }): MappableService[] =>
    kind !== "service" || port === null
      ? []
      : [
          {
            ...{ id, port, process, addresses: [] },
            proto: port.endsWith("/udp") ? "udp" : "tcp",
            number: portNumber(port),
          },
        ],
  );
}

function testedText({ mapping, services, inEffect }: Tested, command: string | undefined): string {
  const process = new Map(services.map((service) => [service.id, service.process]));
  const named = (ids: readonly string[]) =>
    ids.map((id) => `${id}${process.get(id) ? ` ${process.get(id)}` : ""}`).join(", ");
  const { runnerUp, evidence } = mapping;
  const unknownCommand = "not given, so only the name decided: it is not stored yet, name it with --command";
  const lines: readonly (readonly [string, string])[] = [
    ["Check", mapping.check],
    ["Host", `${mapping.host} (${services.length === 1 ? "1 service" : `${services.length} services`} known)`],
    ["Command", command ?? unknownCommand],
    ["Services", named(mapping.services) || "none"],
    ["Confidence", `${mapping.confidence}${mapping.ambiguous ? ", ambiguous" : ""}`],
    ...(evidence.length === 0 ? [["Evidence", "none: nothing is known about such a check"] as const] : []),
    ...evidence.map(({ kind, text }) => ["Evidence", `${kind}: ${text}`] as const),
    ["Runner-up", runnerUp === null ? "none" : runnerUpText(runnerUp, named)],
    ["In effect", inEffect === undefined ? "the host has no check of this name" : named(inEffect) || "none"],
  ];
  return lines.map(([head, text]) => `${`${head}:`.padEnd(12)}${harmless(text)}\n`).join("");
}

function runnerUpText(
  { services, confidence, text }: NonNullable<Mapping["runnerUp"]>,
  named: (ids: readonly string[]) => string,
): string {
  return `${named(services) || "none"}, confidence ${confidence}: ${text}`;
}

async function printRules(
  check: string,
  compiled: CompiledRules,
  { output: format, headers, color }: MapTestOptions,
  terminal: Terminal,
): Promise<number> {
  const rules = rulesFor(compiled, check).map(({ rule }) => rule);
  if (rules.length === 0 && format === "table") {
    const count = compiled.rules.length;
    const add = `${terminal.program} settings add service_mapping CHECK-REGEX PROCESS-REGEX`;
    terminal.err.write(
      `None of your ${count} rules matches "${harmless(check)}"; the command, the presets and the name decide.\n` +
        `Name a host to see how. A rule of your own: ${add}\n`,
    );
    return EXIT.done;
  }
  const listing = {
    kind: "MappingRuleList",
    items: rules,
    columns: [{ head: "CHECK" }, { head: "PROCESS" }],
    rows: rules.map(({ check: pattern, process }) => [pattern, process]),
    names: rules.map(ruleText),
  };
  await printListing(listing, { format, headers, paint: paintFor(terminal, color) }, terminal);
  return EXIT.done;
}

function ruleText({ check, process }: MappingRule): string {
  return `${check} -> ${process}`;
}
