/** An impact as a restricted viewer reads it: all its rows, those of hidden hosts under names that tell nothing. */
import { summarize } from "../../impact/summary.ts";
import { compareIds } from "../../model/compare.ts";
import type { AffectedRow, FailedRow, Impact, Problem, ProblemRef } from "../../model/impact.ts";
import type { PastChange } from "../../model/past-change.ts";
import { graphLink } from "../../render/graph-link.ts";
import type { Mask } from "./mask.ts";

/** Masks an impact. Its rows are in the order of the names they are shown under, as those of a graph are. */
export function maskedImpact(impact: Impact, mask: Mask): Impact {
  const { apiVersion, kind, hypothetical, rootProblem, computedAt, leftOut, internetFacing, changesBefore } = impact;
  const problem = maskedProblem(impact.problem, mask);
  const hosts = (names: readonly string[]) => names.map((name) => mask.host(name)).sort();
  const refs = (all: readonly ProblemRef[]) =>
    all
      .map((ref) => maskedRef(ref, mask))
      .sort((a, b) => compareIds(a.host, b.host) || compareIds(a.check ?? "", b.check ?? ""));
  const verdict = {
    ...{ apiVersion, kind, problem, hypothetical, rootProblem, computedAt },
    failed: impact.failed.map((row) => maskedRow(row, mask)).sort(byId),
    affected: impact.affected.map((row) => maskedAffected(row, mask)).sort((a, b) => a.hops - b.hops || byId(a, b)),
    hosts: hosts(impact.hosts),
    explainedBy: refs(impact.explainedBy),
    explains: refs(impact.explains),
    unknownBeyond: hosts(impact.unknownBeyond),
    ...(internetFacing === undefined ? {} : { internetFacing: internetFacing.map((id) => mask.id(id)) }),
    graph: `/${graphLink(problem)}`,
    ...(leftOut === undefined ? {} : { leftOut }),
    ...(changesBefore === undefined ? {} : { changesBefore: changesBefore.map((each) => maskedChange(each, mask)) }),
  };
  return { ...verdict, summary: summarize(verdict, Date.parse(computedAt) / 1000) };
}

function byId(a: FailedRow, b: FailedRow): number {
  return compareIds(a.id, b.id);
}

function maskedProblem(problem: Problem, mask: Mask): Problem {
  const { host, check, output, source } = problem;
  const named = { host: mask.host(host), check: mask.check(host, check), output: mask.about(host, output) };
  return { ...problem, ...named, source: source === null ? null : mask.text(source) };
}

function maskedRef({ host, check }: ProblemRef, mask: Mask): ProblemRef {
  return { host: mask.host(host), check: mask.check(host, check) };
}

function maskedRow({ id, host, port, process }: FailedRow, mask: Mask): FailedRow {
  return { id: mask.id(id), host: mask.host(host), port, process: mask.process(host, process) };
}

function maskedAffected(row: AffectedRow, mask: Mask): AffectedRow {
  const { degree, hops, certainty, ownState, propagatedState, handling } = row;
  const path = row.path.map((id) => mask.id(id));
  return { ...maskedRow(row, mask), degree, hops, certainty, ownState, propagatedState, handling, path };
}

function maskedChange({ kind, host, subject, at, secondsBefore }: PastChange, mask: Mask): PastChange {
  return { kind, host: mask.host(host), subject: mask.id(subject), at, secondsBefore };
}
