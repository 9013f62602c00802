import { expect, it } from "vitest";
import { EarlyReports } from "../../src/daemon/early-reports.ts";
import { report } from "../support/builders.ts";

it("hands on the newest of each host, those that the monitoring knows by name before all others", async () => {
  const handed: string[] = [];
  const early = new EarlyReports(
    ({ host, sequence }) => handed.push(`${host} ${sequence}`),
    (host) => host.startsWith("web"),
  );
  for (const [host, sequence] of [
    ["liar", 1],
    ["web01", 1],
    ["liar", 2],
    ["web02", 1],
  ] as const) {
    early.put({ ...report(host, "10.0.0.1"), sequence });
  }
  expect(handed).toEqual([]);
  await early.open();
  expect(handed).toEqual(["web01 1", "web02 1", "liar 2"]);
  early.put({ ...report("other", "10.0.0.2"), sequence: 1 });
  expect(handed.at(-1)).toBe("other 1");
});
