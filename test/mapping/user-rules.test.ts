import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileRules, problemOf, ruleMeans, rulesFor } from "../../src/mapping/user-rules.ts";

const PROCESS = "nginx";

function matches(expression: string, name: string): boolean {
  return rulesFor(compileRules([{ check: expression, process: PROCESS }]).rules, name).length > 0;
}

describe("a rule", () => {
  it.each([
    ["HTTP", "HTTP 8080", true],
    ["http", "HTTPS", true],
    ["HTTP", "my HTTP", false],
    ["a|b", "bc", true],
    ["a|b", "cb", false],
    ["^Redis$", "redis", true],
    ["^Redis$", "redis 2", false],
    ["Redis\\Z", "redis", true],
    ["\\\\Z", "\\Z", true],
    ["(?i)shop", "SHOP", true],
    ["(?P<what>db)", "DB", true],
    [".*mysql", "the MySQL", true],
  ])("%s, asked for %s: %s", (expression, name, expected) => {
    expect(matches(expression, name)).toBe(expected);
  });

  it("says which processes it means, from the start and in either case", () => {
    const { rules } = compileRules([{ check: "web", process: "nginx|apache" }]);
    const [rule] = rulesFor(rules, "Web");
    expect(["NGINX", "apache2", "my-nginx"].map((process) => rule !== undefined && ruleMeans(rule, process))).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("a rule that cannot be taken", () => {
  it.each([
    ["[a", "missing closing ]"],
    ["a)|(b", "unexpected )"],
    ["", "the expression is empty"],
  ])("%s: the reason names what is wrong", (expression, reason) => {
    expect(problemOf("check", expression)).toContain(reason);
  });

  it("never throws, whatever is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (check, name) => {
        const { rules } = compileRules([{ check, process: check }]);
        for (const rule of rulesFor(rules, name)) {
          ruleMeans(rule, name);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("hostile expressions", () => {
  it("never become native regular expressions: nothing in the folder makes one at run time", () => {
    const folder = new URL("../../src/mapping/", import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(sources.length).toBeGreaterThan(15);
    for (const file of sources) {
      expect(readFileSync(new URL(file, folder), "utf8"), file).not.toMatch(/\bRegExp\(/);
    }
  });
});
