import { describe, expect, it } from "vitest";
import type { Alarm } from "../../src/model/alarm.ts";
import type { AffectedRow, Impact } from "../../src/model/impact.ts";
import { AnnouncedProblems } from "../../src/notify/announced-problems.ts";
import { HostVerdicts } from "../../src/notify/host-verdicts.ts";
import { webhookBody } from "../../src/notify/webhook.ts";
import { impact } from "../store/examples.ts";

const row = (host: string, port: number, degree: AffectedRow["degree"] = "affected"): AffectedRow => ({
  ...{ id: `${host}:${port}`, host, port, process: "nginx", degree, hops: 1, certainty: "both", ownState: null },
  ...{ propagatedState: "CRITICAL", handling: {}, path: [`${host}:${port}`, "db01:3306"] },
});

function problem(host: string, check: string, affected: AffectedRow[], parts: Partial<Impact["problem"]> = {}): Impact {
  const base = impact(host, check);
  const { rootProblem } = { rootProblem: true };
  return {
    ...base,
    affected,
    rootProblem,
    problem: { ...base.problem, stateType: "HARD", handled: false, stale: false, ...parts },
  };
}

const NONE = { impacts: new Map<string, Impact | null>(), alarms: new Map<string, readonly Alarm[] | null>() };
const impacts = (...all: [string, Impact | null][]) => ({ ...NONE, impacts: new Map(all) });

describe("what is said of a host", () => {
  it("is what hits it from elsewhere, the gravest root problem first, and how many more there are", () => {
    const verdicts = new HostVerdicts();
    const changed = verdicts.take(
      impacts(
        ["db01::MySQL", problem("db01", "MySQL", [row("web01", 80), row("web01", 443), row("db01", 9)])],
        ["red01::Redis", problem("red01", "Redis", [row("web01", 80, "degraded")])],
        ["app01::App", { ...problem("app01", "App", [row("web01", 80)]), rootProblem: false }],
      ),
    );
    expect([...changed].sort()).toEqual(["web01"]);
    expect(verdicts.of("web01", "DOTM impact", "https://dotm/")).toMatchObject({
      state: 2,
      output: "DOTM CRITICAL - 2 services affected by db01/MySQL and 1 more",
      details: [
        expect.stringContaining("web01:80 nginx"),
        expect.any(String),
        expect.stringMatching(/^https:\/\/dotm\/graph/),
      ],
      figures: [
        ["affected", 2],
        ["causes", 3],
      ],
    });
    expect(verdicts.of("db01", "DOTM impact", "").state).toBe(0);
    verdicts.take(impacts(["db01::MySQL", null], ["app01::App", null]));
    expect(verdicts.of("web01", "DOTM impact", "")).toMatchObject({
      ...{ state: 1, output: "DOTM WARNING - 1 service affected by red01/Redis" },
    });
    expect([...verdicts.take(impacts(["red01::Redis", null]))]).toEqual(["web01"]);
    expect(verdicts.of("web01", "DOTM impact", "").output).toBe("DOTM OK - no service is hit by a problem elsewhere");
  });

  it("is OK, and names the problem, where somebody sees to it", () => {
    const verdicts = new HostVerdicts();
    verdicts.take(impacts(["db01::MySQL", problem("db01", "MySQL", [row("web01", 80)], { handled: true })]));
    expect(verdicts.of("web01", "DOTM impact", "")).toMatchObject({
      ...{ state: 0, output: "DOTM OK - 1 service affected by db01/MySQL (handled)" },
    });
  });

  it("is what DOTM finds wrong there, but for what it only mentions", () => {
    const alarm = (severity: Alarm["severity"], text: string): Alarm => ({
      ...{ kind: "service-without-check", host: "web01", object: "web01:80", peer: null, since: null, severity, text },
      details: {},
    });
    const verdicts = new HostVerdicts();
    const said = (...alarms: Alarm[]) => {
      verdicts.take({ ...NONE, alarms: new Map([["web01", alarms]]) });
      const { state, output } = verdicts.of("web01", "DOTM alarms", "");
      return [state, output];
    };
    expect(said(alarm("CRITICAL", "gone"), alarm("WARNING", "bare"))).toEqual([2, "DOTM CRITICAL - gone and 1 more"]);
    expect(said(alarm("WARNING", "bare"), alarm("INFO", "by the way"))).toEqual([1, "DOTM WARNING - bare"]);
    expect(said(alarm("INFO", "by the way"))).toEqual([0, "DOTM OK - nothing found wrong"]);
  });
});

describe("what webhooks are told", () => {
  it("is each root problem once, when it is hard and nobody sees to it, and its end", () => {
    const announced = new AnnouncedProblems(0, 180);
    const events = (...all: [string, Impact | null][]) =>
      [...announced.take(impacts(...all), 0)].map(([key, { event }]) => `${key} ${event}`);
    const mysql = problem("db01", "MySQL", [row("web01", 80)]);
    expect(
      events(["a", problem("a", "x", [], { stateType: "SOFT" })], ["b", { ...mysql, rootProblem: false }]),
    ).toEqual([]);
    expect(
      events(["c", problem("c", "x", [], { handled: true })], ["d", problem("d", "x", [], { stale: true })]),
    ).toEqual([]);
    expect(events(["db01::MySQL", mysql])).toEqual(["db01::MySQL problem"]);
    expect(events(["db01::MySQL", { ...mysql, affected: [] }])).toEqual([]);
    expect(events(["db01::MySQL", null], ["a", null])).toEqual(["db01::MySQL recovery"]);
    expect(events(["db01::MySQL", null])).toEqual([]);
  });

  it("is nothing of problems that were there before this process led, until they end", () => {
    const begun = Date.parse("2026-11-26T00:03:00Z") / 1_000;
    const announced = new AnnouncedProblems(begun, 180);
    const old = problem("db01", "MySQL", [], { since: "2026-11-25T23:00:00Z" });
    expect([...announced.take(impacts(["k", old]), begun)]).toEqual([]);
    expect([...announced.take(impacts(["k", null]), begun)]).toMatchObject([["k", { event: "recovery" }]]);
  });

  it("is each problem again where this process began by a clock that was a day ahead", () => {
    const now = Date.parse("2026-11-26T00:03:00Z") / 1_000;
    const announced = new AnnouncedProblems(now + 86_400, 180);
    const fresh = problem("db01", "MySQL", [], { since: "2026-11-26T00:02:00Z" });
    expect([...announced.take(impacts(["k", fresh]), now)]).toMatchObject([["k", { event: "problem" }]]);
  });

  it("holds the sentence, the link and the whole impact", () => {
    const found = problem("db01", "MySQL", [row("web01", 80)]);
    const link = `https://dotm/${found.graph.slice(1)}`;
    expect(webhookBody({ event: "problem", impact: found }, "https://dotm/")).toEqual({
      ...{ apiVersion: "dotm/v1", kind: "Notification", event: "problem", summary: found.summary, link },
      ...{ text: `${found.summary} ${link}`, impact: found },
    });
    expect(webhookBody({ event: "recovery", impact: found }, "")).toMatchObject({
      ...{ summary: "db01 / MySQL has recovered", text: "db01 / MySQL has recovered", link: null },
    });
  });
});
