/** docs/reliability.md as text: a head that stays, then a table for each section that tells of its last run. */
import type { Fault, Section } from "./catalogue.ts";
import type { FaultTest } from "./fault-tests.ts";

/** How a test ended; figures are what it measured, in its own words. */
export interface Outcome extends FaultTest {
  readonly result: "passed" | "failed" | "skipped";
  readonly figures: readonly string[];
}

const RESULTS = { passed: "🟢 holds", failed: "🔴 **fails**", skipped: "⚪ not run there" };

const HEAD = `# What DOTM withstands

Each row is a fault that was provoked in a test, with real files, sockets, servers and processes. What is expected is the name of that
test: \`npx vitest run test/faults -t A01\` provokes it again.

- **🟢 holds**: it did as the row says. **🔴 fails**: it did not. **⚪ not run there**: a program it needs was not installed.
- *Figure* is what the test measured in that run, and in brackets what is promised. Machines differ: a test itself refuses only what is
  far beyond.
- Everywhere: wrong input never deletes what was known, never turns into OK, never stops another source. It is counted in
  \`dotm_errors_total{source,reason}\` (reports of agents: \`dotm_reports_refused_total{reason}\`), shown beside its source, and logged at
  most once a minute.

This page is written by \`npm run reliability\`, which runs everything in \`test/faults\`. A section is written anew when all of its tests
ran. \`npm test\` runs the same tests, and compares what this page expects with them.
`;

/** Begin of the row for a test, up to what it expects: what the page is compared by. */
export function rowStart(fault: Fault, expectation: string): string {
  return `| ${fault.id} | ${cell(fault.fault)} | ${cell(expectation)} |`;
}

/** The table of a section; `run` says in one line when and with what it ran. */
export function sectionText(section: Section, outcomes: readonly Outcome[], run: string): string {
  const rows = section.faults.flatMap((fault) => {
    const own = outcomes.filter((outcome) => outcome.id === fault.id);
    return own.length === 0 ? [`| ${fault.id} | ${cell(fault.fault)} | | 🔴 **no test** | |`] : own.map(rowOf(fault));
  });
  const table = ["| | Fault | What DOTM does | Result | Figure |", "|---|---|---|---|---|", ...rows];
  return [`${titleOf(section)}\n`, `${run}\n`, ...table, ""].join("\n");
}

/** The page with the sections given in place of older ones, all in the order of the catalogue. */
export function pageText(before: string, sections: readonly Section[], written: ReadonlyMap<string, string>): string {
  const kept = sections.map((section) => written.get(section.letter) ?? sectionIn(before, section));
  return [HEAD, ...kept.filter((text) => text !== undefined)].join("\n");
}

/** What the page says of a section; undefined where it has none. */
export function sectionIn(page: string, section: Section): string | undefined {
  const start = page.indexOf(`${titleOf(section)}\n`);
  if (start < 0) {
    return undefined;
  }
  const next = page.indexOf("\n## ", start);
  return next < 0 ? page.slice(start) : page.slice(start, next);
}

function titleOf({ letter, title }: Section): string {
  return `## ${letter}. ${title}`;
}

function rowOf(fault: Fault): (outcome: Outcome) => string {
  const promised = fault.promise === undefined ? "" : ` (promised: ${cell(fault.promise)})`;
  return ({ expectation, result, figures }) => {
    const figure = figures.length === 0 ? "" : ` ${cell(figures.join("; "))}${promised}`;
    return `${rowStart(fault, expectation)} ${RESULTS[result]} |${figure} |`;
  };
}

/** Text as it may stand in a cell. */
function cell(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("|", "\\|")
    .replaceAll("*", "\\*")
    .replaceAll("\n", " ");
}
