import { describe, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import { askImpact, type StoredPicture } from "../../src/impact/ask.ts";
import { parseAssumption } from "../../src/model/assumption.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { accepted, health, listener, NOON, out, report, rules, states, status } from "../support/builders.ts";

/** The stored picture of a site of three tiers with two databases, as the engine hands it on. */
function picture(...problems: readonly CheckStatus[]): StoredPicture & { readonly loaded: string[] } {
  const engine = new Engine(rules());
  const db = (n: number) =>
    report(`db0${n}`, `10.0.0.2${n}`, {
      listeners: [listener("mysqld", 3306)],
      connections: [accepted("mysqld", 3306, "10.0.0.11")],
    });
  engine.report(db(1));
  engine.report(db(2));
  engine.report(
    report("app01", "10.0.0.11", {
      listeners: [listener("java", 8080)],
      connections: [
        out("java", "10.0.0.21", 3306),
        out("java", "10.0.0.22", 3306),
        accepted("java", 8080, "10.0.0.12"),
      ],
    }),
  );
  engine.report(
    report("web01", "10.0.0.12", {
      listeners: [listener("nginx", 80)],
      connections: [out("nginx", "10.0.0.11", 8080)],
    }),
  );
  engine.report(report("other", "10.0.0.13", { listeners: [listener("nginx", 80)] }));
  const fine = ["db01", "db02"]
    .map((host) => status(host, "MySQL"))
    .filter((one) => !problems.some((p) => p.host === one.host && p.check === one.check));
  engine.observe(states([...fine, ...problems]));
  engine.observe(health());
  const changes = engine.settle(NOON);
  const loaded: string[] = [];
  return {
    loaded,
    impact: async (host, check) => changes.impacts.get(`${host}::${check ?? "_HOST_"}`) ?? undefined,
    graphs: async (hosts) => {
      loaded.push(...hosts);
      return new Map(
        hosts.flatMap((host) => (changes.graphs.get(host) ? [[host, changes.graphs.get(host)]] : [])) as [],
      );
    },
    serviceChecks: async (host) => changes.serviceChecks.get(host) ?? [],
  };
}

const ask = (from: StoredPicture, host: string, check: string | null, whatIf: readonly string[] = []) => {
  const assumed = whatIf.map(parseAssumption).filter((each) => each !== undefined);
  return askImpact(from, { host, check, assumed, now: NOON });
};

describe("what-if", () => {
  it("gives for a check that is fine the rows its failure would have, and says would", async () => {
    const impact = await ask(picture(), "db01", "MySQL");
    expect(impact).toMatchObject({ hypothetical: true, problem: { state: "OK" }, failed: [{ id: "db01:3306" }] });
    expect(impact?.affected.map((row) => [row.id, row.degree])).toEqual([
      ["app01:8080", "degraded"],
      ["web01:80", "degraded"],
    ]);
    expect(impact?.summary).toBe(
      "db01 / MySQL is OK; its failure would affect 2 services on 2 hosts: app01:8080 java, web01:80 nginx",
    );
  });

  it("equals the impact of the real alert", async () => {
    const real = await ask(picture(status("db01", "MySQL", { state: "CRITICAL" })), "db01", "MySQL");
    const assumed = await ask(picture(), "db01", "MySQL", ["down:db01:3306"]);
    expect(real?.hypothetical).toBe(false);
    expect(assumed?.affected).toEqual(real?.affected);
    expect(assumed?.hosts).toEqual(real?.hosts);
    expect(assumed?.summary).toBe(
      "The failure of db01:3306 would affect 2 services on 2 hosts: app01:8080 java, web01:80 nginx",
    );
  });

  it("adds to what is already broken: the last member of a group takes all with it", async () => {
    const impact = await ask(picture(status("db02", "MySQL", { state: "CRITICAL" })), "db01", "MySQL", ["down:db01"]);
    expect(impact?.affected.map((row) => row.degree)).toEqual(["affected", "affected"]);
  });

  it("loads only hosts that matter", async () => {
    const from = picture();
    await ask(from, "web01", null);
    expect(from.loaded).not.toContain("other");
    expect(from.loaded).not.toContain("db01");
  });
});

describe("a host", () => {
  it("without problems is asked as if it were down", async () => {
    const impact = await ask(picture(), "app01", null);
    expect(impact).toMatchObject({ hypothetical: true, problem: { host: "app01", check: null } });
    expect(impact?.failed.map((row) => row.id)).toEqual(["app01/java", "app01:8080"]);
    expect(impact?.affected.map((row) => row.id)).toEqual(["web01:80"]);
    expect(impact?.summary).toMatch(/^app01 is not checked; its failure would affect 1 service/);
  });

  it("with several problems tells them together", async () => {
    const from = picture(
      status("db01", "MySQL", { state: "CRITICAL" }),
      status("db01", "Disk /", { state: "WARNING" }),
    );
    const impact = await ask(from, "db01", null);
    expect(impact?.hypothetical).toBe(false);
    expect(impact?.summary).toBe(
      "db01 has 2 problems (Disk / WARNING, MySQL CRITICAL); 2 services on 2 hosts may be affected: app01:8080 java, web01:80 nginx",
    );
  });

  it("or check that nobody knows has no answer", async () => {
    expect(await ask(picture(), "nosuch", null)).toBeUndefined();
    expect(await ask(picture(), "db01", "nosuch")).toBeUndefined();
  });
});
