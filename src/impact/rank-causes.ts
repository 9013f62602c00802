/** Which of the current problems most likely caused one of them: a sum of parts that a person can add up again. */
import { compareIds } from "../model/compare.ts";
import { checkKey } from "../model/ids.ts";
import type { Problem } from "../model/impact.ts";
import type { PastChange } from "../model/past-change.ts";
import { bondsOf, type Cause, type CauseScene, explanations, keyOf } from "./cause-bonds.ts";
import {
  type Around,
  agreementPart,
  bottomPart,
  certaintyPart,
  hopsPart,
  reachPart,
  sharePart,
  struckBy,
} from "./cause-parts.ts";
import { type Judged, statePart, timePart } from "./cause-signs.ts";

/** Most points each part can give; together 100. */
export const WEIGHTS = Object.freeze({
  reach: 20,
  bottom: 20,
  time: 20,
  agreement: 15,
  share: 10,
  state: 8,
  certainty: 4,
  hops: 3,
});

/** Name of a part. */
export type PartName = keyof typeof WEIGHTS;

/** One line of the sum: `points` is `weight` times `value` (0 to 1), to a tenth. */
export interface CausePart {
  readonly name: PartName;
  readonly weight: number;
  readonly value: number;
  readonly points: number;
  readonly text: string;
}

/** One problem that may be the cause. */
export interface CauseCandidate {
  readonly host: string;
  readonly check: string | null;
  readonly state: Problem["state"];
  /** ISO 8601, UTC, or null. */
  readonly since: string | null;
  /** Sum of the points of all parts, 0 to 100. */
  readonly score: number;
  readonly parts: readonly CausePart[];
  /** Ids from the problem's service to the candidate's; empty where none is known. */
  readonly path: readonly string[];
  readonly rootProblem: boolean;
  /** What changed before it began, nearest first. */
  readonly changesBefore: readonly PastChange[];
}

/** What is printed as JSON: the candidates, most likely first. */
export interface CauseRanking {
  readonly apiVersion: "dotm/v1";
  readonly kind: "CauseRanking";
  readonly problem: Problem;
  readonly candidates: readonly CauseCandidate[];
}

/** Ranks the causes of a problem; the same input in any order gives the same answer. */
export function rankCauses(scene: CauseScene): CauseRanking {
  const links = explanations(scene.impacts);
  const causes = bondsOf(scene, links);
  const around = { causes: new Map(causes.map((cause) => [keyOf(cause.impact), cause])), links };
  const candidates = causes
    .map((cause) => candidateOf(cause, scene, around))
    .sort((a, b) => b.score - a.score || compareIds(checkKey(a.host, a.check), checkKey(b.host, b.check)));
  return { apiVersion: "dotm/v1", kind: "CauseRanking", problem: scene.problem.problem, candidates };
}

function candidateOf(cause: Cause, scene: CauseScene, around: Around): CauseCandidate {
  const { problem } = cause.impact;
  const asked = scene.problem.problem;
  const struck = struckBy(cause, around);
  const judged: Record<PartName, Judged> = {
    reach: reachPart(cause, asked, struck),
    bottom: bottomPart(cause, scene, around),
    time: timePart(asked.since, problem.since),
    agreement: agreementPart(struck ?? cause),
    share: sharePart(cause, struck, scene, around),
    state: statePart(asked, problem),
    certainty: certaintyPart(cause),
    hops: hopsPart(cause),
  };
  const parts = (Object.keys(WEIGHTS) as PartName[]).map((name) => {
    const { value, text } = judged[name];
    return { name, weight: WEIGHTS[name], value: hundredth(value), points: tenth(WEIGHTS[name] * value), text };
  });
  const score = tenth(parts.reduce((sum, { points }) => sum + points, 0));
  const { host, check, state, since } = problem;
  return {
    host,
    check,
    state,
    since,
    score,
    parts,
    path: cause.step?.path ?? [],
    rootProblem: cause.impact.rootProblem,
    changesBefore: cause.impact.changesBefore ?? [],
  };
}

function tenth(number: number): number {
  return Math.round(number * 10) / 10;
}

function hundredth(number: number): number {
  return Math.round(number * 100) / 100;
}
