/** What-if: things assumed to be otherwise than they are. */

/** What can be assumed of a thing; `maintenance` is a failure somebody planned. */
export const ASSUMED_VERBS = ["down", "up", "maintenance"] as const;
export type AssumedVerb = (typeof ASSUMED_VERBS)[number];

/** One assumption about a service, a process, or a host with all that is on it. */
export interface Assumption {
  readonly verb: AssumedVerb;
  /** Id of a service or process, or a host's name. */
  readonly id: string;
}

/** Reads `VERB:ID`; undefined where it is none. */
export function parseAssumption(text: string): Assumption | undefined {
  const verb = ASSUMED_VERBS.find((each) => text.startsWith(`${each}:`));
  const id = verb === undefined ? "" : text.slice(verb.length + 1);
  return verb === undefined || id === "" ? undefined : { verb, id };
}

/** Ids of those assumptions that have one of the verbs. */
export function assumedIds(assumed: readonly Assumption[], ...verbs: readonly AssumedVerb[]): string[] {
  return assumed.filter(({ verb }) => verbs.includes(verb)).map(({ id }) => id);
}
