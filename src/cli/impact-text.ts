/** An impact for people: the verdict, then what is hit, then why and how fresh. */

import { titleOf } from "../model/ids.ts";
import type { AffectedRow, Impact, ProblemRef } from "../model/impact.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import type { Revision } from "../store/map-reader.ts";
import type { Paint } from "./paint.ts";
import { sourceStatus } from "./resources/sources.ts";
import { harmless, tableText } from "./table.ts";
import { ageText, cell, pastCells } from "./words.ts";

/** How fresh the picture is. */
export interface Freshness {
  readonly sources: readonly SourceHealth[];
  readonly revision: Revision;
  /** Unix seconds. */
  readonly now: number;
}

/** How to print. */
export interface ImpactTextOptions {
  readonly headers: boolean;
  readonly paint: Paint;
}

const HEADS = ["SERVICE", "PROCESS", "STATE", "DEGREE", "HOPS", "CERTAINTY", "PATH"];

/** The table form; the path is read from the one who is hit to what failed. */
export function impactTable(impact: Impact, freshness: Freshness, options: ImpactTextOptions): string {
  const rows = impact.affected.map((row) => [
    ...[row.id, cell(row.process), stateText(row), row.degree, `${row.hops}`, row.certainty],
    row.path.slice(1).join(" > "),
  ]);
  const table = rows.length === 0 ? "" : `\n${tableText(HEADS, rows, options)}`;
  const told = `${past(impact, options)}${notes(impact)}${freshnessLine(freshness)}`;
  return `${verdictLine(impact, options.paint)}${table}\n${told}`;
}

/** The tree form: below each service that failed those who need it, by their shortest path. */
export function impactTree(impact: Impact, freshness: Freshness, { paint }: ImpactTextOptions): string {
  const rows = new Map(impact.affected.map((row) => [row.id, row]));
  const below = new Map<string, AffectedRow[]>();
  for (const row of impact.affected) {
    const parent = row.path.slice(1).find((id) => rows.has(id)) ?? row.path.at(-1) ?? "";
    below.set(parent, [...(below.get(parent) ?? []), row]);
  }
  const lines = impact.failed.flatMap(({ id, process }) => {
    const root = [id, process ?? "", paint(impact.hypothetical ? "" : impact.problem.state)];
    return [root.filter((word) => word !== "").join("  "), ...branches(below, id, "", paint, new Set([id]))];
  });
  const tree = lines.length === 0 ? "" : `\n${lines.map((line) => `${line}\n`).join("")}`;
  return `${verdictLine(impact, paint)}${tree}\n${notes(impact)}${freshnessLine(freshness)}`;
}

function branches(
  below: ReadonlyMap<string, readonly AffectedRow[]>,
  id: string,
  indent: string,
  paint: Paint,
  seen: Set<string>,
): string[] {
  const rows = (below.get(id) ?? []).filter((row) => !seen.has(row.id));
  return rows.flatMap((row, at) => {
    seen.add(row.id);
    const last = at === rows.length - 1;
    const line = `${indent}${last ? "└─ " : "├─ "}${rowText(row, paint)}`;
    return [line, ...branches(below, row.id, `${indent}${last ? "   " : "│  "}`, paint, seen)];
  });
}

function rowText(row: AffectedRow, paint: Paint): string {
  const name = row.port === null || row.process === null ? row.id : `${row.id} ${row.process}`;
  const state = row.ownState === null ? "" : paint(row.ownState);
  return [harmless(name), state, paint(row.degree)].filter((word) => word !== "").join("  ");
}

function stateText({ ownState, handling }: AffectedRow): string {
  const said = [
    handling.acknowledged ? "ack" : "",
    handling.inDowntime ? "downtime" : "",
    handling.stale ? "stale" : "",
  ];
  const marks = said.filter((word) => word !== "").join(", ");
  return marks === "" ? cell(ownState) : `${cell(ownState)} (${marks})`;
}

function verdictLine({ summary, problem }: Impact, paint: Paint): string {
  return `${harmless(summary).replace(problem.state, (state) => paint(state))}\n`;
}

/** What changed before it broke, as a small table. */
function past({ changesBefore = [] }: Impact, { paint }: ImpactTextOptions): string {
  const rows = changesBefore.map((change) => [" ", ...pastCells(change)]);
  return rows.length === 0
    ? ""
    : `Changed before it broke:\n${tableText(["", "", "", ""], rows, { headers: false, paint })}\n`;
}

function notes(impact: Impact): string {
  const { problem } = impact;
  const lines = [
    problem.output === "" ? "" : `Output: ${harmless(problem.output)}`,
    impact.explainedBy.length > 0 ? `Explained by: ${names(impact.explainedBy)}` : "",
    rootText(impact),
    facingText(impact),
    impact.explains.length > 0 ? `Explains: ${names(impact.explains)}` : "",
    problem.flapping ? "It is flapping." : "",
    relievedText(impact),
    leftOutText(impact),
    impact.safeToStop === undefined ? "" : `Verdict: ${harmless(impact.safeToStop.text)}.`,
    impact.unknownBeyond.length > 0
      ? `Unknown beyond: ${impact.unknownBeyond.map(harmless).join(", ")} (no fresh agent there, so there may be more)`
      : "",
  ].filter((line) => line !== "");
  return lines.map((line) => `${line}\n`).join("");
}

function leftOutText({ leftOut }: Impact): string {
  return leftOut === undefined
    ? ""
    : `Not listed: ${leftOut.services} services and ${leftOut.processes} processes farther away`;
}

function rootText({ rootProblem, hypothetical, problem }: Impact): string {
  if (!rootProblem || hypothetical) {
    return "";
  }
  return problem.stateType === "SOFT"
    ? "Potential root problem: nothing it depends on is broken, and the monitoring is not sure of it yet."
    : "Root problem: nothing it depends on is broken.";
}

function facingText({ internetFacing = [] }: Impact): string {
  return internetFacing.length === 0 ? "" : `Facing the Internet: ${internetFacing.map(harmless).join(", ")}`;
}

function relievedText({ relieved = [] }: Impact): string {
  const rows = relieved.map(({ id, from, to }) => `${id} (${from}, then ${to ?? "not at all"})`);
  return rows.length === 0 ? "" : `Relieved: ${rows.map(harmless).join(", ")}`;
}

function names(problems: readonly ProblemRef[]): string {
  return problems.map((problem) => harmless(titleOf(problem))).join(", ");
}

function freshnessLine({ sources, revision, now }: Freshness): string {
  const told = sources.map((health) => {
    const status = sourceStatus(health, now);
    const age = health.asOf > 0 ? `${ageText(health.asOf, now)} old` : "has said nothing yet";
    return `${health.source} ${age}${status === "OK" ? "" : ` (${status})`}`;
  });
  const engine = revision.at > 0 ? `engine ${ageText(revision.at, now)} ago` : "no sign of life of the engine";
  return `${[told.length === 0 ? "No monitoring source" : `Sources: ${told.join(", ")}`, engine].join("; ")}\n`;
}
