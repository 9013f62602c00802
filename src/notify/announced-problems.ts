/** Which problems are told to webhooks: root problems when they become hard, and their end. Pure. */
import type { Changes } from "../model/changes.ts";
import type { Impact } from "../model/impact.ts";
import { notAfter } from "../model/set-back.ts";

/** One thing to tell. */
export interface Announcement {
  readonly event: "problem" | "recovery";
  /** The problem; at its end as it was last. */
  readonly impact: Impact;
}

/** Remembers what was told. */
export class AnnouncedProblems {
  private readonly told = new Map<string, Impact>();
  private begun: number;
  private readonly ttl: number;

  /** Problems that began more than `ttl` seconds before `begun`, Unix seconds, were told by whoever led then. */
  constructor(begun: number, ttl: number) {
    this.begun = begun;
    this.ttl = ttl;
  }

  /** What is to be told as of `now`, Unix seconds, by the key of its problem. */
  take({ impacts }: Pick<Changes, "impacts">, now: number): Map<string, Announcement> {
    // Where the clock was ahead at the beginning, nothing would be new until it has caught up.
    this.begun = notAfter(this.begun, now);
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
    return problem.since !== null && Date.parse(problem.since) / 1_000 < this.begun - this.ttl;
  }
}

function isWorthTelling({ problem, rootProblem, hypothetical }: Impact): boolean {
  return rootProblem && !hypothetical && problem.stateType === "HARD" && !problem.handled && !problem.stale;
}
