import { describe, expect, it } from "vitest";
import type { Impact } from "../../src/model/impact.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { dotm } from "./run-command.ts";
import { MYSQL, storedSite } from "./stored-site.ts";

const HTTP: Impact = {
  ...MYSQL,
  problem: { ...MYSQL.problem, host: "web01", check: "HTTP", since: "2026-11-22T13:59:02.000Z", output: "timeout" },
  failed: [{ id: "web01:80", host: "web01", port: 80, process: "nginx" }],
  affected: [],
  hosts: [],
  rootProblem: false,
  explainedBy: [{ host: "db01", check: "MySQL" }],
  explains: [],
};

const DATABASE: Impact = {
  ...MYSQL,
  affected: MYSQL.affected.map((row) => (row.id === "web01:80" ? { ...row, ownState: "CRITICAL" } : row)),
};

function broken(impacts: readonly Impact[] = [DATABASE, HTTP]): MapReader {
  return storedSite({
    impact: async (host, check) => impacts.find(({ problem }) => problem.host === host && problem.check === check),
    ranking: async (offset) =>
      impacts.map(({ problem }) => ({ host: problem.host, check: problem.check, affected: 1 })).slice(offset),
  });
}

describe("dotm causes", () => {
  it("names the most likely cause and prints the sum that says so", async () => {
    const { code, out, err, closed } = await dotm(["causes", "web01", "HTTP"], { reader: broken() });
    expect({ code, err, closed }).toEqual({ code: 0, err: "", closed: 1 });
    expect(out).toBe(
      [
        "web01 / HTTP is CRITICAL; most likely cause: db01 / MySQL",
        "",
        "1. db01 / MySQL is CRITICAL: 99.0 of 100",
        "    POINTS  OF  PART       WHY",
        "      20.0  20  reach      what it broke is needed",
        "      20.0  20  bottom     nothing explains it",
        "      20.0  20  time       began 1 min earlier",
        "      15.0  15  agreement  of 1 checked that need it 1 are in trouble",
        "      10.0  10  share      explains 1 of 1 other problems",
        "       8.0   8  state      CRITICAL",
        "       4.0   4  certainty  both ends see the connections",
        "       2.0   3  hops       2 hops",
        "    path: web01:80 > web01/nginx > web01/php-fpm > db01:3306",
        "",
      ].join("\n"),
    );
  });

  it("tells what changed before the cause began", async () => {
    const changesBefore = [
      {
        ...{ kind: "process-restarted" as const, host: "db01", subject: "db01/mysqld" },
        ...{ at: "2026-11-22T13:57:02.000Z", secondsBefore: 60 },
      },
    ];
    const { out } = await dotm(["causes", "web01", "HTTP"], { reader: broken([{ ...DATABASE, changesBefore }, HTTP]) });
    expect(out).toContain("    changed: 1 min before, process-restarted, db01/mysqld\n");
    const json = await dotm(["causes", "web01", "HTTP", "-o", "json"], {
      reader: broken([{ ...DATABASE, changesBefore }, HTTP]),
    });
    expect(JSON.parse(json.out).candidates[0].changesBefore).toEqual(changesBefore);
    const impact = await dotm(["impact", "db01", "MySQL"], { reader: broken([{ ...DATABASE, changesBefore }, HTTP]) });
    expect(impact.out).toContain("Changed before it broke:\n   1 min before  process-restarted  db01/mysqld\n");
  });

  it("prints parts that add up to the score", async () => {
    const { out } = await dotm(["causes", "web01", "HTTP", "-o", "json"], { reader: broken() });
    const ranking = JSON.parse(out);
    expect(ranking).toMatchObject({ kind: "CauseRanking", problem: { host: "web01", check: "HTTP" } });
    const [first] = ranking.candidates;
    expect(first).toMatchObject({ host: "db01", check: "MySQL", rootProblem: true });
    const sum = first.parts.reduce((total: number, part: { points: number }) => total + part.points, 0);
    expect(first.score).toBeCloseTo(sum, 6);
  });

  it("takes a host alone for the problems of its checks", async () => {
    const { out } = await dotm(["causes", "web01"], { reader: broken() });
    expect(out).toContain("web01 / HTTP is CRITICAL; most likely cause: db01 / MySQL\n");
  });

  it("says that there is no cause, and that there is no problem", async () => {
    expect((await dotm(["causes", "db01", "MySQL"], { reader: broken() })).out).toBe(
      "db01 / MySQL is CRITICAL; no cause found: no other problem lies on what it depends on.\n",
    );
    const calm = await dotm(["causes", "web01", "HTTP"], { reader: broken([MYSQL]) });
    expect(calm).toMatchObject({ code: 0, out: "web01 / HTTP is no problem now.\n" });
    const json = await dotm(["causes", "backup01", "-o", "json"], { reader: broken() });
    expect(JSON.parse(json.out)).toEqual({ apiVersion: "dotm/v1", kind: "CauseRankingList", items: [] });
  });

  it("exits with 3 and what was probably meant where a name is unknown", async () => {
    const host = await dotm(["causes", "wbe01"], { reader: broken() });
    expect(host).toMatchObject({ code: 3, out: "" });
    expect(host.err).toContain("Did you mean web01?\nTry: dotm causes web01\n");
    const check = await dotm(["causes", "web01", "HTPT"], { reader: broken() });
    expect(check.code).toBe(3);
    expect(check.err).toContain('Did you mean "HTTP"?\nTry: dotm causes web01 HTTP\n');
  });
});
