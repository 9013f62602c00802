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
    ["ΣΟΦΟΣ", "σοφος", true],
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

  it("keeps its number among many: sets of rules do not mix them up", () => {
    const { rules } = compileRules(
      Array.from({ length: 230 }, (_, index) => ({ check: `svc${index}$`, process: `p${index}` })),
    );
    for (const index of [0, 49, 50, 51, 149, 229]) {
      expect(rulesFor(rules, `svc${index}`).map(({ rule }) => rule.process)).toEqual([`p${index}`]);
    }
  });
});

describe("a rule that cannot be taken", () => {
  it.each([
    ["(?=x)", "look-ahead ((?= at position 1)"],
    ["ab(?!x)", "negative look-ahead ((?! at position 3)"],
    ["(?<=x)y", "look-behind"],
    ["(a)\\1", "a back-reference"],
    ["(?>a)", "an atomic group"],
    ["a++", "a possessive repetition"],
    ["(?x)a", "the extended syntax flag x"],
    ["(?#why)a", "a comment"],
    ["(a{1000}){1000}", "invalid repeat count"],
    ["[a", "missing closing ]"],
    ["a)|(b", "unexpected )"],
    ["", "the expression is empty"],
    ["a".repeat(1025), "1025 characters, at most 1024"],
    ["a{999}b{999}c{999}", "steps, at most 2000"],
  ])("%s: the reason names what is wrong", (expression, reason) => {
    expect(problemOf("check", expression)).toContain(reason);
  });

  it("leaves the others in force and is named with its side", () => {
    const bad = { check: "ok", process: "(?=x)" };
    const { rules, errors } = compileRules([
      { check: "shop", process: "nginx" },
      bad,
      { check: "mail", process: "exim" },
    ]);
    expect(errors).toEqual([{ rule: bad, reason: expect.stringMatching(/^process: look-ahead/) }]);
    expect([rulesFor(rules, "shop").length, rulesFor(rules, "mail").length, rulesFor(rules, "ok").length]).toEqual([
      1, 1, 0,
    ]);
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
  it.each([
    ["(a+)+$", `${"a".repeat(50_000)}!`],
    ["^(a|aa)+$", `${"a".repeat(50_000)}!`],
    [".*.*.*.*.*=.*", "x".repeat(50_000)],
    ["(.*a){20}", "a".repeat(50_000)],
    ["\\w{50}\\W{30}[a-f]{10}", "a".repeat(50_000)],
  ])("%s is fast", (expression, name) => {
    const { rules } = compileRules([{ check: expression, process: expression }]);
    const start = performance.now();
    for (const rule of rulesFor(rules, name)) {
      ruleMeans(rule, name);
    }
    expect(performance.now() - start).toBeLessThan(250);
  });

  it("never become native regular expressions: nothing in the folder makes one at run time", () => {
    const folder = new URL("../../src/mapping/", import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(sources.length).toBeGreaterThan(15);
    for (const file of sources) {
      expect(readFileSync(new URL(file, folder), "utf8"), file).not.toMatch(/\bRegExp\(/);
    }
  });

  it("cost little where names repeat: 100,000 names of 12,000 different ones, 50 rules", () => {
    const { rules } = compileRules(
      Array.from({ length: 50 }, (_, index) => ({ check: `.*service-${index}-.*`, process: "x" })),
    );
    const names = Array.from({ length: 12_000 }, (_, index) => `host ${index} service-${index % 80}-check`);
    const start = performance.now();
    let hits = 0;
    for (let index = 0; index < 100_000; index += 1) {
      hits += rulesFor(rules, names[index % names.length] ?? "").length;
    }
    expect(hits).toBe(62_500);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
