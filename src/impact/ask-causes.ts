/** Answers "what broke first" from the stored picture. */
import type { HostGraph } from "../model/host-graph.ts";
import { processId } from "../model/ids.ts";
import type { Impact } from "../model/impact.ts";
import { UNKNOWN_PROCESS } from "../model/topology.ts";
import { type CauseRanking, rankCauses } from "./rank-causes.ts";
import { walkNeeds } from "./walk-needs.ts";

/** Problems read at once. */
const BITE = 200;

/** What is needed of the stored picture. */
export interface ProblemPicture {
  impact(host: string, check: string | null): Promise<Impact | undefined>;
  ranking(offset: number, limit: number): Promise<readonly { readonly host: string; readonly check: string | null }[]>;
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
}

/** All current impacts, as the ranking names them. */
async function allImpacts(picture: ProblemPicture): Promise<Impact[]> {
  const impacts: Impact[] = [];
  for (let offset = 0; ; offset += BITE) {
    const ranked = await picture.ranking(offset, BITE);
    const loaded = await Promise.all(ranked.map(({ host, check }) => picture.impact(host, check)));
    // One that recovered since the ranking was read has no impact any more.
    impacts.push(...loaded.filter((impact) => impact !== undefined));
    if (ranked.length < BITE) {
      return impacts;
    }
  }
}

/**
 * Ranks the causes of a current problem. Without a check, where the host itself is well, one ranking for each problem of
 * its checks. Empty where there is no such problem.
 */
export async function askCauses(picture: ProblemPicture, host: string, check: string | null): Promise<CauseRanking[]> {
  const impacts = await allImpacts(picture);
  const ofHost = impacts.filter(({ problem }) => problem.host === host);
  const exact = ofHost.filter(({ problem }) => problem.check === check);
  const asked = exact.length === 0 && check === null ? ofHost : exact;
  return Promise.all(asked.map((problem) => rankOne(picture, problem, impacts)));
}

async function rankOne(picture: ProblemPicture, problem: Impact, impacts: readonly Impact[]): Promise<CauseRanking> {
  const { host } = problem.problem;
  const failed = problem.failed.map(({ id }) => id);
  // Where no agent tells what a check speaks of, all that its host is seen to talk to may be why it fails.
  const guessed = failed.length === 0 && problem.unknownBeyond.includes(host);
  const needed = await walkNeeds(picture, guessed ? [processId(host, UNKNOWN_PROCESS)] : failed, { guessed });
  const parents = await parentsOf(picture, [host, ...needed.graphs.keys()], needed.graphs);
  return rankCauses({ problem, impacts, needed, parentsOf: (name) => parents.get(name) ?? [] });
}

/** Parents of the hosts, and theirs, and so on. */
async function parentsOf(
  picture: ProblemPicture,
  hosts: readonly string[],
  known: ReadonlyMap<string, HostGraph>,
): Promise<Map<string, readonly string[]>> {
  const parents = new Map<string, readonly string[]>();
  const loaded = new Map(known);
  let ring = [...new Set(hosts)];
  while (ring.length > 0) {
    const missing = ring.filter((host) => !loaded.has(host));
    for (const [host, graph] of missing.length > 0 ? await picture.graphs(missing) : []) {
      loaded.set(host, graph);
    }
    for (const host of ring) {
      parents.set(host, loaded.get(host)?.parents ?? []);
    }
    const next = new Set(ring.flatMap((host) => parents.get(host) ?? []));
    ring = [...next].filter((host) => !parents.has(host));
  }
  return parents;
}
