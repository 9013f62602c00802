/** The answer to "what else is hit": the shapes that `dotm impact -o json`, the API and Redis share. */
import type { Assumption } from "./assumption.ts";
import type { PastChange } from "./past-change.ts";
import type { Handling, State, StateType } from "./state.ts";

/** How hard a dependent is hit, strongest first: by CRITICAL or DOWN; by WARNING or lost redundancy; by SOFT, UNKNOWN or an ambiguous mapping. */
export type Degree = "affected" | "degraded" | "potential";

/** How sure an edge is, best first. */
export const CERTAINTIES = ["configured", "both", "one", "remembered"] as const;
export type Certainty = (typeof CERTAINTIES)[number];

/** The problem asked about; `check` null is the host itself. Times are ISO 8601, UTC. */
export interface Problem {
  readonly host: string;
  readonly check: string | null;
  readonly state: State;
  readonly stateType: StateType;
  readonly since: string | null;
  readonly source: string | null;
  readonly handled: boolean;
  readonly acknowledged: boolean;
  readonly inDowntime: boolean;
  readonly flapping: boolean;
  readonly stale: boolean;
  readonly output: string;
}

/** A service or process that the problem broke. `port` is null for a process. */
export interface FailedRow {
  readonly id: string;
  readonly host: string;
  readonly port: number | string | null;
  readonly process: string | null;
}

/** A service, or a process without a service, that needs what failed. */
export interface AffectedRow extends FailedRow {
  readonly degree: Degree;
  /** Dependencies between different processes on the path. */
  readonly hops: number;
  readonly certainty: Certainty;
  readonly ownState: State | null;
  readonly propagatedState: State;
  readonly handling: Partial<Handling>;
  /** Ids from this row to what failed. */
  readonly path: readonly string[];
}

/** A service or process that would be hit less than now; `to` null where not at all. */
export interface RelievedRow extends FailedRow {
  readonly from: Degree;
  readonly to: Degree | null;
}

/**
 * Whether what is assumed down can be stopped: `no` where something would fail that does not fail now, `reduced` where
 * something would only be weakened, `unknown` where hosts without a fresh agent may hide dependents.
 */
export interface SafeToStop {
  readonly verdict: "yes" | "reduced" | "unknown" | "no";
  readonly text: string;
}

/** Numbers of rows that are not listed. */
export interface LeftOut {
  readonly services: number;
  readonly processes: number;
}

/** Number of affected services, those left out of the rows included. */
export function affectedServices({ affected, leftOut }: Pick<Impact, "affected" | "leftOut">): number {
  return affected.filter(({ port }) => port !== null).length + (leftOut?.services ?? 0);
}

/** A problem named by another one. */
export interface ProblemRef {
  readonly host: string;
  readonly check: string | null;
}

/** DESIGN's Impact: one problem and everything that needs what it broke. */
export interface Impact {
  readonly apiVersion: "dotm/v1";
  readonly kind: "Impact";
  readonly problem: Problem;
  readonly failed: readonly FailedRow[];
  /** Nearest first, then by name. */
  readonly affected: readonly AffectedRow[];
  readonly hosts: readonly string[];
  /** True where no such problem is there now: the answer of what-if. */
  readonly hypothetical: boolean;
  readonly rootProblem: boolean;
  readonly explainedBy: readonly ProblemRef[];
  readonly explains: readonly ProblemRef[];
  /** Hosts reached that have no fresh agent: what lies beyond them is not known. */
  readonly unknownBeyond: readonly string[];
  /** Ids of failed and affected services that the Internet is connected to. */
  readonly internetFacing?: readonly string[];
  readonly summary: string;
  readonly computedAt: string;
  /** Path and query of the picture. */
  readonly graph: string;
  /** Rows left out of `affected`, those farthest away: only where very many problems take very much with them. */
  readonly leftOut?: LeftOut;
  /** Of a root problem: what changed before it began, nearest first. */
  readonly changesBefore?: readonly PastChange[];
  /** Of what-if: what was assumed. */
  readonly assumed?: readonly Assumption[];
  /** Of what-if with things assumed up: what would be hit less than now. */
  readonly relieved?: readonly RelievedRow[];
  /** Of what-if with things assumed down or in maintenance. */
  readonly safeToStop?: SafeToStop;
}
