/** What a source should tell of the site, and what it may tell otherwise for a reason. */
import type { CheckStatus, MonitoredCheck, MonitoredHost } from "../../../src/model/monitoring.ts";
import type { MonitoringComment, MonitoringDowntime } from "../../../src/model/monitoring-notes.ts";

type Times = "lastCheck" | "lastChange" | "lastHardChange";

/** A status; times are Unix seconds, null where nothing is expected of them. */
export type ExpectedStatus = Omit<CheckStatus, Times> & Readonly<Record<Times, number | null>>;

/** What is compared of a comment. */
export type ExpectedComment = Pick<MonitoringComment, "host" | "check" | "origin" | "author" | "text">;

/** What is compared of a downtime. */
export type ExpectedDowntime = Pick<
  MonitoringDowntime,
  "host" | "check" | "author" | "text" | "fixed" | "inEffect" | "end"
>;

/** What is told instead: other fields; nothing at all (null); or what was expected (undefined). */
type Instead<T> = (expected: T) => Partial<T> | null | undefined;

/**
 * A known and unavoidable way in which a server or a source is unlike the others. It is asserted: where it does not
 * show, the suite fails as well.
 */
export interface Deviation {
  /** Why it is so, as one would tell a user. */
  readonly reason: string;
  readonly status?: Instead<ExpectedStatus>;
  readonly host?: Instead<MonitoredHost>;
  readonly check?: Instead<MonitoredCheck>;
  readonly comment?: Instead<ExpectedComment>;
  readonly downtime?: Instead<ExpectedDowntime>;
}

/** The kinds of things that deviations speak of, and what each is. */
export interface Told {
  readonly status: ExpectedStatus;
  readonly host: MonitoredHost;
  readonly check: MonitoredCheck;
  readonly comment: ExpectedComment;
  readonly downtime: ExpectedDowntime;
}

/** The deviations of a source, which remember whether they ever showed. */
export class Deviations {
  readonly #all: readonly Deviation[];
  readonly #shown = new Set<Deviation>();

  constructor(all: readonly Deviation[]) {
    this.#all = all;
  }

  /** What the source tells where `expected` is right; undefined where it tells nothing. */
  apply<K extends keyof Told>(kind: K, expected: Told[K]): Told[K] | undefined {
    let told = expected;
    for (const deviation of this.#all) {
      const instead = (deviation[kind] as Instead<Told[K]> | undefined)?.(told);
      if (instead !== undefined) {
        this.#shown.add(deviation);
      }
      if (instead === null) {
        return undefined;
      }
      told = { ...told, ...instead };
    }
    return told;
  }

  /** Reasons of those that never showed. */
  unseen(): string[] {
    return this.#all.filter((deviation) => !this.#shown.has(deviation)).map(({ reason }) => reason);
  }
}

/** Seconds by which times may differ: servers cut them to whole seconds, and a command takes its time. */
const SLACK = 2;

/** What was told, with times that are near enough to those expected replaced by them, so that the rest can be compared. */
export function alike(told: CheckStatus | undefined, expected: ExpectedStatus): ExpectedStatus | undefined {
  const near = (time: Times): number | null => {
    const should = expected[time];
    const is = told?.[time] ?? 0;
    return should === null || Math.abs(is - should) <= SLACK ? should : is;
  };
  return (
    told && {
      ...told,
      lastCheck: near("lastCheck"),
      lastChange: near("lastChange"),
      lastHardChange: near("lastHardChange"),
    }
  );
}
