/** What a user's rule would do before it is taken: which checks it speaks of, and what would become of them. */
import { bitesOf } from "../model/bites.ts";
import { compareIds } from "../model/compare.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { MappingRule } from "../model/mapping.ts";
import { type Doing, inOneGo, type Pieces } from "../model/pieces.ts";
import type { DecidedPicture, NamedCheck } from "./ask-proposals.ts";
import { type CompiledRules, compileRules, ruleMeans, rulesFor } from "./user-rules.ts";

/** Matches told at most. */
const MOST = 200;

/** A check that the rule speaks of, with its services now and with the rule. */
export interface RuleMatch {
  readonly host: string;
  readonly check: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What a rule would do; `error` says why it cannot be taken. */
export interface RulePreview {
  readonly error: string | null;
  readonly checks: number;
  /** Checks that would be mapped otherwise than now. */
  readonly changed: number;
  /** The first of them, changed ones in front. */
  readonly matches: readonly RuleMatch[];
}

/** Tries a rule beside those that hold. */
export async function askRulePreview(
  picture: DecidedPicture,
  rule: MappingRule,
  others: readonly MappingRule[],
  doing: Doing = inOneGo,
): Promise<RulePreview> {
  const alone = compileRules([rule]);
  const [error] = alone.errors;
  if (error !== undefined) {
    return { error: error.reason, checks: 0, changed: 0, matches: [] };
  }
  const together = compileRules([...others.filter(({ check }) => check !== rule.check), rule]).rules;
  const matches: RuleMatch[] = [];
  for (const hosts of bitesOf(await picture.nodes())) {
    const [checks, graphs] = await Promise.all([picture.checksOf(hosts), picture.graphs(hosts)]);
    const tried = hosts.map((host) => ({ host, nodes: graphs.get(host)?.nodes ?? [], checks: checks.get(host) ?? [] }));
    matches.push(...(await doing(matchesOn(tried, alone.rules, together))));
  }
  const changed = matches.filter(isChanged);
  const ordered = [...changed, ...matches.filter((match) => !isChanged(match))];
  return { error: null, checks: matches.length, changed: changed.length, matches: ordered.slice(0, MOST) };
}

interface TriedHost extends Pick<HostGraph, "host" | "nodes"> {
  readonly checks: readonly NamedCheck[];
}

function* matchesOn(
  hosts: readonly TriedHost[],
  alone: CompiledRules,
  together: CompiledRules,
): Pieces<readonly RuleMatch[]> {
  const matches: RuleMatch[] = [];
  for (const { host, nodes, checks } of hosts) {
    const services = nodes.filter(({ kind }) => kind === "service");
    for (const { service, services: before } of checks.filter((check) => rulesFor(alone, check.service).length > 0)) {
      const rules = rulesFor(together, service);
      const meant = services
        .filter(({ process }) => process !== null && rules.some((rule) => ruleMeans(rule, process)))
        .map(({ id }) => id);
      // A rule that finds no process decides nothing: what decided before still does.
      matches.push({ host, check: service, before, after: meant.length === 0 ? before : meant });
    }
    yield;
  }
  return matches;
}

function isChanged({ before, after }: RuleMatch): boolean {
  const sorted = (ids: readonly string[]) => [...ids].sort(compareIds).join();
  return sorted(before) !== sorted(after);
}
