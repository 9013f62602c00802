/** What `dotm::impact::ranking` names. */
import { keys, parseProblemMember } from "./keys.ts";
import { MOST_PROBLEMS } from "./long-values.ts";
import type { RedisClient } from "./redis.ts";
import { askNames, type OnRefused } from "./run-commands.ts";

/** Its members, no more than DOTM writes. */
export function rankedMembers(client: RedisClient, onRefused: OnRefused): Promise<string[]> {
  return askNames(client, { key: keys.ranking, words: ["zrange", keys.ranking, 0, MOST_PROBLEMS - 1] }, onRefused);
}

/** The keys of their impacts; members that name no problem have none. */
export async function impactKeys(client: RedisClient, onRefused: OnRefused): Promise<string[]> {
  const members = await rankedMembers(client, onRefused);
  return members.flatMap((member) => {
    const problem = parseProblemMember(member);
    return problem === undefined ? [] : [keys.impact(problem.host, problem.check)];
  });
}
