/**
 * Finds the rules that match a name without asking each: most expressions begin with plain letters, and only those whose
 * letters the name begins with are asked. What is asked together is compiled together, when it is asked first.
 */
import { RE2JS, RE2Set } from "re2js";

/** Sets of this size stay fast; one large set of RE2 grows out of all bounds. */
const CHUNK = 50;

/** Letters that are looked at; fewer than the least say too little. */
const LONGEST_PREFIX = 16;
const SHORTEST_PREFIX = 3;

/** Characters that stand for themselves wherever they are, then what follows them. */
const LITERAL = /^\^?([\w :/,;=@%&~'"<>!#-]*)(.?)/s;

/** Rules that begin with the same letters, in the order they were added. */
interface Bucket<T> {
  readonly expressions: string[];
  readonly rules: { readonly rule: T; readonly at: number }[];
  /** The expressions, compiled; none before they are asked. */
  sets: readonly RE2Set[];
}

/** Rules by expressions that are matched from the start, case-insensitive. */
export class RuleIndex<T> {
  private readonly buckets = new Map<string, Bucket<T>>();
  private readonly lengths = new Set<number>();
  private count = 0;

  /** Adds a rule; its expression must be one that RE2 takes. */
  add(expression: string, rule: T): void {
    const prefix = prefixOf(expression);
    const bucket = this.buckets.get(prefix) ?? { expressions: [], rules: [], sets: [] };
    this.buckets.set(prefix, bucket);
    this.lengths.add(prefix.length);
    bucket.expressions.push(`^(?:${expression})`);
    bucket.rules.push({ rule, at: this.count });
    bucket.sets = [];
    this.count += 1;
  }

  /** The rules that match, in the order they were added. */
  matching(name: string): T[] {
    const beginning = folded(name.slice(0, LONGEST_PREFIX));
    const found = [...this.lengths].flatMap((length) => {
      const bucket = beginning.length < length ? undefined : this.buckets.get(beginning.slice(0, length));
      return bucket === undefined ? [] : matchesIn(bucket, name);
    });
    return found.sort((one, other) => one.at - other.at).map(({ rule }) => rule);
  }
}

function matchesIn<T>(bucket: Bucket<T>, name: string): Bucket<T>["rules"] {
  if (bucket.sets.length === 0) {
    bucket.sets = compiled(bucket.expressions);
  }
  return bucket.sets.flatMap((set, chunk) => set.match(name).flatMap((at) => bucket.rules[chunk * CHUNK + at] ?? []));
}

function compiled(expressions: readonly string[]): RE2Set[] {
  const sets: RE2Set[] = [];
  for (let at = 0; at < expressions.length; at += CHUNK) {
    const set = new RE2Set(RE2Set.UNANCHORED, RE2JS.CASE_INSENSITIVE);
    for (const expression of expressions.slice(at, at + CHUNK)) {
      set.add(expression);
    }
    set.compile();
    sets.push(set);
  }
  return sets;
}

/** What every name that the expression matches begins with, in small letters; empty where that is little or not sure. */
function prefixOf(expression: string): string {
  const [, plain = "", next = ""] = LITERAL.exec(expression) ?? [];
  // The last letter belongs to the repetition that follows it; of alternatives only one need begin so.
  const sure = /[*+?{]/.test(next) ? plain.slice(0, -1) : plain;
  const isOneOfMany = expression.includes("|");
  return isOneOfMany || sure.length < SHORTEST_PREFIX ? "" : folded(sure.slice(0, LONGEST_PREFIX));
}

/** Small letters, as far as a plain letter may stand for another one: K of Kelvin and the long s are k and s to RE2. */
function folded(text: string): string {
  return text.replace(/[A-Z\u017f\u212a]/g, (letter) => {
    return letter === "\u017f" ? "s" : letter.toLowerCase();
  });
}
