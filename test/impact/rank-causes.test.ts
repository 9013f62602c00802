import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import { askCauses } from "../../src/impact/ask-causes.ts";
import type { CauseCandidate, CauseRanking } from "../../src/impact/rank-causes.ts";
import type { HostReport } from "../../src/model/host-report.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import {
  accepted,
  health,
  listener,
  monitored,
  NOON,
  objects,
  out,
  report,
  rules,
  states,
  status,
} from "../support/builders.ts";

/** web01 and web02 need app01, which needs db01; mail01 stands alone. */
const REPORTS = [
  report("web01", "10.0.0.11", { listeners: [listener("nginx", 80)], connections: [out("nginx", "10.0.0.21", 8080)] }),
  report("web02", "10.0.0.12", { listeners: [listener("nginx", 80)], connections: [out("nginx", "10.0.0.21", 8080)] }),
  report("app01", "10.0.0.21", { listeners: [listener("java", 8080)], connections: [out("java", "10.0.0.31", 3306)] }),
  report("db01", "10.0.0.31", {
    listeners: [listener("mysqld", 3306)],
    connections: [accepted("mysqld", 3306, "10.0.0.21")],
  }),
  report("mail01", "10.0.0.41", { listeners: [listener("master", 25)] }),
];
const ADDRESSES = new Map(REPORTS.map(({ host, ips }) => [host, ips[0] ?? ""]));

function broke(host: string, check: string | null, ago: number, parts: Partial<CheckStatus> = {}): CheckStatus {
  return status(host, check, { state: check === null ? "DOWN" : "CRITICAL", lastChange: NOON - ago, ...parts });
}

interface World {
  readonly reports?: readonly HostReport[];
  readonly parents?: Readonly<Record<string, readonly string[]>>;
}

async function rankings(
  problems: readonly CheckStatus[],
  { reports = REPORTS, parents = {} }: World = {},
): Promise<CauseRanking[]> {
  const engine = new Engine(rules());
  const hosts = [...ADDRESSES].map(([host, address]) => monitored(host, address, { parents: parents[host] ?? [] }));
  engine.observe(objects(hosts));
  for (const each of reports) {
    engine.report(each);
  }
  engine.observe(states(problems));
  engine.observe(health());
  const { impacts, graphs } = engine.settle(NOON);
  const all = [...impacts.values()].filter((impact) => impact !== null);
  const picture = {
    impact: async (host: string, check: string | null) =>
      all.find(({ problem }) => problem.host === host && problem.check === check),
    ranking: async (offset: number, limit: number) => all.slice(offset, offset + limit).map(({ problem }) => problem),
    graphs: async (hosts: readonly string[]) =>
      new Map([...graphs].flatMap(([host, graph]) => (graph !== null && hosts.includes(host) ? [[host, graph]] : []))),
  };
  return askCauses(picture, "web01", "HTTP");
}

async function candidates(problems: readonly CheckStatus[], world?: World): Promise<readonly CauseCandidate[]> {
  return (await rankings(problems, world))[0]?.candidates ?? [];
}

const names = (list: readonly CauseCandidate[]) => list.map(({ host, check }) => `${host} ${check}`);
const part = (candidate: CauseCandidate | undefined, name: string) =>
  candidate?.parts.find((each) => each.name === name);

const HTTP = broke("web01", "HTTP", 100);
const APP = broke("app01", "Tomcat", 110, { command: "check_tcp!8080" });
const MYSQL = broke("db01", "MySQL", 120);

describe("ranking of causes", () => {
  it("puts the bottom of the chain first, with the way to it", async () => {
    const [first, second] = await candidates([HTTP, APP, MYSQL]);
    expect(first).toMatchObject({ host: "db01", check: "MySQL", rootProblem: true });
    expect(first?.path).toEqual(["web01:80", "web01/nginx", "app01:8080", "app01/java", "db01:3306"]);
    expect(part(first, "bottom")).toMatchObject({ points: 20, text: "nothing explains it" });
    expect(part(first, "share")?.text).toBe("explains 2 of 2 other problems");
    expect(second).toMatchObject({ host: "app01", check: "Tomcat" });
    expect(part(second, "bottom")?.text).toBe("explained itself by db01 / MySQL");
  });

  it("gives nothing for time to what began long after, or has gone on for days", async () => {
    const timeOf = async (ago: number) =>
      part((await candidates([HTTP, broke("db01", "MySQL", ago)]))[0], "time")?.value;
    expect(await timeOf(100)).toBe(1);
    expect(await timeOf(400)).toBe(1);
    expect(await timeOf(40)).toBeCloseTo(0.9, 2);
    expect(await timeOf(100 + 20 * 86_400)).toBeCloseTo(0.05, 2);
    const late = broke("web01", "HTTP", 2000);
    expect(part((await candidates([late, MYSQL]))[0], "time")?.value).toBe(0);
  });

  it("takes what broke just now for the cause, not what it needs that has been broken for days", async () => {
    const old = broke("db01", "MySQL", 20 * 86_400);
    expect(names(await candidates([HTTP, APP, old]))).toEqual(["app01 Tomcat", "db01 MySQL"]);
  });

  it("leaves out what has nothing to do with it, and what only suffers as well", async () => {
    const others = [broke("mail01", "SMTP", 130), broke("mail01", "Disk /", 130), broke("web02", "HTTP", 130)];
    expect(names(await candidates([HTTP, MYSQL, ...others]))).toEqual(["db01 MySQL"]);
  });

  it("offers a problem of a needed host as such, last where it is old, first where the service broke right after it", async () => {
    const disk = (ago: number) => broke("db01", "Disk /", ago);
    expect(names(await candidates([HTTP, MYSQL, disk(9 * 86_400)]))).toEqual(["db01 MySQL", "db01 Disk /"]);
    expect(names(await candidates([HTTP, MYSQL, disk(300)]))).toEqual(["db01 Disk /", "db01 MySQL"]);
  });

  it("puts a DOWN host before its checks, and a DOWN host in front before those behind it", async () => {
    const down = broke("db01", null, 130);
    expect(names(await candidates([HTTP, MYSQL, down]))).toEqual(["db01 null", "db01 MySQL"]);
    const behind = [broke("db01", null, 130, { state: "UNREACHABLE" }), broke("mail01", null, 130)];
    const list = await candidates([HTTP, MYSQL, ...behind], { parents: { db01: ["mail01"] } });
    expect(names(list)).toEqual(["mail01 null", "db01 MySQL"]);
  });

  it("finds the way through a host without agent and says that it is guessed", async () => {
    const reports = REPORTS.filter(({ host }) => host !== "app01");
    const [first] = await candidates([HTTP, MYSQL], { reports });
    expect(first).toMatchObject({ host: "db01", check: "MySQL" });
    expect(first?.path).toEqual(["web01:80", "web01/nginx", "app01:8080", "app01/?", "db01:3306"]);
    expect(part(first, "certainty")?.text).toBe("guessed");
  });

  it("ranks for what is SOFT, and offers what is SOFT", async () => {
    const soft = (problem: CheckStatus): CheckStatus => ({ ...problem, stateType: "SOFT" });
    expect(names(await candidates([soft(HTTP), soft(MYSQL)]))).toEqual(["db01 MySQL"]);
  });

  it("has no candidate where nothing else is broken, and no ranking where nothing is", async () => {
    expect(await candidates([HTTP])).toEqual([]);
    expect(await rankings([MYSQL])).toEqual([]);
  });

  it("answers the same whatever the order, with sums that can be added up again", async () => {
    const pool = [
      HTTP,
      APP,
      MYSQL,
      broke("db01", "Disk /", 300),
      broke("web02", "HTTP", 90),
      broke("app01", "Load", 5000, { state: "WARNING" }),
      broke("mail01", "SMTP", 100),
    ];
    const expected = await candidates(pool);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(pool, { minLength: pool.length }), async (problems) => {
        expect(await candidates(problems)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
    for (const { score, parts } of expected) {
      expect(parts.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(score, 6);
      expect(parts.every(({ value, weight, points }) => value >= 0 && value <= 1 && points <= weight)).toBe(true);
    }
  });
});
