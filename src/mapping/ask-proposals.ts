/** What the stored picture proposes as mapping rules. */
import type { HostGraph } from "../model/host-graph.ts";
import type { EvidenceKind } from "../model/mapping.ts";
import { type Coverage, coverageOf } from "./coverage.ts";
import { type MappedHost, type RuleSuggestion, suggestRules } from "./suggest-rules.ts";

/** Hosts read at once. */
const BITE = 200;

/** Proposals, surest first, and how much of the site is understood without them. */
export interface RuleProposals {
  readonly suggestions: readonly RuleSuggestion[];
  readonly coverage: Coverage;
}

/** A check with the decision about it, as it is stored. */
interface DecidedCheck {
  readonly service: string;
  readonly services: readonly string[];
  readonly mappedBy: EvidenceKind | null;
}

/** What is needed of the stored picture. */
export interface DecidedPicture {
  nodes(): Promise<string[]>;
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
  checksOf(hosts: readonly string[]): Promise<ReadonlyMap<string, readonly DecidedCheck[]>>;
}

/** Reads all hosts and proposes rules for the checks of which nothing is known. */
export async function askProposals(picture: DecidedPicture): Promise<RuleProposals> {
  const names = await picture.nodes();
  const hosts: MappedHost[] = [];
  for (let at = 0; at < names.length; at += BITE) {
    const bite = names.slice(at, at + BITE);
    const [checks, graphs] = await Promise.all([picture.checksOf(bite), picture.graphs(bite)]);
    hosts.push(...bite.map((host) => mappedHost(host, graphs.get(host), checks.get(host) ?? [])));
  }
  return { suggestions: suggestRules(hosts), coverage: coverageOf(hosts.flatMap(({ checks }) => checks)) };
}

function mappedHost(host: string, graph: HostGraph | undefined, checks: readonly DecidedCheck[]): MappedHost {
  return {
    host,
    services: (graph?.nodes ?? []).filter(({ kind }) => kind === "service"),
    checks: checks.map(({ service, services, mappedBy }) => ({ check: service, services, known: mappedBy !== null })),
  };
}
