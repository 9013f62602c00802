/** Which problems are told to webhooks: root problems when they become hard, and their end. Pure. */
import type { Changes } from "../model/changes.ts";
import type { Impact } from "../model/impact.ts";

/** One thing to tell. */
export interface Announcement {
  readonly event: "problem" | "recovery";
  /** The problem; at its end as it was last. */
  readonly impact: Impact;
}

/** Remembers what was told. */
export class AnnouncedProblems {
  private readonly told = new Map<string, Impact>();
  private readonly since: number;

  /** Problems that began before `since`, Unix seconds, were told by whoever led then. */
  constructor(since: number) {
    this.since = since;
  }

  /** What is to be told now, by the key of its problem. */
  take({ impacts }: Pick<Changes, "impacts">): Map<string, Announcement> {
    const news = new Map<string, Announcement>();
    for (const [key, impact] of impacts) {
      const announcement = impact === null ? this.end(key) : this.begin(key, impact);
      if (announcement !== undefined) {
        news.set(key, announcement);
      }
    }
    return news;
  }

  private end(key: string): Announcement | undefined {
    const impact = this.told.get(key);
    this.told.delete(key);
    return impact === undefined ? undefined : { event: "recovery", impact };
  }

  private begin(key: string, impact: Impact): Announcement | undefined {
    const isTold = this.told.has(key);
    if (isTold || isWorthTelling(impact)) {
      this.told.set(key, impact);
    }
    return isTold || !this.told.has(key) || this.isOlder(impact) ? undefined : { event: "problem", impact };
  }

  private isOlder({ problem }: Impact): boolean {
    return problem.since !== null && Date.parse(problem.since) / 1_000 < this.since;
  }
}

function isWorthTelling({ problem, rootProblem, hypothetical }: Impact): boolean {
  return rootProblem && !hypothetical && problem.stateType === "HARD" && !problem.handled && !problem.stale;
}
