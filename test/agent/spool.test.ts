import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Sender } from "../../agent/sender.ts";
import { ReportSpool } from "../../agent/spool.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-spool-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function opened(limit?: number): ReportSpool {
  const spool = new ReportSpool(folder, limit);
  spool.open();
  return spool;
}

function drain(spool: ReportSpool): string[] {
  const bodies: string[] = [];
  for (let next = spool.oldest(); next !== undefined; next = spool.oldest()) {
    bodies.push(next.body.toString());
    spool.remove(next.name);
  }
  return bodies;
}

describe("ReportSpool", () => {
  it("gives back what it was given, oldest first, also to the program that comes after", () => {
    const spool = opened();
    for (const body of ["one", "two", "three"]) {
      expect(spool.add(Buffer.from(body))).toBe(true);
    }
    const later = opened();
    later.add(Buffer.from("four"));
    expect(later.size).toBe(4);
    expect(drain(later)).toEqual(["one", "two", "three", "four"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does not take what was half written for a report, nor other files", () => {
    writeFileSync(join(folder, "000000000001.json.gz.tmp"), "half");
    writeFileSync(join(folder, "sequence.json"), "{}");
    const spool = opened();
    expect(spool.oldest()).toBeUndefined();
    expect(existsSync(join(folder, "000000000001.json.gz.tmp"))).toBe(false);
    expect(existsSync(join(folder, "sequence.json"))).toBe(true);
  });

  it("gives up every second one where there is no more room, and keeps the newest", () => {
    const spool = opened(100);
    for (let i = 1; i <= 12; i++) {
      spool.add(Buffer.from(`${i}`.padEnd(10, ".")));
    }
    const bodies = drain(spool).map((body) => Number.parseInt(body, 10));
    // At the eleventh the odd ones go; the twelfth fits.
    expect(bodies).toEqual([2, 4, 6, 8, 10, 11, 12]);
    expect(spool.thinned).toBe(5);
  });

  it("goes on without a report that somebody took away", () => {
    const spool = opened();
    spool.add(Buffer.from("one"));
    spool.add(Buffer.from("two"));
    rmSync(join(folder, "000000000001.json.gz"));
    expect(drain(spool)).toEqual(["two"]);
    expect(spool.thinned).toBe(1);
  });

  it("keeps the newest few in memory where the disk takes nothing", () => {
    const spool = opened();
    rmSync(folder, { recursive: true });
    for (let i = 1; i <= 20; i++) {
      expect(spool.add(Buffer.from(`${i}`))).toBe(false);
    }
    expect(drain(spool)).toEqual(Array.from({ length: 16 }, (_, i) => `${i + 5}`));
  });

  it("goes on where a file cannot be removed, as on a disk that takes no writing any more", async () => {
    const spool = new ReportSpool(folder);
    spool.open();
    spool.add(Buffer.from("taken"));
    spool.add(Buffer.from("next"));
    const file = join(folder, "000000000001.json.gz");
    const sent: string[] = [];
    const sender = new Sender({
      spool,
      push: async (body) => {
        sent.push(`${body}`);
        if (sent.length === 1) {
          rmSync(file);
          mkdirSync(file);
        }
        return { kind: "accepted" };
      },
      sleep: async () => undefined,
      random: () => 0,
      log: () => undefined,
    });
    sender.start();
    await expect.poll(() => sent).toEqual(["taken", "next"]);
    await sender.stop();
    expect(spool.size).toBe(0);
    // And again at the next start, where it cannot even be read.
    spool.open();
    expect(spool.oldest()).toBeUndefined();
  });
});
