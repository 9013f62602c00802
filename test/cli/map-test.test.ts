import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { dotm } from "./run-command.ts";
import { storedSite } from "./stored-site.ts";

const withRules = (...serviceMapping: { check: string; process: string }[]) => ({
  reader: storedSite({ settings: async () => ({ ...DEFAULT_SETTINGS, serviceMapping }) }),
});

describe("dotm map test", () => {
  it("tells services, confidence, evidence and what is in effect", async () => {
    const { code, out, err } = await dotm(["map", "test", "MySQL", "db01"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Services: {3}db01:3306 mysqld$/m);
    expect(out).toMatch(/^Confidence: 0\.\d+$/m);
    expect(out).toMatch(/^Evidence: {3}[a-z-]+: .*mysql/im);
    expect(out).toMatch(
      /^Command: {4}not given, so only the name decided: it is not stored yet, name it with --command$/m,
    );
    expect(out).toMatch(/^In effect: {2}db01:3306 mysqld$/m);
  });

  it("goes by the command where it is given", async () => {
    const { out } = await dotm(["map", "test", "Shop", "web01", "--command", "check_tcp!80", "-o", "json"]);
    expect(JSON.parse(out)).toMatchObject({
      ...{ apiVersion: "dotm/v1", kind: "Mapping", host: "web01", check: "Shop", services: ["web01:80"] },
      evidence: [{ kind: "port" }],
    });
    const without = await dotm(["map", "test", "Shop", "web01"]);
    expect(without.out).toMatch(/^Services: {3}none$/m);
    expect(without.out).toMatch(/^In effect: {2}the host has no check of this name$/m);
  });

  it("goes by the user's rules first, and names what would have been next", async () => {
    const { out } = await dotm(["map", "test", "HTTP", "db01"], withRules({ check: "HTTP", process: "mysqld" }));
    expect(out).toContain("Evidence:   user-rule: your rule HTTP -> mysqld means");
    expect(out).toMatch(/^Services: {3}db01:3306 mysqld$/m);
  });

  it("lists the rules that match a name, host or no host", async () => {
    const world = withRules({ check: "my.*", process: "mysqld" }, { check: "http", process: "nginx" });
    expect((await dotm(["map", "test", "MySQL"], world)).out).toBe("CHECK  PROCESS\nmy.*   mysqld\n");
    const none = await dotm(["map", "test", "Disk"], world);
    expect(none).toMatchObject({
      code: 0,
      out: "",
      err: expect.stringContaining('None of your 2 rules matches "Disk"'),
    });
    expect(none.err).toContain("dotm settings add service_mapping");
    expect(JSON.parse((await dotm(["map", "test", "Disk", "-o", "json"], world)).out)).toEqual({
      ...{ apiVersion: "dotm/v1", kind: "MappingRuleList", items: [] },
    });
  });

  it("names rules that cannot be used", async () => {
    const { err } = await dotm(["map", "test", "MySQL"], withRules({ check: "(?=x)", process: "mysqld" }));
    expect(err).toContain("warning: your rule (?=x) -> mysqld is left out: check: look-ahead");
  });

  it("refuses a host it does not know", async () => {
    expect(await dotm(["map", "test", "Disk /", "web1"])).toMatchObject({
      code: 3,
      err: "error: Host web1 is not known. Did you mean web01?\nTry: dotm map test 'Disk /' web01\n",
    });
  });
});
