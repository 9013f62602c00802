/** The parts of the sum by which causes are ranked: each says what it is worth and why. */
import { titleOf } from "../model/ids.ts";
import type { Problem } from "../model/impact.ts";
import { isProblem } from "../model/state.ts";
import { type Bond, type Cause, type CauseScene, type Explanations, keyOf } from "./cause-bonds.ts";
import { isDown, type Judged, leadOf, statePart, timePart } from "./cause-signs.ts";

/** All candidates, by key, and who explains whom. */
export interface Around {
  readonly causes: ReadonlyMap<string, Cause>;
  readonly links: Explanations;
}

const REACH: Readonly<Record<Bond, Judged>> = {
  explains: { value: 1, text: "what it broke is needed" },
  front: { value: 0.9, text: "it stands in front of what is needed" },
  guessed: { value: 0.8, text: "what it broke is probably needed, through a host without agent" },
  mutual: { value: 0.4, text: "each needs what the other broke" },
  beside: { value: 0.3, text: "it speaks of no service, but of a host that is needed" },
  unseen: { value: 0, text: "no way to it is known, yet hosts without agent may hide one" },
};

/** How the candidate hangs together with the problem. */
export function reachPart({ bond, step }: Cause, asked: Problem, struck: Cause | undefined): Judged {
  const judged = REACH[bond];
  if (struck !== undefined) {
    return { value: 0.8, text: `it speaks of no service, but ${titleOf(struck.impact.problem)} broke right after it` };
  }
  // A lost stand-in slows things down; what is down altogether has lost all of them.
  const spared = step?.spared === true && bond !== "beside" && isDown(asked);
  return spared ? { value: judged.value / 2, text: `${judged.text}, yet others stand in for it` } : judged;
}

/** Past so many seconds a full disk or the like is no longer taken for what broke a service of its host. */
const RIGHT_AFTER = 900;

/** The service problem that began right after a grave problem of its host as such. */
export function struckBy({ impact, bond }: Cause, { causes }: Around): Cause | undefined {
  if (bond !== "beside" || impact.problem.state !== "CRITICAL") {
    return undefined;
  }
  return [...causes.values()].find((other) => {
    const lead = leadOf(other.impact.problem.since, impact.problem.since);
    return other.explainers.has(keyOf(impact)) && lead !== null && lead >= 0 && lead <= RIGHT_AFTER;
  });
}

/** The better a candidate is explained by another one, the less it is the bottom of the chain. */
export function bottomPart(cause: Cause, scene: CauseScene, around: Around): Judged {
  const own = cause.impact.problem;
  const explained = [...cause.explainers]
    .map((key) => around.causes.get(key))
    .filter((other) => other !== undefined)
    .map((other) => ({ problem: other.impact.problem, strength: explainingStrength(other, own, around) }))
    .sort((a, b) => b.strength - a.strength)[0];
  if (explained !== undefined && explained.strength > 0) {
    return { value: 1 - explained.strength, text: `explained itself by ${titleOf(explained.problem)}` };
  }
  const { host } = own;
  if (scene.needed.graphs.get(host)?.agent !== "fresh") {
    return { value: 0.7, text: `without an agent on ${host} nothing is known to explain it` };
  }
  return { value: 1, text: "nothing explains it" };
}

function explainingStrength(other: Cause, own: Problem, around: Around): number {
  const { problem } = other.impact;
  const fits = timePart(own.since, problem.since).value * statePart(own, problem).value;
  if (other.bond === "beside") {
    return struckBy(other, around) === undefined ? 0 : 0.6 * fits;
  }
  return fits * (other.bond === "mutual" ? 0.3 : 1) * (other.step?.spared === true && isDown(own) ? 0.5 : 1);
}

/** How much of all the trouble it explains. */
export function sharePart(cause: Cause, struck: Cause | undefined, { impacts }: CauseScene, around: Around): Judged {
  const others = impacts.length - 1;
  const explained = new Set(struck === undefined ? [] : explainedBy(struck, around));
  const count = Math.max(explainedBy(cause, around).size, explained.size + (struck === undefined ? 0 : 1));
  const value = others > 0 ? Math.min(1, count / others) : 0;
  return { value, text: `explains ${count} of ${others} other problems` };
}

function explainedBy({ impact, bond }: Cause, { causes, links }: Around): Set<string> {
  const explained = new Set(links.below(impact));
  for (const [key, other] of causes) {
    if (bond !== "beside" && other.explainers.has(keyOf(impact))) {
      explained.add(key);
    }
  }
  return bond === "guessed" ? explained.add("") : explained;
}

/** Of all that needs it and has checks, how much is in trouble: a cause does not leave its dependents well. */
export function agreementPart({ impact }: Cause): Judged {
  const checked = impact.affected.filter(({ ownState }) => ownState !== null && ownState !== "PENDING");
  const troubled = checked.filter(({ ownState }) => ownState !== null && isProblem(ownState));
  if (checked.length === 0) {
    return { value: 0.5, text: "nothing that needs it has checks" };
  }
  const text = `of ${checked.length} checked that need it ${troubled.length} are in trouble`;
  return { value: troubled.length / checked.length, text };
}

const CERTAIN: readonly Judged[] = [
  { value: 1, text: "configured" },
  { value: 1, text: "both ends see the connections" },
  { value: 0.8, text: "one end sees the connections" },
  { value: 0.5, text: "connections of earlier" },
];

/** How sure the way is. */
export function certaintyPart({ bond, step }: Cause): Judged {
  if (bond === "unseen") {
    return { value: 0, text: "unseen" };
  }
  if (bond === "beside" || bond === "front") {
    return { value: 0.5, text: "by its host" };
  }
  const guessed = { value: 0.3, text: "guessed" };
  return step === undefined ? { value: 1, text: "by its host" } : (CERTAIN[step.certainty] ?? guessed);
}

/** How far it is. */
export function hopsPart({ bond, step }: Cause): Judged {
  if (bond === "unseen") {
    return { value: 0, text: "unknown" };
  }
  const hops = step?.hops ?? 0;
  return { value: 1 / (1 + hops / 4), text: hops === 1 ? "1 hop" : `${hops} hops` };
}
