/** Whether one thing depends on another, and over what. */
import { compareIds } from "../model/compare.ts";
import { parseId } from "../model/ids.ts";
import { CERTAINTIES, type Certainty } from "../model/impact.ts";
import { type NeedStep, walkNeeds } from "./walk-needs.ts";
import type { GraphLoader } from "./what-if.ts";

/** The answer, as `-o json` prints it. `path` is null where neither depends on the other. */
export interface DependencyPath {
  readonly apiVersion: "dotm/v1";
  readonly kind: "Path";
  /** Who depends, and on what; as asked where neither does. */
  readonly from: string;
  readonly to: string;
  /** Ids from the dependent to what it needs. */
  readonly path: readonly string[] | null;
  /** Dependencies between different processes. */
  readonly hops: number | null;
  /** Of the weakest step; `guessed` where the way leads through a host of which no agent tells what needs what. */
  readonly certainty: Certainty | "guessed" | null;
}

/**
 * The shortest way by which `a` depends on `b`, among shortest ones the surest; where there is none the one by which `b`
 * depends on `a`. Both are ids or host names, a host standing for all its services and processes.
 */
export async function findPath(loader: GraphLoader, a: string, b: string): Promise<DependencyPath> {
  const [fromA, fromB] = [await idsOf(loader, a), await idsOf(loader, b)];
  const there = await nearest(loader, fromA, fromB);
  const back = there === undefined ? await nearest(loader, fromB, fromA) : undefined;
  const ends = back === undefined ? { from: a, to: b } : { from: b, to: a };
  const step = there ?? back;
  return {
    apiVersion: "dotm/v1",
    kind: "Path",
    ...ends,
    path: step?.path ?? null,
    hops: step?.hops ?? null,
    certainty: step === undefined ? null : (CERTAINTIES[step.certainty] ?? "guessed"),
  };
}

async function idsOf(loader: GraphLoader, name: string): Promise<string[]> {
  if (parseId(name) !== undefined) {
    return [name];
  }
  const graph = (await loader.graphs([name])).get(name);
  return (graph?.nodes ?? []).map(({ id }) => id);
}

async function nearest(
  loader: GraphLoader,
  from: readonly string[],
  to: readonly string[],
): Promise<NeedStep | undefined> {
  const goal = new Set(to);
  const { steps } = await walkNeeds(loader, from, { goal });
  return [...steps.values()]
    .filter(({ id }) => goal.has(id))
    .sort((a, b) => a.hops - b.hops || a.certainty - b.certainty || compareIds(a.path.join(), b.path.join()))[0];
}
