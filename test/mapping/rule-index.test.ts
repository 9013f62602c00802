import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, it } from "vitest";
import { RuleIndex } from "../../src/mapping/rule-index.ts";

function indexOf(expressions: readonly string[]): RuleIndex<string> {
  const index = new RuleIndex<string>();
  for (const expression of expressions) {
    index.add(expression, expression);
  }
  return index;
}

/** What asking each expression by itself gives. */
function slowly(expressions: readonly string[], name: string): string[] {
  return expressions.filter((each) => RE2JS.compile(`^(?:${each})`, RE2JS.CASE_INSENSITIVE).test(name));
}

const PIECES = [
  "svc",
  "disk",
  "K",
  "s",
  " ",
  "-",
  "1",
  "a*",
  "b?",
  "c+",
  "d{2}",
  ".",
  ".*",
  "[ab]",
  "(x|y)",
  "|",
  "\\.",
  "^",
  "$",
  "ü",
];
const expression = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(""))
  .filter((text) => {
    try {
      RE2JS.compile(text);
      return true;
    } catch {
      return false;
    }
  });
const name = fc
  .array(
    fc.constantFrom(
      "svc",
      "SVC",
      "disk",
      "DIſK",
      "\u212a",
      "k",
      "S",
      " ",
      "-",
      "1",
      "a",
      "aa",
      "b",
      "c",
      "dd",
      "x",
      ".",
      "ü",
      "Ü",
    ),
    {
      maxLength: 6,
    },
  )
  .map((pieces) => pieces.join(""));

it("finds what asking each rule finds, in the same order", () => {
  fc.assert(
    fc.property(fc.array(expression, { maxLength: 8 }), fc.array(name, { maxLength: 6 }), (expressions, names) => {
      const index = indexOf(expressions);
      for (const each of names) {
        expect(index.matching(each)).toEqual(slowly(expressions, each));
      }
    }),
    { numRuns: 150 },
  );
});

it("does not mix up rules that begin alike, however many they are", () => {
  const expressions = Array.from({ length: 230 }, (_, at) => `service ${at}$`);
  const index = indexOf(expressions);
  for (const at of [0, 49, 50, 51, 149, 229]) {
    expect(index.matching(`SERVICE ${at}`)).toEqual([`service ${at}$`]);
  }
  expect(index.matching("serv")).toEqual([]);
});

it("takes a letter that may be missing for none to begin with", () => {
  const index = indexOf(["abcd*", "abcd?x", "abcd{0,2}y", "abcd|zzz"]);
  expect(["abc", "abcx", "abcy", "zzz"].map((each) => index.matching(each))).toEqual([
    ["abcd*"],
    ["abcd*", "abcd?x"],
    ["abcd*", "abcd{0,2}y"],
    ["abcd|zzz"],
  ]);
});
