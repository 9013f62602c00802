import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { SourceHealth } from "../../src/model/monitoring.ts";
import { dotm } from "./run-command.ts";
import { MYSQL, storedSite } from "./stored-site.ts";

async function table(...args: string[]): Promise<string[]> {
  const { code, out, err } = await dotm(["get", ...args]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.endsWith("\n")).toBe(true);
  return out.trimEnd().split("\n");
}

describe("dotm get", () => {
  it("lists nodes", async () => {
    expect(await table("nodes")).toEqual([
      "NAME      STATE  AGENT  LAST REPORT  SERVICES  ALERTS",
      "backup01  UP     fresh  5 s          1         0",
      "db01      UP     fresh  5 s          1         2",
      "web01     UP     fresh  5 s          1         0",
    ]);
    expect((await table("nodes", "-o", "wide"))[1]).toBe(
      "backup01  UP     fresh  5 s          1         0       shop    10.0.0.1,2001:db8::1  OK",
    );
  });

  it("lists services, those without a check and without clients included", async () => {
    expect(await table("services")).toEqual([
      "SERVICE       PROCESS  STATE     DEGREE  CHECKS    CLIENTS  AGE",
      "backup01:873  rsync    -         -       no check  0        fresh",
      "db01:3306     mysqld   CRITICAL  -       MySQL     1        fresh",
      "web01:80      nginx    OK        -       HTTP      0        fresh",
    ]);
  });

  it("lists connections", async () => {
    expect(await table("connections", "web01")).toEqual([
      "FROM           NEEDS          CERTAINTY  CONNECTIONS  LAST SEEN",
      "web01/nginx    web01/php-fpm  both       12           5 s",
      "web01/php-fpm  db01:3306      both       12           5 s",
    ]);
  });

  it("lists alerts and impacts", async () => {
    expect(await table("alerts")).toEqual([
      "HOST  CHECK  STATE     TYPE  SINCE                 HANDLED  AFFECTED",
      "db01  MySQL  CRITICAL  HARD  2026-11-22T13:58:02Z  no       1",
    ]);
    expect(await table("impacts")).toHaveLength(2);
    expect((await dotm(["get", "alerts", "web01"])).err).toBe("Nothing found.\n");
  });

  it("lists mappings, those to nothing included", async () => {
    const { code, out, err } = await dotm(["get", "mappings"]);
    expect({ code, rows: out.trimEnd().split("\n") }).toEqual({
      code: 0,
      rows: [
        "HOST   CHECK   STATE     PROCESS  SERVICES   BY",
        "db01   Disk /  WARNING   -        -          none",
        "db01   MySQL   CRITICAL  mysqld   db01:3306  plugin",
        "web01  HTTP    OK        mysqld   web01:80   plugin",
      ],
    });
    expect(err).toBe(
      "Coverage: 100 % of 3 checks: 2 mapped to services, 1 known to speak of none, 0 not understood.\n",
    );
    expect(JSON.parse((await dotm(["get", "mappings", "-o", "json"])).out)).toMatchObject({
      coverage: { checks: 3, mapped: 2, none: 1, unmapped: 0, share: 1 },
    });
  });

  it("lists comments and downtimes", async () => {
    expect(await table("comments")).toEqual([
      "HOST  CHECK  KIND             AUTHOR  AGE    TEXT",
      "db01  MySQL  acknowledgement  ops     1 min  ticket 4711",
    ]);
    expect(await table("downtimes", "db01")).toEqual([
      "HOST  CHECK  IN EFFECT  START                 END                   AUTHOR  TEXT",
      "db01  -      yes        2026-11-22T14:07:02Z  2026-11-22T15:07:02Z  ops     new disks",
    ]);
    expect((await dotm(["get", "comments", "web01"])).err).toBe("Nothing found.\n");
  });

  it("lists sources", async () => {
    expect(await table("sources")).toEqual([
      "NAME    TYPE         STATUS  AGE  LAG    HOSTS  CHECKS  FAILURES  ERROR",
      "nagios  status-file  OK      3 s  0.0 s  3      3       0",
    ]);
  });

  it("calls states stale whose source fails without ever having said how old they are, and nothing else", async () => {
    const [source] = await storedSite().sources();
    const failed = { ...source, ok: false, error: "away", asOf: 0 } as SourceHealth;
    const isStale = async (health: SourceHealth) => {
      const reader = storedSite({ sources: async () => [health] });
      return JSON.parse((await dotm(["get", "sources", "-o", "json"], { reader })).out).items[0].stale;
    };
    expect(await isStale(failed)).toBe(true);
    expect(await isStale({ ...failed, hosts: 0, checks: 0 })).toBe(false);
  });

  it("prints what programs read", async () => {
    const json = JSON.parse((await dotm(["get", "nodes", "-o", "json"])).out);
    expect(json).toMatchObject({ apiVersion: "dotm/v1", kind: "NodeList" });
    expect(json.items[1]).toEqual({
      ...{ name: "db01", state: "UP", agent: "fresh", lastReport: "2026-11-22T14:11:57.000Z", fetchStatus: "OK" },
      ...{ ips: ["10.0.0.1", "2001:db8::1"], groups: ["shop"], services: 1, alerts: 2 },
    });
    const lines = (await dotm(["get", "services", "-o", "ndjson"])).out.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(["backup01:873", "db01:3306", "web01:80"]);
    expect(parse((await dotm(["get", "sources", "-o", "yaml"])).out)).toMatchObject({
      kind: "SourceList",
      items: [{ name: "nagios", stale: false }],
    });
    expect((await dotm(["get", "nodes", "-o", "name"])).out).toBe("backup01\ndb01\nweb01\n");
    const empty = await dotm(["get", "alerts", "-o", "json"], { reader: storedSite({ ranking: async () => [] }) });
    expect(JSON.parse(empty.out)).toEqual({ apiVersion: "dotm/v1", kind: "AlertList", items: [] });
  });

  it("prints CSV with quotes where they are needed", async () => {
    const output = 'a "quoted", text\nin two lines';
    const reader = storedSite({ impact: async () => ({ ...MYSQL, problem: { ...MYSQL.problem, output } }) });
    const { out } = await dotm(["get", "alerts", "-o", "csv"], { reader });
    expect(out).toBe(
      "HOST,CHECK,STATE,TYPE,SINCE,HANDLED,AFFECTED,SOURCE,OUTPUT\r\n" +
        'db01,MySQL,CRITICAL,HARD,2026-11-22T13:58:02Z,no,1,nagios,"a ""quoted"", text\nin two lines"\r\n',
    );
    expect((await dotm(["get", "nodes", "-o", "csv", "--no-headers"])).out).not.toContain("NAME");
  });

  it("keeps what others wrote from steering the terminal", async () => {
    const output = "\u001b]0;title\u0007\u202egnp.exe";
    const reader = storedSite({ impact: async () => ({ ...MYSQL, problem: { ...MYSQL.problem, output } }) });
    const { out } = await dotm(["get", "alerts", "-o", "wide"], { reader });
    for (const steering of ["\u001b", "\u0007", "\u202e"]) {
      expect(out).not.toContain(steering);
    }
    expect(out).toContain("\ufffd]0;title\ufffd\ufffdgnp.exe");
  });

  it("aligns wide letters", async () => {
    const reader = storedSite({ nodes: async () => ["db01", "主机"] });
    const lines = (await dotm(["get", "nodes"], { reader })).out.split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "NAME  STATE  AGENT  LAST REPORT  SERVICES  ALERTS",
      "db01  UP     fresh  5 s          1         2",
      "主机  -      none   -            0         0",
    ]);
  });

  it("refuses hosts and resources it does not know, with what was meant", async () => {
    expect(await dotm(["get", "services", "web1"])).toMatchObject({
      code: 3,
      err: "error: Host web1 is not known. Did you mean web01?\nTry: dotm get services web01\n",
    });
    expect(await dotm(["get", "nodse"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("Allowed choices are nodes, services"),
    });
  });
});

describe("dotm graph", () => {
  it("draws the site, a host, a problem", async () => {
    const site = await dotm(["graph", "-o", "dot"]);
    expect(site).toMatchObject({ code: 0, err: "" });
    for (const name of ["rsync", "mysqld", "nginx"]) {
      expect(site.out).toContain(name);
    }
    const host = await dotm(["graph", "web01", "-o", "mermaid"]);
    expect(host.out).toContain("nginx");
    expect(host.out).not.toContain("rsync");
    const problem = await dotm(["graph", "db01", "MySQL"]);
    expect(problem.out).toMatch(/^<svg /);
    expect(problem.out).toContain("is CRITICAL for 14 min");
  });

  it("prints the hosts within reach as JSON", async () => {
    const hosts = async (...args: string[]) => {
      const json = JSON.parse((await dotm(["graph", ...args, "-o", "json"])).out);
      expect(json).toMatchObject({ apiVersion: "dotm/v1", kind: "Graph" });
      return json.hosts.map(({ host }: { host: string }) => host).sort();
    };
    expect(await hosts()).toEqual(["backup01", "db01", "web01"]);
    expect(await hosts("db01", "MySQL")).toEqual(["db01", "web01"]);
    expect(await hosts("db01", "--dependents", "0")).toEqual(["db01"]);
    expect(await hosts("web01", "--dependencies", "0")).toEqual(["web01"]);
  });

  it("names what was meant", async () => {
    expect(await dotm(["graph", "db1"])).toMatchObject({ code: 3, err: expect.stringContaining("Did you mean db01?") });
    expect(await dotm(["graph", "db01", "MySQ"])).toMatchObject({ code: 3, err: expect.stringContaining('"MySQL"') });
    expect(await dotm(["graph", "db01", "--dependents", "x"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("whole number from 0 to 20"),
    });
  });
});
