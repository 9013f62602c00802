/** The user's mapping rules: regular expressions of strangers, run by an engine that is linear in the text. */
import { RE2JS, RE2Set } from "re2js";
import { EXPRESSION_LIMITS, type MappingRule } from "../model/mapping.ts";
import { boundedMemo, type Memo } from "./memo.ts";

const LONGEST_SUBJECT = 1024;
/** Sets of this size stay fast; one large set of RE2 grows out of all bounds. */
const CHUNK = 50;
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
  readonly sets: readonly RE2Set[];
  readonly memo: Memo<readonly CompiledRule[]>;
}

/** Compiles rules. One that cannot be taken is left out and named in `errors`; nothing throws. */
export function compileRules(rules: readonly MappingRule[]): {
  readonly rules: CompiledRules;
  readonly errors: readonly RuleError[];
} {
  const errors: RuleError[] = [];
  const compiled: CompiledRule[] = [];
  const sets: RE2Set[] = [];
  for (const rule of rules) {
    const reason = problemOf("check", rule.check) ?? problemOf("process", rule.process);
    if (reason !== undefined) {
      errors.push({ rule, reason });
      continue;
    }
    if (compiled.length % CHUNK === 0) {
      sets.push(new RE2Set(RE2Set.UNANCHORED, RE2JS.CASE_INSENSITIVE));
    }
    sets.at(-1)?.add(anchored(rule.check));
    const process = RE2JS.compile(anchored(rule.process), RE2JS.CASE_INSENSITIVE);
    compiled.push({ rule, process, memo: boundedMemo(MEMORIZED_NAMES) });
  }
  for (const set of sets) {
    set.compile();
  }
  return { rules: { rules: compiled, sets, memo: boundedMemo(MEMORIZED_NAMES) }, errors };
}

/** The rules whose check side matches this check name. */
export function rulesFor(rules: CompiledRules, checkName: string): readonly CompiledRule[] {
  if (rules.rules.length === 0) {
    return [];
  }
  return rules.memo.get(checkName, () => {
    const subject = checkName.slice(0, LONGEST_SUBJECT);
    return rules.sets.flatMap((set, chunk) =>
      set.match(subject).flatMap((index) => rules.rules[chunk * CHUNK + index] ?? []),
    );
  });
}

/** Whether a rule's process side matches this process name. */
export function ruleMeans(rule: CompiledRule, process: string): boolean {
  return rule.memo.get(process, () => rule.process.test(process.slice(0, LONGEST_SUBJECT)));
}

/** Says in words what is wrong with a regular expression, or undefined where it can be taken. */
export function problemOf(side: "check" | "process", expression: string): string | undefined {
  const { characters, steps } = EXPRESSION_LIMITS;
  if (expression.length > characters) {
    return `${side}: ${expression.length} characters, at most ${characters} are taken`;
  }
  if (expression.trim() === "") {
    return `${side}: the expression is empty; write .* for everything`;
  }
  try {
    // On its own first: "a)|(b" would only be balanced inside our own brackets.
    RE2JS.compile(modernized(expression));
    const size = RE2JS.compile(anchored(expression), RE2JS.CASE_INSENSITIVE).programSize();
    return size > steps ? `${side}: the expression grows to ${size} steps, at most ${steps}` : undefined;
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

function anchored(expression: string): string {
  return `^(?:${modernized(expression)})`;
}

/** Python's \Z, which rules of the original may carry, is \z here. */
function modernized(expression: string): string {
  let result = "";
  for (let at = 0; at < expression.length; at += 1) {
    const pair = expression.slice(at, at + 2);
    if (pair.startsWith("\\") && pair.length === 2) {
      result += pair === "\\Z" ? "\\z" : pair;
      at += 1;
    } else {
      result += pair.charAt(0);
    }
  }
  return result;
}
