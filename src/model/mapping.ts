/** Which services a service check speaks of, and why. */
import type { PortName, Protocol } from "./ids.ts";

/** One listening service of a host as mapping sees it. `process` null: socket without a known process. */
export interface MappableService {
  readonly id: string;
  readonly port: PortName;
  readonly proto: Protocol;
  readonly number: number | null;
  readonly addresses: readonly string[];
  readonly process: string | null;
}

/** A check as mapping sees it; `command` with arguments, `!` separated, null where unknown. */
export interface MappableCheck {
  readonly host: string;
  readonly check: string;
  readonly command: string | null;
}

/** Kinds of evidence, most specific first; the first kind that finds something decides. */
export const EVIDENCE_KINDS = ["user-rule", "port", "url", "socket", "plugin", "preset", "similarity", "none"] as const;

/** One of them. */
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** One reason, in words a person can check. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly text: string;
}

/** The decision for one check. `services` is empty where the check speaks of no service of this host. */
export interface Mapping {
  readonly host: string;
  readonly check: string;
  readonly services: readonly string[];
  /** 0 to 1; below 0.5 nothing is mapped. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
  readonly ambiguous: boolean;
  /** What would have been chosen next, or null. */
  readonly runnerUp: {
    readonly services: readonly string[];
    readonly confidence: number;
    readonly text: string;
  } | null;
}

/** What a regular expression of a user may have at most, wherever it is taken: characters, and steps once compiled. */
export const EXPRESSION_LIMITS = { characters: 1_024, steps: 2_000 } as const;

/** The expression as RE2 takes it: Python's \Z, which rules of the original may carry, is \z here. */
export function modernExpression(expression: string): string {
  return expression.replace(/\\./gs, (pair) => (pair === "\\Z" ? "\\z" : pair));
}

/** A user's rule: both sides are regular expressions, matched from the start, case-insensitive. */
export interface MappingRule {
  readonly check: string;
  readonly process: string;
}
