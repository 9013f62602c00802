/** Proposals for user rules: checks that are mapped to nothing beside processes that no check speaks of. */
import { compareIds } from "../model/compare.ts";
import type { MappingRule } from "../model/mapping.ts";
import type { Pieces } from "../model/pieces.ts";
import type { CoveredCheck } from "./coverage.ts";
import { knowledgeOf } from "./process-knowledge.ts";

/** A check and what became of it. */
export interface MappedCheck extends CoveredCheck {
  readonly check: string;
}

/** A listening service by its id and process. */
export interface RunningService {
  readonly id: string;
  readonly process: string | null;
}

/** What is known of one host: its services, and the decisions about its checks. */
export interface MappedHost {
  readonly host: string;
  readonly services: readonly RunningService[];
  readonly checks: readonly MappedCheck[];
}

/** A proposed rule and what speaks for it. */
export interface RuleSuggestion {
  readonly rule: MappingRule;
  /** Hosts on which the rule would map a check that is mapped to nothing now. */
  readonly hosts: readonly string[];
  /** How many checks it would map there. */
  readonly checks: number;
  /** 0 to 1: how exclusively the check and the process go together. */
  readonly confidence: number;
  readonly reason: string;
}

interface Tally {
  readonly name: string;
  /** How many checks of such a name each host has. */
  readonly hosts: Map<string, number>;
  readonly withProcess: Map<string, Set<string>>;
}

const LEAST = 0.5;

/**
 * Proposes rules for checks about which nothing is known: the process that runs wherever the check is, on as few other
 * hosts as possible, and of which no other check speaks. Two processes that fit equally well: no proposal. Surest first.
 */
export function* suggestRules(hosts: readonly MappedHost[]): Pieces<readonly RuleSuggestion[]> {
  const tallies = new Map<string, Tally>();
  const hostsOfProcess = new Map<string, number>();
  for (const host of hosts) {
    const free = freeProcesses(host);
    for (const process of processesOf(host.services)) {
      hostsOfProcess.set(process, (hostsOfProcess.get(process) ?? 0) + 1);
    }
    for (const { check } of host.checks.filter(({ services, known }) => services.length === 0 && !known)) {
      count(tallies, host.host, check, free);
    }
    yield;
  }
  return [...tallies.values()]
    .flatMap((tally) => suggestionOf(tally, hostsOfProcess) ?? [])
    .sort(
      (a, b) =>
        b.confidence - a.confidence || b.hosts.length - a.hosts.length || compareIds(a.rule.check, b.rule.check),
    );
}

function processesOf(services: readonly RunningService[]): ReadonlySet<string> {
  return new Set(services.flatMap(({ process }) => (process === null ? [] : [process])));
}

/** Processes of a host that no check speaks of; a runtime alone (java, node) would fit everything. */
function freeProcesses({ services, checks }: MappedHost): readonly string[] {
  const spokenOf = new Set(checks.flatMap((check) => check.services));
  const taken = processesOf(services.filter(({ id }) => spokenOf.has(id)));
  return [...processesOf(services)].filter((process) => !taken.has(process) && !knowledgeOf(process).nameless);
}

function count(tallies: Map<string, Tally>, host: string, check: string, free: readonly string[]): void {
  const key = check.replace(/\d+/g, "0");
  const tally = tallies.get(key) ?? { name: check, hosts: new Map(), withProcess: new Map() };
  tallies.set(key, tally);
  tally.hosts.set(host, (tally.hosts.get(host) ?? 0) + 1);
  for (const process of free) {
    const where = tally.withProcess.get(process) ?? new Set();
    where.add(host);
    tally.withProcess.set(process, where);
  }
}

function suggestionOf(tally: Tally, hostsOfProcess: ReadonlyMap<string, number>): RuleSuggestion | undefined {
  const scored = [...tally.withProcess]
    .map(([process, where]) => ({ process, where, score: scoreOf(tally, where, hostsOfProcess.get(process) ?? 1) }))
    .sort((a, b) => b.score - a.score || compareIds(a.process, b.process));
  const [best, second] = scored;
  if (best === undefined || best.score < LEAST || second?.score === best.score) {
    return undefined;
  }
  const elsewhere = (hostsOfProcess.get(best.process) ?? 0) - best.where.size;
  const there = `${best.process} runs on ${best.where.size} of the ${tally.hosts.size} hosts that have this check`;
  return {
    rule: { check: `${patternOf(tally.name)}$`, process: `${patternOf(best.process)}$` },
    hosts: [...best.where].sort(compareIds),
    checks: [...best.where].reduce((sum, host) => sum + (tally.hosts.get(host) ?? 0), 0),
    confidence: Math.round(best.score * 100) / 100,
    reason: `${there}, on ${elsewhere} others, and no other check speaks of it`,
  };
}

/** Share of the check's hosts with the process times share of the process' hosts with the check; less for a single host. */
function scoreOf(tally: Tally, where: ReadonlySet<string>, hostsOfProcess: number): number {
  const together = (where.size / tally.hosts.size) * (where.size / hostsOfProcess);
  return where.size === 1 ? together * 0.6 : together * 0.95;
}

/** A name as a regular expression of the rules' engine: numbers may differ, all else is literal. */
function patternOf(name: string): string {
  return name.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&").replace(/\d+/g, "\\d+");
}
