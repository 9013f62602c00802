/** What a user's rule would do before it is taken: which checks it speaks of, and what would become of them. */
import { bitesOf } from "../model/bites.ts";
import { compareIds } from "../model/compare.ts";
import type { MappingRule } from "../model/mapping.ts";
import type { DecidedPicture } from "./ask-proposals.ts";
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
): Promise<RulePreview> {
  const alone = compileRules([rule]);
  const [error] = alone.errors;
  if (error !== undefined) {
    return { error: error.reason, checks: 0, changed: 0, matches: [] };
  }
  const together = compileRules([...others.filter(({ check }) => check !== rule.check), rule]).rules;
  const matches: RuleMatch[] = [];
  for (const hosts of bitesOf(await picture.nodes())) {
    matches.push(...(await matchesOn(picture, hosts, alone.rules, together)));
  }
  const changed = matches.filter(isChanged);
  const ordered = [...changed, ...matches.filter((match) => !isChanged(match))];
  return { error: null, checks: matches.length, changed: changed.length, matches: ordered.slice(0, MOST) };
}

async function matchesOn(
  picture: DecidedPicture,
  hosts: readonly string[],
  alone: CompiledRules,
  together: CompiledRules,
): Promise<RuleMatch[]> {
  const [checks, graphs] = await Promise.all([picture.checksOf(hosts), picture.graphs(hosts)]);
  return hosts.flatMap((host) => {
    const services = (graphs.get(host)?.nodes ?? []).filter(({ kind }) => kind === "service");
    return (checks.get(host) ?? [])
      .filter(({ service }) => rulesFor(alone, service).length > 0)
      .map(({ service, services: before }) => {
        const rules = rulesFor(together, service);
        const meant = services
          .filter(({ process }) => process !== null && rules.some((rule) => ruleMeans(rule, process)))
          .map(({ id }) => id);
        // A rule that finds no process decides nothing: what decided before still does.
        return { host, check: service, before, after: meant.length === 0 ? before : meant };
      });
  });
}

function isChanged({ before, after }: RuleMatch): boolean {
  const sorted = (ids: readonly string[]) => [...ids].sort(compareIds).join();
  return sorted(before) !== sorted(after);
}
