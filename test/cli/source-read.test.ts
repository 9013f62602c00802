import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { dotm } from "./run-command.ts";

const file = (name: string): string => fileURLToPath(new URL(`../fixtures/status/${name}`, import.meta.url));

describe("dotm source read", () => {
  it("prints counts per state, age and warnings", async () => {
    const { code, out, err } = await dotm(["source", "read", file("efigence-status.dat")]);
    expect([code, err]).toEqual([0, ""]);
    const lines = out.split("\n");
    expect(lines[0]).toMatch(/^SOURCE +FORMAT +VERSION +WRITTEN +AGE +COMPLETE$/);
    expect(lines[1]).toMatch(
      /efigence-status\.dat +Nagios status\.dat +3\.2\.1 +2015-10-12T12:02:29\.000Z +\d+ d +yes$/,
    );
    expect(lines[3]).toMatch(/^HOSTS +UP +DOWN +UNREACHABLE +PENDING +SOFT +ACKNOWLEDGED +IN DOWNTIME +FLAPPING/);
    expect(lines[4]).toMatch(/^4 +2 +1 +1 +0 /);
    expect(lines[7]).toMatch(/^7 +4 +1 +1 +1 +0 /);
    expect(out).toMatch(/WARNING +COUNT +EXAMPLE\nlast_check after the file was written +8 /);
  });

  it("prints hosts, checks, states and handling as JSON", async () => {
    const { code, out } = await dotm(["source", "read", file("nagios-4.4.6-status.dat"), "-o", "json"]);
    const reading = JSON.parse(out);
    expect(code).toBe(0);
    expect(reading).toMatchObject({ apiVersion: "dotm/v1", kind: "SourceReading", complete: true, version: "4.4.6" });
    expect(reading.counts.hosts).toMatchObject({ total: 9, states: { UNREACHABLE: 1 } });
    expect(reading.hosts).toHaveLength(9);
    const gateway = reading.hosts.find(({ host }: { host: string }) => host === "branch-gw");
    expect(gateway).toMatchObject({ state: "DOWN", stateType: "HARD", handling: { acknowledged: true, soft: false } });
    expect(reading.checks.find(({ check }: { check: string }) => check === "Backup")).toMatchObject({
      handling: { inDowntime: true },
    });
    expect([reading.comments.length, reading.downtimes.length]).toEqual([8, 3]);
  });

  it("says that a file is cut, and what is wrong with one that is none", async () => {
    const cut = await dotm(["source", "read", file("written-truncated-status.dat")]);
    expect([cut.code, cut.err]).toEqual([0, expect.stringContaining("cut or broken")]);
    const missing = await dotm(["source", "read", "/nonexistent/status.dat"]);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining("does not exist")]);
    const bare = await dotm(["source", "read", "https://icinga:5665"]);
    expect([bare.code > 0, bare.err]).toEqual([true, expect.stringContaining("log in")]);
  });

  it("tells the fix where a server does not answer", async () => {
    const away = await dotm(["source", "read", "tcp://127.0.0.1:1", "--timeout", "20"]);
    expect([away.code, away.err]).toEqual([1, expect.stringContaining("127.0.0.1:1")]);
  });
});
