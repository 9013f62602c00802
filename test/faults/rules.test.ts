/** What a user's rule may be, and what it may not do: regular expressions of strangers. */
import { afterEach, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import { mapCheck } from "../../src/mapping/map-check.ts";
import { compileRules, problemOf, ruleMeans, rulesFor } from "../../src/mapping/user-rules.ts";
import type { MappingRule } from "../../src/model/mapping.ts";
import { refuseValue, type SettingName } from "../../src/store/setting-rules.ts";
import type { SettingEntry } from "../../src/store/settings-from.ts";
import { listening, pairsOf } from "../mapping/labelled.ts";
import { health, listener, NOON, report, rules, states, status } from "../support/builders.ts";
import { processorTime } from "../support/processor-time.ts";
import { settingsValue } from "../support/settings.ts";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

let app: ServedApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** The services of web01 that its check is mapped to, and how sure that is. */
function mapped(check: string, given: readonly MappingRule[]) {
  const services = listening("web01", "nginx=80 mysqld=3306");
  const mapping = mapCheck({ host: "web01", check, command: null }, services, compileRules(given).rules);
  const { ambiguous, evidence } = mapping;
  return { pairs: [...pairsOf(mapping.services, services)].toSorted(), ambiguous, evidence };
}

const expectRefused = (expressions: Readonly<Record<string, string>>): void => {
  for (const [expression, reason] of Object.entries(expressions)) {
    expect(problemOf("check", expression), expression).toContain(reason);
  }
};

it("F01 each is linear in the text: fractions of a second where others never end", async ({ annotate }) => {
  const hostile = [
    ["(a+)+$", `${"a".repeat(100_000)}!`],
    ["^(a|aa)+$", `${"a".repeat(100_000)}!`],
    [".*.*.*.*.*=.*", "x".repeat(100_000)],
    ["(.*a){20}", "a".repeat(100_000)],
    ["\\w{50}\\W{30}[a-f]{10}", "a".repeat(100_000)],
  ] as const;
  const once = (expression: string, name: string) => {
    const compiled = compileRules([{ check: expression, process: expression }]).rules;
    return processorTime(() => {
      for (const rule of compiled.rules) {
        rulesFor(compiled, name);
        ruleMeans(rule, name);
      }
    });
  };
  // The best of three: collecting garbage is not measured with it.
  const times = hostile.map(([expression, name]) => Math.min(...[1, 2, 3].map(() => once(expression, name))));
  await annotate(
    `${times[0]?.toFixed(1)} ms; the slowest of ${times.length} ${Math.max(...times).toFixed(1)} ms`,
    "figure",
  );
  expect(Math.max(...times)).toBeLessThan(250);
});

it("F02 it is refused with the piece that is wrong, and the rules before stay in force", async () => {
  const stored = new Map<SettingName, readonly SettingEntry[]>([
    ["service_mapping", [{ field: "^Shop", value: "^java" }]],
  ]);
  app = await serveApp(depsOf(storedShop(), { settings: settingsValue(stored) }));
  for (const [field, value] of [
    ["[a", "nginx"],
    ["shop", "a)|(b"],
  ]) {
    const body = JSON.stringify({ field, value });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${app.url}/api/v1/settings/service_mapping`, { method: "POST", headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/is not a regular expression .*(missing closing \]|unexpected \))/);
  }
  expect(stored.get("service_mapping")).toEqual([{ field: "^Shop", value: "^java" }]);
});

it("F04 only rules whose first letters fit are asked, in sets of fifty, and each name once", async ({ annotate }) => {
  const few = compileRules(
    Array.from({ length: 50 }, (_, index) => ({ check: `.*service-${index}-.*`, process: "x" })),
  ).rules;
  const names = Array.from({ length: 12_000 }, (_, index) => `host ${index} service-${index % 80}-check`);
  let hits = 0;
  const cold = processorTime(() => {
    for (let index = 0; index < 100_000; index += 1) {
      hits += rulesFor(few, names[index % names.length] ?? "").length;
    }
  });
  expect(hits).toBe(62_500);
  let many = compileRules([]).rules;
  const compiling = processorTime(() => {
    many = compileRules(Array.from({ length: 10_000 }, (_, at) => ({ check: `svc${at}-.*`, process: `p${at}` }))).rules;
  });
  const found: string[][] = [];
  const asking = processorTime(() => {
    for (const at of [0, 49, 50, 4_999, 9_999, ...Array.from({ length: 295 }, (_, each) => each * 31)]) {
      found.push(rulesFor(many, `svc${at}-x`).map(({ rule }) => rule.process));
    }
  });
  expect(found.slice(0, 5)).toEqual([["p0"], ["p49"], ["p50"], ["p4999"], ["p9999"]]);
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
  const each = `${(asking / found.length).toFixed(1)} ms a name`;
  await annotate(`${seconds(cold)}; 10,000 rules compiled in ${seconds(compiling)}, then ${each}`, "figure");
  expect(cold).toBeLessThan(3_000);
});

it("F05 checks are mapped by what DOTM knows itself; one that it does not know is mapped to none", () => {
  expect(mapped("MySQL", []).pairs).toEqual(["mysqld:3306"]);
  expect(mapped("Frobnication", [])).toMatchObject({ pairs: [], evidence: [] });
});

it("F07 it is one rule among others wherever it stands: the answer is what both say, marked ambiguous", () => {
  const all = { check: ".*", process: "nginx" };
  const one = { check: "MySQL", process: "mysqld" };
  const answer = mapped("MySQL", [all, one]);
  expect(answer).toMatchObject({ pairs: ["mysqld:3306", "nginx:80"], ambiguous: true });
  expect(mapped("MySQL", [one, all]).pairs).toEqual(answer.pairs);
  expect(mapped("Other", [all, one])).toMatchObject({ pairs: ["nginx:80"], ambiguous: false });
});

it("F08 the reason names the feature and where it stands, and the other rules are taken", () => {
  expectRefused({
    "(?=x)": "look-ahead ((?= at position 1)",
    "ab(?!x)": "negative look-ahead ((?! at position 3)",
    "(?<=x)y": "look-behind",
    "(a)\\1": "a back-reference",
    "(?>a)": "an atomic group",
    "a++": "a possessive repetition",
    "(?x)a": "the extended syntax flag x",
    "(?#why)a": "a comment",
  });
  const bad = { check: "ok", process: "(?=x)" };
  const compiled = compileRules([{ check: "shop", process: "nginx" }, bad, { check: "mail", process: "exim" }]);
  expect(compiled.errors).toEqual([{ rule: bad, reason: expect.stringMatching(/^process: look-ahead/) }]);
  expect(["shop", "mail", "ok"].map((name) => rulesFor(compiled.rules, name).length)).toEqual([1, 1, 0]);
});

it("F10 it is refused by its size, at the settings as in the engine", () => {
  expectRefused({ "(a{1000}){1000}": "invalid repeat count", "a{999}b{999}c{999}": "steps, at most 2000" });
  expect(refuseValue("service_mapping", "nginx", "a{999}b{999}c{999}")).toContain("steps, at most 2000");
});

it("F11 more than 1,024 characters are refused without being read", async ({ annotate }) => {
  const long = "a".repeat(100_000);
  const milliseconds = processorTime(() =>
    expect(problemOf("check", long)).toContain("100000 characters, at most 1024"),
  );
  expectRefused({ ["a".repeat(1025)]: "1025 characters, at most 1024" });
  await annotate(`${milliseconds.toFixed(1)} ms`, "figure");
  expect(milliseconds).toBeLessThan(100);
});

it("F13 letters match in either case, one for one: Greek and Cyrillic do, İ is no i, ß is not SS", () => {
  const matches = (expression: string, name: string) =>
    rulesFor(compileRules([{ check: expression, process: "x" }]).rules, name).length > 0;
  expect(matches("ΣΟΦΟΣ", "σοφος")).toBe(true);
  expect(matches("служба", "СЛУЖБА")).toBe(true);
  expect(matches("straße", "STRAẞE")).toBe(true);
  expect(matches("straße", "STRASSE")).toBe(false);
  expect(matches("istanbul", "İSTANBUL")).toBe(false);
});

it("F14 the new rules hold for all checks from one turn to the next, and what is shown is of the old or of the new ones", () => {
  const engine = new Engine(rules({ serviceMapping: [{ check: "Odd", process: "nginx" }] }));
  const hosts = Array.from({ length: 20 }, (_, at) => `web${at}`);
  for (const [at, host] of hosts.entries()) {
    engine.report(report(host, `10.0.0.${at + 1}`, { listeners: [listener("nginx", 80), listener("mysqld", 3306)] }));
  }
  engine.observe(states(hosts.flatMap((host) => [status(host, null), status(host, "Odd one")])));
  engine.observe(health());
  const processes = () => {
    const { serviceChecks } = engine.everything(NOON);
    return new Set([...serviceChecks.values()].flatMap((checks) => (checks ?? []).map(({ mapping }) => mapping)));
  };
  expect(processes()).toEqual(new Set(["nginx"]));
  engine.configure(rules({ serviceMapping: [{ check: "Odd", process: "mysqld" }] }));
  expect(processes()).toEqual(new Set(["mysqld"]));
});

it("F16 their order decides nothing: both are taken, marked ambiguous, and both are named", () => {
  const two = [
    { check: "Shop", process: "nginx" },
    { check: "Shop.*", process: "mysqld" },
  ];
  const answer = mapped("Shop", two);
  expect(answer).toMatchObject({ pairs: ["mysqld:3306", "nginx:80"], ambiguous: true });
  expect(answer.evidence[0]?.text).toContain("your rule Shop -> nginx; Shop.* -> mysqld means nginx:80, mysqld:3306");
  expect(mapped("Shop", two.toReversed()).pairs).toEqual(answer.pairs);
});
