/** Writes docs/reliability.md from the tests that ran: `npm run reliability`. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { findProgram } from "../support/real.ts";
import { SECTIONS, type Section } from "./catalogue.ts";
import { type FaultTest, faultTestOf, faultTests } from "./fault-tests.ts";
import { type Outcome, pageText, sectionText } from "./reliability-page.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = join(ROOT, "docs/reliability.md");
const VERSION = /\d+\.\d+(?:\.\d+)?/;

/** Programs whose versions matter to the results, by the name people know. */
const PROGRAMS = [
  ["Redis", "redis-server"],
  ["Nagios", "nagios4"],
  ["Icinga", "icinga2"],
] as const;

/** A reporter of vitest; vitest wants it as the default of its file. */
export default class PageReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcomes = inOrder(modules.flatMap((module) => [...module.children.allTests()].flatMap(outcomeOf)));
    const run = runLine(new Date());
    const written = SECTIONS.filter((section) => ranWhole(section, outcomes)).map(
      (section) => [section.letter, sectionText(section, outcomes, run)] as const,
    );
    const before = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
    writeFileSync(PAGE, pageText(before, SECTIONS, new Map(written)));
    console.log(`docs/reliability.md: written anew ${written.map(([letter]) => letter).join(", ") || "nothing"}`);
  }
}

function outcomeOf(test: TestCase): Outcome[] {
  const told = faultTestOf(test.name);
  const { state } = test.result();
  if (told === undefined) {
    return [];
  }
  const figures = test.annotations().filter(({ type }) => type === "figure");
  return [{ ...told, result: state === "pending" ? "skipped" : state, figures: figures.map(({ message }) => message) }];
}

/** As the tests stand in their files, not as they ended. */
function inOrder(outcomes: readonly Outcome[]): Outcome[] {
  const places = new Map(faultTests().map((test, at) => [nameOf(test), at]));
  return outcomes.toSorted((one, other) => (places.get(nameOf(one)) ?? 0) - (places.get(nameOf(other)) ?? 0));
}

function nameOf({ id, expectation }: FaultTest): string {
  return `${id} ${expectation}`;
}

/** Whether every test of the section was looked at and not all were left out. */
function ranWhole({ letter }: Section, outcomes: readonly Outcome[]): boolean {
  const own = outcomes.filter(({ id }) => id.startsWith(letter));
  const seen = new Set(own.map(nameOf));
  const wanted = faultTests().filter(({ id }) => id.startsWith(letter));
  return own.some(({ result }) => result !== "skipped") && wanted.every((test) => seen.has(nameOf(test)));
}

function runLine(now: Date): string {
  const changed =
    said("git", ["status", "--porcelain", "--", ".", ":!docs/reliability.md"]) === "" ? "" : " and changes";
  const versions = PROGRAMS.flatMap(([name, program]) => {
    const version = findProgram(program) === undefined ? undefined : VERSION.exec(said(program, ["--version"]));
    return version ? [`${name} ${version[0]}`] : [];
  });
  const when = `${now.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const what = `commit ${said("git", ["rev-parse", "--short", "HEAD"])}${changed}`;
  return `Run on ${when}, ${[what, `Node ${process.versions.node}`, ...versions].join(", ")}.`;
}

/** What a program prints, trimmed; nothing where it fails. */
function said(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}
