/** The user's mapping rules: regular expressions of strangers, run by an engine that is linear in the text. */
import { RE2JS } from "re2js";
import { EXPRESSION_LIMITS, type MappingRule, modernExpression } from "../model/mapping.ts";
import { boundedMemo, type Memo } from "./memo.ts";
import { RuleIndex } from "./rule-index.ts";

const LONGEST_SUBJECT = 1024;
const MEMORIZED_NAMES = 50_000;

/** Says why a rule was not taken; `rule` is the rule as it was given. */
export interface RuleError {
  readonly rule: MappingRule;
  readonly reason: string;
}

/** One rule, compiled; ask it with `ruleMeans`. */
export interface CompiledRule {
  readonly rule: MappingRule;
  readonly process: RE2JS;
  readonly memo: Memo<boolean>;
}

/** Rules ready for use: ask which of them speak of a check, and whether one means a process. */
export interface CompiledRules {
  readonly rules: readonly CompiledRule[];
  readonly index: RuleIndex<CompiledRule>;
  readonly memo: Memo<readonly CompiledRule[]>;
}

/** Compiles rules. One that cannot be taken is left out and named in `errors`; nothing throws. */
export function compileRules(rules: readonly MappingRule[]): {
  readonly rules: CompiledRules;
  readonly errors: readonly RuleError[];
} {
  const errors: RuleError[] = [];
  const compiled: CompiledRule[] = [];
  const index = new RuleIndex<CompiledRule>();
  for (const rule of rules) {
    const check = compile("check", rule.check);
    const process = compile("process", rule.process);
    if (typeof check === "string" || typeof process === "string") {
      errors.push({ rule, reason: [check, process].find((each) => typeof each === "string") ?? "" });
      continue;
    }
    const taken = { rule, process, memo: boundedMemo<boolean>(MEMORIZED_NAMES) };
    compiled.push(taken);
    index.add(modernExpression(rule.check), taken);
  }
  return { rules: { rules: compiled, index, memo: boundedMemo(MEMORIZED_NAMES) }, errors };
}

/** The rules whose check side matches this check name. */
export function rulesFor(rules: CompiledRules, checkName: string): readonly CompiledRule[] {
  if (rules.rules.length === 0) {
    return [];
  }
  return rules.memo.get(checkName, () => rules.index.matching(checkName.slice(0, LONGEST_SUBJECT)));
}

/** Whether a rule's process side matches this process name. */
export function ruleMeans(rule: CompiledRule, process: string): boolean {
  return rule.memo.get(process, () => rule.process.test(process.slice(0, LONGEST_SUBJECT)));
}

/** Says in words what is wrong with a regular expression, or undefined where it can be taken. */
export function problemOf(side: "check" | "process", expression: string): string | undefined {
  const compiled = compile(side, expression);
  return typeof compiled === "string" ? compiled : undefined;
}

/** The expression as it is matched, or in words what is wrong with it. */
function compile(side: "check" | "process", expression: string): RE2JS | string {
  const { characters, steps } = EXPRESSION_LIMITS;
  if (expression.length > characters) {
    return `${side}: ${expression.length} characters, at most ${characters} are taken`;
  }
  if (expression.trim() === "") {
    return `${side}: the expression is empty; write .* for everything`;
  }
  try {
    const modern = modernExpression(expression);
    // On its own first: "a)|(b" would only be balanced inside our own brackets.
    if (modern.includes(")")) {
      RE2JS.compile(modern);
    }
    const compiled = RE2JS.compile(`^(?:${modern})`, RE2JS.CASE_INSENSITIVE);
    const size = compiled.programSize();
    return size > steps ? `${side}: the expression grows to ${size} steps, at most ${steps}` : compiled;
  } catch (error) {
    return `${side}: ${explained(expression, error)}`;
  }
}

const UNSUPPORTED: readonly (readonly [piece: string, feature: string])[] = [
  ["(?=", "look-ahead"],
  ["(?!", "negative look-ahead"],
  ["(?<=", "look-behind"],
  ["(?<!", "negative look-behind"],
  ["(?>", "an atomic group"],
  ["(?P=", "a back-reference"],
  ["(?#", "a comment"],
  ["(?x", "the extended syntax flag x"],
  ["\\k", "a back-reference"],
  ["++", "a possessive repetition"],
  ["*+", "a possessive repetition"],
  ["?+", "a possessive repetition"],
];

function explained(expression: string, error: unknown): string {
  const found = UNSUPPORTED.map(([piece, feature]) => ({ at: expression.indexOf(piece), piece, feature }))
    .concat({ at: backReference(expression), piece: "\\", feature: "a back-reference" })
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
  if (found !== undefined) {
    return `${found.feature} (${found.piece} at position ${found.at + 1}) is not supported, since it cannot be matched in linear time`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return message.replace("error parsing regexp: ", "").slice(0, 200);
}

function backReference(expression: string): number {
  for (let at = expression.indexOf("\\"); at >= 0; at = expression.indexOf("\\", at + 2)) {
    const next = expression.charAt(at + 1);
    if (next >= "1" && next <= "9") {
      return at;
    }
  }
  return -1;
}
