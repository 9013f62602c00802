/** Open problems as pages list them. */
import { titleOf } from "../model/ids.ts";
import { affectedServices, type Impact, type ProblemRef } from "../model/impact.ts";
import { toneOf } from "../render/palette.ts";
import { momentOfIso } from "./ages.ts";
import { linkTo } from "./links.ts";

/** One line of the table of problems. */
export function problemRow(impact: Impact, root: string, suffix: string, now: number) {
  const { problem, affected, explainedBy, rootProblem } = impact;
  const services = affectedServices(impact);
  return {
    host: problem.host,
    check: problem.check ?? "host itself",
    href: linkTo(root, { host: problem.host, check: problem.check }, suffix),
    state: problem.state,
    tone: toneOf(problem.state),
    soft: problem.stateType === "SOFT",
    marks: marksOf(impact),
    since: momentOfIso(problem.since, now),
    affected: services,
    processes: affected.filter(({ port }) => port === null).length + (impact.leftOut?.processes ?? 0),
    atLeast: impact.unknownBeyond.length > 0,
    root: rootProblem,
    explainedBy: explainedBy.slice(0, 3).map((ref) => problemLink(ref, root, suffix)),
    more: Math.max(0, explainedBy.length - 3),
    output: problem.output,
  };
}

/** A problem as a link. */
export function problemLink(ref: ProblemRef, root: string, suffix: string) {
  return { name: titleOf(ref), href: linkTo(root, ref, suffix) };
}

function marksOf({ problem }: Impact): string[] {
  return [
    ...(problem.acknowledged ? ["acknowledged"] : []),
    ...(problem.inDowntime ? ["in downtime"] : []),
    ...(problem.flapping ? ["flapping"] : []),
    ...(problem.stale ? ["stale"] : []),
  ];
}
