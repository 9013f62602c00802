/** What the stored picture proposes as mapping rules. */
import { bitesOf } from "../model/bites.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { type Doing, inOneGo } from "../model/pieces.ts";
import { type Coverage, type CoveredCheck, coverageOf, coveredCheck, type DecidedCheck } from "./coverage.ts";
import { type MappedHost, type RuleSuggestion, suggestRules } from "./suggest-rules.ts";

/** Proposals, surest first, and how much of the site is understood without them. */
export interface RuleProposals {
  readonly suggestions: readonly RuleSuggestion[];
  readonly coverage: Coverage;
}

/** A check with its name. */
export type NamedCheck = DecidedCheck & { readonly service: string };

/** What is needed of the stored picture. */
export interface DecidedPicture {
  nodes(): Promise<string[]>;
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
  checksOf(hosts: readonly string[]): Promise<ReadonlyMap<string, readonly NamedCheck[]>>;
}

/** How much of the site is understood: read of its checks alone. */
export async function askCoverage(picture: Pick<DecidedPicture, "nodes" | "checksOf">): Promise<Coverage> {
  const checks: CoveredCheck[] = [];
  for (const bite of bitesOf(await picture.nodes())) {
    checks.push(...[...(await picture.checksOf(bite)).values()].flat().map(coveredCheck));
  }
  return coverageOf(checks);
}

/** Reads all hosts and proposes rules for the checks of which nothing is known. */
export async function askProposals(picture: DecidedPicture, doing: Doing = inOneGo): Promise<RuleProposals> {
  const hosts: MappedHost[] = [];
  for (const bite of bitesOf(await picture.nodes())) {
    const [checks, graphs] = await Promise.all([picture.checksOf(bite), picture.graphs(bite)]);
    hosts.push(...bite.map((host) => mappedHost(host, graphs.get(host), checks.get(host) ?? [])));
  }
  return { suggestions: await doing(suggestRules(hosts)), coverage: coverageOf(hosts.flatMap(({ checks }) => checks)) };
}

function mappedHost(host: string, graph: HostGraph | undefined, checks: readonly NamedCheck[]): MappedHost {
  return {
    host,
    services: (graph?.nodes ?? []).filter(({ kind }) => kind === "service"),
    checks: checks.map((check) => ({ check: check.service, ...coveredCheck(check) })),
  };
}
