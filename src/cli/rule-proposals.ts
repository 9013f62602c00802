/** What the stored picture proposes as mapping rules. */
import { type Coverage, coverageOf } from "../mapping/coverage.ts";
import { type MappedHost, type RuleSuggestion, suggestRules } from "../mapping/suggest-rules.ts";
import type { ServiceCheckRecord } from "../model/changes.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { MapReader } from "../store/map-reader.ts";
import { hostBites } from "./resources/hosts-of.ts";

/** Proposals, surest first, and how much of the site is understood without them. */
export interface RuleProposals {
  readonly suggestions: readonly RuleSuggestion[];
  readonly coverage: Coverage;
}

/** Reads all hosts and proposes rules for the checks of which nothing is known. */
export async function ruleProposals(reader: MapReader, program: string): Promise<RuleProposals> {
  const hosts: MappedHost[] = [];
  for (const bite of await hostBites({ reader, hosts: [], now: 0, program }, "mappings")) {
    const [checks, graphs] = await Promise.all([reader.checksOf(bite), reader.graphs(bite)]);
    hosts.push(...bite.map((host) => mappedHost(host, graphs.get(host), checks.get(host) ?? [])));
  }
  return { suggestions: suggestRules(hosts), coverage: coverageOf(hosts.flatMap(({ checks }) => checks)) };
}

function mappedHost(host: string, graph: HostGraph | undefined, checks: readonly ServiceCheckRecord[]): MappedHost {
  return {
    host,
    services: (graph?.nodes ?? []).filter(({ kind }) => kind === "service"),
    checks: checks.map(({ service, services, mappedBy }) => ({ check: service, services, known: mappedBy !== null })),
  };
}
