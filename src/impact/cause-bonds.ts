/** Which current problems can be the cause of one at all, and by what they hang together. */
import { compareIds } from "../model/compare.ts";
import { checkKey, INTERNET } from "../model/ids.ts";
import type { Impact } from "../model/impact.ts";
import { GUESSED, type Needed, type NeedStep, needsBelow } from "./walk-needs.ts";

/** What causes are ranked from. */
export interface CauseScene {
  /** The problem asked about. */
  readonly problem: Impact;
  /** All current problems, in any order. */
  readonly impacts: readonly Impact[];
  /** Everything the problem's services need. */
  readonly needed: Needed;
  /** Hosts on the way from the monitoring server. */
  readonly parentsOf: (host: string) => readonly string[];
}

/** By what a candidate hangs together with the problem, strongest first. */
export type Bond = "explains" | "front" | "guessed" | "mutual" | "beside" | "unseen";

/** A candidate. */
export interface Cause {
  readonly impact: Impact;
  readonly bond: Bond;
  /** The nearest service it broke, or the nearest of its host; undefined where no way is known. */
  readonly step: NeedStep | undefined;
  /** Keys of the candidates that may explain this one. */
  readonly explainers: ReadonlySet<string>;
}

/** Who explains whom, over any number of steps. */
export interface Explanations {
  readonly above: (impact: Impact) => ReadonlySet<string>;
  readonly below: (impact: Impact) => ReadonlySet<string>;
}

/** The transitive answers of the given impacts; keys are `checkKey`. */
export function explanations(impacts: readonly Impact[]): Explanations {
  return { above: follower(impacts, "explainedBy"), below: follower(impacts, "explains") };
}

/** What one problem names on one side; `hosts` are those of them that are hosts. */
interface Named {
  readonly isHost: boolean;
  readonly all: readonly string[];
  readonly hosts: readonly string[];
}

/** Follows one side over any number of steps; each answer is found once. */
function follower(impacts: readonly Impact[], side: "explainedBy" | "explains"): Explanations["above"] {
  const named = new Map(impacts.map((impact) => [keyOf(impact), namedBy(impact, side)]));
  const known = new Map<string, Set<string>>();
  return (impact) => {
    const key = keyOf(impact);
    const found = known.get(key) ?? follow(named, key);
    known.set(key, found);
    return found;
  };
}

function namedBy({ problem, ...impact }: Impact, side: "explainedBy" | "explains"): Named {
  const keys = (refs: Impact["explains"]) => refs.map(({ host, check }) => checkKey(host, check));
  const hosts = impact[side].filter(({ check }) => check === null);
  return { isHost: problem.check === null, all: keys(impact[side]), hosts: keys(hosts) };
}

/**
 * What dependencies explain is complete after one step already; only hosts, which explain their checks whatever depends
 * on them, lead further.
 */
function follow(named: ReadonlyMap<string, Named>, from: string): Set<string> {
  const found = new Set<string>();
  const queue = [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const { isHost = false, all = [] } = named.get(at) ?? {};
    const next = [...all, ...all.flatMap((key) => named.get(key)?.hosts ?? [])];
    for (const key of next.filter((each) => each !== from && named.has(each) && !found.has(each))) {
      found.add(key);
      queue.push(...(isHost || named.get(key)?.isHost === true ? [key] : []));
    }
  }
  return found;
}

/** All candidates, by key. */
export function bondsOf(scene: CauseScene, links: Explanations): Cause[] {
  const own = keyOf(scene.problem);
  const above = links.above(scene.problem);
  const nearest = nearestOfHosts(scene);
  const front = hostsInFront([...nearest.keys()], scene.parentsOf);
  const blind = isBlind(scene);
  const below = links.below(scene.problem);
  const candidates = scene.impacts.filter((impact) => keyOf(impact) !== own && impact.problem.state !== "UNREACHABLE");
  const bound = candidates
    .flatMap((impact) => {
      const step = nearestFailed(impact, scene.needed.steps);
      const unseen = blind && impact.unknownBeyond.length > 0 && !below.has(keyOf(impact)) ? "unseen" : undefined;
      const bond = above.has(keyOf(impact)) ? "explains" : (otherBond(impact, step, nearest, front) ?? unseen);
      const way = step ?? nearest.get(impact.problem.host);
      return bond === undefined ? [] : [{ impact, bond, step: way }];
    })
    .sort((a, b) => compareIds(keyOf(a.impact), keyOf(b.impact)));
  const needsOf = new Map(bound.map(({ impact }) => [impact, needsBelow(scene.needed.needs, idsOf(impact))]));
  return bound.map((cause) => ({ ...cause, explainers: explainersOf(cause.impact, bound, needsOf, links) }));
}

/** Whether a host without agent is needed, so that ways may lead on unseen. */
function isBlind({ problem, needed }: CauseScene): boolean {
  const hosts = new Set([...needed.steps.values()].map(({ host }) => host));
  return [problem.problem.host, ...hosts].some(
    (host) => host !== INTERNET && needed.graphs.get(host)?.agent !== "fresh",
  );
}

type Bound = Omit<Cause, "explainers">;

/** Those known to explain it, those it needs by guess, and those that speak of its host as such. */
function explainersOf(
  impact: Impact,
  all: readonly Bound[],
  needsOf: ReadonlyMap<Impact, ReadonlySet<string>>,
  links: Explanations,
): Set<string> {
  const known = links.above(impact);
  const needs = needsOf.get(impact);
  const own = idsOf(impact);
  const explains = ({ impact: other, bond }: Bound): boolean => {
    if (other === impact || bond === "unseen") {
      return false;
    }
    if (bond === "beside") {
      return own.length > 0 && other.problem.host === impact.problem.host && impact.problem.check !== null;
    }
    const isNeeded = idsOf(other).some((id) => needs?.has(id));
    return known.has(keyOf(other)) || (isNeeded && !needsOf.get(other)?.has(own[0] ?? ""));
  };
  return new Set(all.filter(explains).map(({ impact: other }) => keyOf(other)));
}

function idsOf({ failed }: Impact): string[] {
  return failed.map(({ id }) => id);
}

function otherBond(
  { problem, failed }: Impact,
  step: NeedStep | undefined,
  nearest: ReadonlyMap<string, NeedStep>,
  front: ReadonlySet<string>,
): Bond | undefined {
  if (step !== undefined) {
    return step.certainty === GUESSED ? "guessed" : "mutual";
  }
  if (problem.check === null && problem.state === "DOWN" && (front.has(problem.host) || nearest.has(problem.host))) {
    return "front";
  }
  return failed.length === 0 && nearest.has(problem.host) ? "beside" : undefined;
}

/** The nearest step on each host that is needed; the problem's own host is one. */
function nearestOfHosts({ problem, needed }: CauseScene): Map<string, NeedStep> {
  const { host } = problem.problem;
  const nearest = new Map<string, NeedStep>();
  for (const step of [...needed.steps.values()].sort(nearer)) {
    if (!nearest.has(step.host)) {
      nearest.set(step.host, step);
    }
  }
  if (!nearest.has(host)) {
    nearest.set(host, { id: host, host, hops: 0, certainty: 0, spared: false, path: [] });
  }
  return nearest;
}

function nearestFailed({ failed }: Impact, steps: ReadonlyMap<string, NeedStep>): NeedStep | undefined {
  return failed
    .map(({ id }) => steps.get(id))
    .filter((step) => step !== undefined)
    .sort(nearer)[0];
}

function nearer(a: NeedStep, b: NeedStep): number {
  return a.hops - b.hops || a.certainty - b.certainty || compareIds(a.id, b.id);
}

/** All hosts on the ways to the given ones. */
function hostsInFront(hosts: readonly string[], parentsOf: (host: string) => readonly string[]): Set<string> {
  const front = new Set<string>();
  const queue = hosts.flatMap((host) => [...parentsOf(host)]);
  for (let host = queue.pop(); host !== undefined; host = queue.pop()) {
    if (!front.has(host)) {
      front.add(host);
      queue.push(...parentsOf(host));
    }
  }
  return front;
}

/** Key of the problem of an impact. */
export function keyOf({ problem }: Impact): string {
  return checkKey(problem.host, problem.check);
}
