/** Every fault has a test and every test its fault; docs/reliability.md expects what the tests do. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { faultOf, SECTIONS } from "./catalogue.ts";
import { faultTests } from "./fault-tests.ts";
import { type Outcome, pageText, rowStart, sectionIn, sectionText } from "./reliability-page.ts";

const tests = faultTests();

describe("the catalogue of faults", () => {
  it("has a test for every fault", () => {
    const tested = new Set(tests.map(({ id }) => id));
    const untested = SECTIONS.flatMap(({ faults }) => faults.map(({ id }) => id).filter((id) => !tested.has(id)));
    expect(untested).toEqual([]);
  });

  it("has a fault for every test, and no id twice", () => {
    expect(tests.filter(({ id }) => faultOf(id) === undefined)).toEqual([]);
    const ids = SECTIONS.flatMap(({ letter, faults }) => faults.map(({ id }) => ({ letter, id })));
    expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length);
    expect(ids.filter(({ letter, id }) => !id.startsWith(letter))).toEqual([]);
  });
});

it("docs/reliability.md expects what the tests do; if not: npm run reliability", () => {
  const page = readFileSync(new URL("../../docs/reliability.md", import.meta.url), "utf8");
  for (const section of SECTIONS) {
    const rows = (sectionIn(page, section) ?? "").split("\n").filter((line) => /^\| [A-Z]\d\d /.test(line));
    const wanted = section.faults.flatMap((fault) =>
      tests.filter(({ id }) => id === fault.id).map(({ expectation }) => rowStart(fault, expectation)),
    );
    expect(rows.map((row) => wanted.find((start) => row.startsWith(start)) ?? row)).toEqual(wanted);
  }
});

describe("the page", () => {
  const section = {
    letter: "X",
    title: "Weather",
    faults: [{ id: "X01", fault: "rain | snow", promise: "dry in 1 s" }],
  };
  const outcome = (part: Partial<Outcome>): Outcome => ({
    ...{ id: "X01", expectation: "opens the *umbrella*", result: "passed", figures: [] },
    ...part,
  });

  it("shows what held, what failed, what was measured, and what has no test", () => {
    const holds = sectionText(section, [outcome({ figures: ["0.5 s", "2 drops"] })], "Run.");
    expect(holds).toContain(
      "| X01 | rain \\| snow | opens the \\*umbrella\\* | 🟢 holds | 0.5 s; 2 drops (promised: dry in 1 s) |",
    );
    expect(sectionText(section, [outcome({ result: "failed" })], "Run.")).toContain("🔴 **fails** | |");
    expect(sectionText(section, [], "Run.")).toContain("| X01 | rain \\| snow | | 🔴 **no test** | |");
  });

  it("keeps the sections that were not run", () => {
    const other = { letter: "Y", title: "Traffic", faults: [] };
    const first = pageText(
      "",
      [section, other],
      new Map([
        ["X", sectionText(section, [], "First.")],
        ["Y", sectionText(other, [], "Second.")],
      ]),
    );
    const second = pageText(first, [section, other], new Map([["X", sectionText(section, [], "Third.")]]));
    expect(second).toBe(first.replace("First.", "Third."));
  });
});
