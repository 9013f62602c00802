import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { countChanges, lineDiff } from "../../src/cli/line-diff.ts";
import { findProgram } from "../support/real.ts";

const folder = mkdtempSync(join(tmpdir(), "dotm-diff-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a difference of lines", () => {
  it("is what diff -u prints", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
    const after = "a\nb\nC\nd\ne\nf\ng\nh\ni\nj\nk\nm\nl\n";
    expect(lineDiff("file", before, after)).toBe(`--- file
+++ file
@@ -1,6 +1,6 @@
 a
 b
-c
+C
 d
 e
 f
@@ -9,4 +9,5 @@
 i
 j
 k
+m
 l
`);
  });

  it("of equal texts is empty, of a new file all of it", () => {
    expect(lineDiff("file", "a\n", "a\n")).toBe("");
    expect(lineDiff("file", null, "a\n")).toBe("--- /dev/null\n+++ file\n@@ -0,0 +1 @@\n+a\n");
    expect(countChanges(lineDiff("file", "a\nb\n", "c\nb\nd\n"))).toEqual({ added: 2, removed: 1 });
  });

  it("is as short as one can be, and patch makes the new text of the old one by it", () => {
    const line = fc.constantFrom("a", "b", "c", "d");
    const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.map((each) => `${each}\n`).join(""));
    const patch = findProgram("patch");
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = lineDiff("file", before, after);
        if (patch !== undefined && diff !== "") {
          writeFileSync(join(folder, "old"), before);
          execFileSync(patch, ["--silent", "-o", join(folder, "new"), join(folder, "old")], { input: diff });
          expect(execFileSync("cat", [join(folder, "new")], { encoding: "utf8" })).toBe(after);
        }
        const { added, removed } = countChanges(diff);
        expect(removed - added).toBe(before.split("\n").length - after.split("\n").length);
      }),
      { numRuns: 20 },
    );
  });

  it("of texts that have nothing in common is told without looking long", () => {
    const many = (mark: string) => Array.from({ length: 20_000 }, (_, at) => `${mark}${at}\n`).join("");
    expect(countChanges(lineDiff("file", many("a"), many("b")))).toEqual({ added: 20_000, removed: 20_000 });
  });
});
