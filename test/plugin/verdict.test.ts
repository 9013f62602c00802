import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRange } from "../../src/plugin/range.ts";
import { type Verdict, verdictText } from "../../src/plugin/verdict.ts";

const VERDICT: Verdict = {
  status: "CRITICAL",
  text: "3 services affected by db1/MySQL",
  figures: [
    {
      label: "affected",
      value: 3,
      unit: "",
      thresholds: { warning: parseRange("0") ?? null, critical: parseRange("2") ?? null },
    },
    { label: "it's old", value: 12.345, unit: "s" },
    { label: "share", value: 50, unit: "%", most: 100 },
  ],
  details: ["web01:80 is affected", "a | b"],
};

describe("the answer of the plugin", () => {
  it("is one line with figures as the guidelines write them", () => {
    expect(verdictText(VERDICT, 0)).toBe(
      "DOTM CRITICAL - 3 services affected by db1/MySQL | affected=3;0;2;0 'it''s old'=12.35s;;;0 share=50%;;;0;100\n",
    );
  });

  it("names everything with -v", () => {
    expect(verdictText(VERDICT, 1).split("\n").slice(1)).toEqual(["web01:80 is affected", "a / b", ""]);
  });

  it("holds what people see of the first line within 80 characters, and the whole within what Nagios keeps", () => {
    const long: Verdict = { ...VERDICT, text: "x".repeat(300), details: Array(500).fill("y".repeat(90)) };
    expect(verdictText(long, 0).split(" | ")[0]).toHaveLength(80);
    expect(Buffer.byteLength(verdictText(long, 1))).toBeLessThan(4096);
    expect(verdictText(long, 1)).toMatch(/and \d+ more\n$/);
  });

  const nasty = fc.string({ unit: fc.constantFrom("a", "|", "\n", "\r", "\0", "'", "=", ";", " ", "ü", "\u0085") });
  it("keeps to one bar and one line, whatever names say", () => {
    fc.assert(
      fc.property(nasty, nasty, (text, label) => {
        const said = verdictText({ ...VERDICT, text, figures: [{ label, value: 1, unit: "" }] }, 0);
        expect(said.split("|")).toHaveLength(2);
        expect(said.indexOf("\n")).toBe(said.length - 1);
      }),
    );
  });
});
