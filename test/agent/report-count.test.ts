import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReportCount } from "../../agent/report-count.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-count-"));
  file = join(folder, "sequence.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("ReportCount", () => {
  it("goes on counting after a restart of the agent", () => {
    const first = new ReportCount(file, "boot-a");
    const { boot } = first.next();
    expect(boot).toMatch(/^boot-a-[0-9a-f]{12}$/);
    expect(first.next()).toEqual({ boot, sequence: 2 });
    expect(new ReportCount(file, "boot-a").next()).toEqual({ boot, sequence: 3 });
  });

  it("begins anew after the machine was booted, and where the count was lost or damaged", () => {
    const { boot } = new ReportCount(file, "boot-a").next();
    const rebooted = new ReportCount(file, "boot-b").next();
    expect(rebooted).toEqual({ boot: expect.stringMatching(/^boot-b-/), sequence: 1 });
    for (const damage of ["", "null", '{"boot":5}', '{"boot":"boot-a-x","sequence":1.5}', "{"]) {
      writeFileSync(file, damage);
      const next = new ReportCount(file, "boot-a").next();
      expect(next.sequence).toBe(1);
      expect(next.boot).not.toBe(boot);
    }
  });

  it("counts in memory under another name where the file cannot be written, and never uses a number twice", () => {
    const count = new ReportCount(file, "boot-a");
    const before = count.next();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "a file where the folder was");
    const one = count.next();
    expect(one).toEqual({ boot: expect.stringMatching(/^boot-a-/), sequence: 1 });
    expect(one.boot).not.toBe(before.boot);
    expect(count.next()).toEqual({ boot: one.boot, sequence: 2 });
  });
});
