import { describe, expect, it } from "vitest";
import { DotmError } from "../../src/errors.ts";
import type { Impact } from "../../src/model/impact.ts";
import { dotm } from "./run-command.ts";
import { MYSQL, NOW, storedSite } from "./stored-site.ts";

const withImpact = (impact: Impact) => storedSite({ impact: async () => impact });

describe("dotm impact, as a table", () => {
  it("says the verdict first, then who is hit and by which way, then why and how fresh", async () => {
    const { code, out, err, closed } = await dotm(["impact", "db01", "MySQL"]);
    expect({ code, err, closed }).toEqual({ code: 0, err: "", closed: 1 });
    expect(out).toBe(
      [
        "db01 / MySQL is CRITICAL for 14 min; 1 service on 1 host may be affected: web01:80 nginx",
        "",
        "SERVICE        PROCESS  STATE  DEGREE    HOPS  CERTAINTY  PATH",
        "web01/php-fpm  php-fpm  -      affected  1     both       db01:3306",
        "web01:80       nginx    OK     affected  2     both       web01/nginx > web01/php-fpm > db01:3306",
        "",
        "Output: Can't connect\ufffd[31m to MySQL",
        "Root problem: nothing it depends on is broken.",
        "Explains: web01 / HTTP",
        "Sources: nagios 3 s old; engine 1 s ago",
        "",
      ].join("\n"),
    );
  });

  it("leaves the head away on demand and colours only where a person looks", async () => {
    expect((await dotm(["impact", "db01", "MySQL", "--no-headers"])).out).not.toContain("CERTAINTY");
    const red = "\u001b[31mCRITICAL\u001b[0m";
    const coloured = async (args: readonly string[], env = {}, isTerminal = true) =>
      (await dotm(["impact", "db01", "MySQL", ...args], { env, isTerminal })).out.includes(red);
    expect(await coloured([])).toBe(true);
    expect(await coloured([], {}, false)).toBe(false);
    expect(await coloured([], { NO_COLOR: "1" })).toBe(false);
    expect(await coloured([], { TERM: "dumb" })).toBe(false);
    expect(await coloured([], { FORCE_COLOR: "1" }, false)).toBe(true);
    expect(await coloured(["--color", "always"], { NO_COLOR: "1" }, false)).toBe(true);
    expect(await coloured(["--color", "never"], { FORCE_COLOR: "1" })).toBe(false);
  });

  it("says what explains it, what is handled and what is not known", async () => {
    const problem = { ...MYSQL.problem, acknowledged: true, handled: true, flapping: true };
    const explainedBy = [{ host: "san01", check: null }];
    const impact = { ...MYSQL, problem, explainedBy, rootProblem: false, unknownBeyond: ["gw01"] };
    const { out } = await dotm(["impact", "db01", "MySQL"], { reader: withImpact(impact) });
    expect(out).toContain("Explained by: san01\n");
    expect(out).toContain("(acknowledged)");
    expect(out).toContain("It is flapping.");
    expect(out).toContain("Unknown beyond: gw01 (no fresh agent there, so there may be more)");
    expect(out).not.toContain("Root problem");
  });

  it("marks a source that says nothing new", async () => {
    const source = {
      kind: "health",
      source: "nagios",
      type: "status-file",
      ok: true,
      error: null,
      asOf: NOW - 600,
      staleAfter: 30,
      hosts: 1,
      checks: 1,
      lag: 0,
      errors: 0,
    } as const;
    const reader = storedSite({
      sources: async () => [source, { ...source, source: "icinga", asOf: 0, ok: false, hosts: 0, checks: 0 }],
    });
    const { out } = await dotm(["impact", "db01", "MySQL"], { reader });
    expect(out).toContain("Sources: nagios 10 min old (STALE), icinga has said nothing yet (FAILED); engine 1 s ago");
  });
});

describe("dotm impact, in other forms", () => {
  it("prints the impact as programs read it, its sentence of now", async () => {
    const { code, out } = await dotm(["impact", "db01", "MySQL", "-o", "json"]);
    expect(code).toBe(0);
    const impact = JSON.parse(out);
    expect(impact).toMatchObject({ ...MYSQL, summary: expect.stringContaining("for 14 min") });
    expect(Object.keys(impact)).toEqual(Object.keys(MYSQL));
  });

  it("draws the dependents as a tree", async () => {
    const { out } = await dotm(["impact", "db01", "MySQL", "-o", "tree"]);
    const tree = ["db01:3306  mysqld  CRITICAL", "└─ web01/php-fpm  affected", "   └─ web01:80 nginx  OK  affected"];
    expect(out).toContain(`\n\n${tree.join("\n")}\n\n`);
  });

  it.each([
    ["dot", /^digraph /],
    ["mermaid", /^flowchart /],
    ["svg", /^<svg [\s\S]*<\/svg>\n$/],
  ])("draws it as %s, both ends in it", async (format, pattern) => {
    const { code, out } = await dotm(["impact", "db01", "MySQL", "-o", format]);
    expect(code).toBe(0);
    expect(out).toMatch(pattern);
    expect(out).toContain("mysqld");
    expect(out).toContain("nginx");
  });

  it("lists all problems, ranked", async () => {
    const { out } = await dotm(["impact", "--all"]);
    expect(out).toBe(
      [
        "PROBLEM       STATE     SERVICES  HOSTS  ROOT  HANDLED  SINCE",
        "db01 / MySQL  CRITICAL  1         1      yes   no       2026-11-22T13:58:02Z",
        "",
      ].join("\n"),
    );
    const json = JSON.parse((await dotm(["impact", "--all", "-o", "json"])).out);
    expect(json).toMatchObject({
      apiVersion: "dotm/v1",
      kind: "ImpactList",
      items: [{ kind: "Impact", problem: { host: "db01" } }],
    });
    const none = await dotm(["impact", "--all"], { reader: storedSite({ ranking: async () => [] }) });
    expect(none).toMatchObject({ code: 0, out: "", err: "Nothing found.\n" });
  });

  it("reads a ranking longer than one bite, and skips what recovered meanwhile", async () => {
    const many = Array.from({ length: 450 }, (_, at) => ({ host: `h${at}`, check: "C", affected: 0 }));
    const reader = storedSite({
      ranking: async (offset, limit) => many.slice(offset, offset + limit),
      impact: async (host) => (host === "h7" ? undefined : { ...MYSQL, problem: { ...MYSQL.problem, host } }),
    });
    const { out } = await dotm(["impact", "--all", "-o", "json"], { reader });
    expect(JSON.parse(out).items).toHaveLength(449);
  });
});

describe("dotm impact without a problem", () => {
  it("tells what would be hit", async () => {
    const { code, out } = await dotm(["impact", "web01", "HTTP", "-o", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ hypothetical: true, failed: [{ id: "web01:80" }], affected: [] });
  });

  it("assumes what it is told to assume", async () => {
    const { out } = await dotm(["impact", "--what-if", "down:db01:3306", "-o", "json"]);
    expect(JSON.parse(out)).toMatchObject({
      hypothetical: true,
      affected: [{ id: "web01/php-fpm" }, { id: "web01:80" }],
    });
    const both = await dotm(["impact", "db01", "--what-if", "down:db01", "--what-if", "down:web01/nginx"]);
    expect(both.code).toBe(0);
    expect(both.out).toContain("would affect");
  });

  it("refuses to assume what is not there, and verbs it does not know", async () => {
    const wrong = await dotm(["impact", "--what-if", "down:db01:3307"]);
    expect(wrong).toMatchObject({
      code: 3,
      out: "",
      err: "error: db01:3307 is not known. Did you mean db01:3306?\nTry: dotm what-if down:db01:3306\n",
    });
    expect((await dotm(["impact", "--what-if", "down:dbb01"])).err).toContain("Did you mean db01?");
    expect(await dotm(["impact", "--what-if", "up:"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("must be down:, up: or maintenance:"),
    });
    expect((await dotm(["what-if", "explode:db01"])).code).toBe(3);
  });
});

describe("exit codes of dotm impact", () => {
  const states = (state: Impact["problem"]["state"], propagatedState = state): Impact => ({
    ...MYSQL,
    problem: { ...MYSQL.problem, state },
    affected: MYSQL.affected.map((each) => ({ ...each, propagatedState })),
  });
  const codeOf = async (impact: Impact) =>
    (await dotm(["impact", "db01", "MySQL", "--exit-code"], { reader: withImpact(impact) })).code;

  it("are Nagios' of the worst state, with --exit-code only", async () => {
    expect(await codeOf(states("CRITICAL"))).toBe(2);
    expect(await codeOf(states("DOWN"))).toBe(2);
    expect(await codeOf(states("WARNING"))).toBe(1);
    expect(await codeOf(states("UNKNOWN"))).toBe(3);
    expect(await codeOf(states("WARNING", "CRITICAL"))).toBe(2);
    expect((await dotm(["impact", "db01", "MySQL"])).code).toBe(0);
    expect((await dotm(["impact", "--all", "--exit-code"])).code).toBe(2);
  });

  it("say 0 where nothing is wrong, and 2 for an assumed outage that hits others", async () => {
    expect((await dotm(["impact", "web01", "HTTP", "--exit-code"])).code).toBe(0);
    expect((await dotm(["impact", "--what-if", "down:db01:3306", "--exit-code"])).code).toBe(2);
  });

  it("are 3 for every failure of ours with --exit-code", async () => {
    expect((await dotm(["impact", "nohost", "--exit-code"])).code).toBe(3);
    expect((await dotm(["impact", "--nonsense", "--exit-code"])).code).toBe(3);
    const away = storedSite({
      impact: () => Promise.reject(new DotmError("DOTM_STORE_UNREACHABLE", "Redis is away.")),
    });
    expect((await dotm(["impact", "db01", "MySQL", "--exit-code"], { reader: away })).code).toBe(3);
  });

  it("are 1, 2, 3 and 4 for failure, usage, not found and unreachable", async () => {
    const failing = (error: Error) => storedSite({ impact: () => Promise.reject(error) });
    const away = await dotm(["impact", "db01", "MySQL"], {
      reader: failing(new DotmError("DOTM_STORE_UNREACHABLE", "Redis is away.", "Start it.")),
    });
    expect(away).toMatchObject({ code: 4, out: "", err: "error: Redis is away.\nStart it.\n", closed: 1 });
    const broken = await dotm(["impact", "db01", "MySQL"], { reader: failing(new TypeError("boom")) });
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("error: boom\nThis is a fault of DOTM") });
    expect((await dotm(["impact", "nohost"])).code).toBe(3);
    expect((await dotm(["impact"])).code).toBe(2);
    expect((await dotm(["impact", "--all", "db01"])).code).toBe(2);
    expect((await dotm(["impact", "--all", "-o", "tree"])).code).toBe(2);
  });
});

describe("what is not found", () => {
  it("names the host that was meant, with the command to type", async () => {
    const { err } = await dotm(["impact", "db1", "MySQL"]);
    expect(err).toBe("error: Host db1 is not known. Did you mean db01?\nTry: dotm impact db01 MySQL\n");
  });

  it("names the check that was meant, quoted for the shell", async () => {
    expect((await dotm(["impact", "db01", "mysq"])).err).toBe(
      'error: Host db01 has no check "mysq". Did you mean "MySQL"?\nTry: dotm impact db01 MySQL\n',
    );
    expect((await dotm(["impact", "db01", "Disk"])).err).toContain("Try: dotm impact db01 'Disk /'");
    expect((await dotm(["impact", "db01", "xyzzy"])).err).toContain("Its checks: Disk /, MySQL.");
  });

  it("says so where nothing is known at all", async () => {
    const reader = storedSite({ nodes: async () => [], graphs: async () => new Map() });
    expect((await dotm(["impact", "db01"], { reader })).err).toContain(
      "neither an agent nor a source has reported yet.\nSee: dotm get sources",
    );
  });
});
